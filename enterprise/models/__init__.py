"""What a provider's system keeps beside its copy of the filings: one subject a module."""

from enterprise.models.answer import Answer
from enterprise.models.api import ApiToken, Delivery, DeliveryState, HandedFile, RepeatableCall, Scope, Webhook
from enterprise.models.appointment import Appointment, AppointmentQuerySet, AppointmentState, CounterSettings
from enterprise.models.case import Case, CaseQuerySet
from enterprise.models.claim import Claim
from enterprise.models.closure import Cut, CutKind
from enterprise.models.connection import Call, Connection
from enterprise.models.documents import Incoming, IncomingState, Outgoing, OutgoingState, Portion, PortionState
from enterprise.models.holding import HoldingChange, HoldingChangeKind
from enterprise.models.importing import ImportRun, ImportState
from enterprise.models.lists import Blacklisted, ReceivedCode
from enterprise.models.office import OfficeSettings
from enterprise.models.office_people import TeamMember
from enterprise.models.recheck import Confirmation, How, RecheckRule
from enterprise.models.sponsor import Agent, SponsorAccount
from enterprise.models.stock import ItemState, StockBatch, StockItem, StockPlan, StockScope
from enterprise.models.task import Task, TaskKind, TaskState
from enterprise.models.verification import (
    Piece,
    PieceKind,
    PieceQuerySet,
    PieceSource,
    Verification,
    VerificationQuerySet,
    VerificationState,
)

__all__ = [
    "Agent",
    "Answer",
    "ApiToken",
    "Appointment",
    "AppointmentQuerySet",
    "AppointmentState",
    "Blacklisted",
    "Call",
    "Case",
    "CaseQuerySet",
    "Claim",
    "Confirmation",
    "Connection",
    "CounterSettings",
    "Cut",
    "CutKind",
    "Delivery",
    "DeliveryState",
    "HandedFile",
    "HoldingChange",
    "HoldingChangeKind",
    "How",
    "ImportRun",
    "ImportState",
    "Incoming",
    "IncomingState",
    "ItemState",
    "OfficeSettings",
    "Outgoing",
    "OutgoingState",
    "Piece",
    "PieceKind",
    "PieceQuerySet",
    "PieceSource",
    "Portion",
    "PortionState",
    "ReceivedCode",
    "RecheckRule",
    "RepeatableCall",
    "Scope",
    "SponsorAccount",
    "StockBatch",
    "StockItem",
    "StockPlan",
    "StockScope",
    "Task",
    "TaskKind",
    "TaskState",
    "TeamMember",
    "Verification",
    "VerificationQuerySet",
    "VerificationState",
    "Webhook",
]
