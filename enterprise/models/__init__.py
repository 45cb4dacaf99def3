"""What a provider's system keeps beside its copy of the filings: one subject a module."""

from enterprise.models.api import ApiToken, Delivery, DeliveryState, RepeatableCall, Scope, Webhook
from enterprise.models.case import Case, CaseQuerySet
from enterprise.models.connection import Call, Connection
from enterprise.models.documents import Incoming, IncomingState, Outgoing, OutgoingState
from enterprise.models.sponsor import Agent, SponsorAccount
from enterprise.models.task import Task, TaskKind, TaskState

__all__ = [
    "Agent",
    "ApiToken",
    "Call",
    "Case",
    "CaseQuerySet",
    "Connection",
    "Delivery",
    "DeliveryState",
    "Incoming",
    "IncomingState",
    "Outgoing",
    "OutgoingState",
    "RepeatableCall",
    "Scope",
    "SponsorAccount",
    "Task",
    "TaskKind",
    "TaskState",
    "Webhook",
]
