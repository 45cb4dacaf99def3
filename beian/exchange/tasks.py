"""The tasks that carry messages and their acknowledgements, and the sweeper."""

from __future__ import annotations

import uuid
from typing import Any

import structlog
from celery import shared_task
from django.utils import timezone

from beian.celery import app, node_queue
from beian.exchange import dispatch
from beian.exchange.envelope import Envelope
from beian.exchange.receiving import receive
from beian.exchange.registry import Refused
from beian.models.message import Message, MessageState
from beian.records import from_json

log = structlog.get_logger("beian.exchange")

ACKNOWLEDGE = "beian.exchange.acknowledge"
REFUSE = "beian.exchange.refuse"


@shared_task(name=dispatch.DELIVER)
def deliver(envelope: dict[str, Any], to: str, sender: str) -> None:
    """Deal with `envelope` at the node `to`, and answer the node `sender`, which handed it over.

    Only an acknowledgement ends the sender's tries; a refusal tells it why it has to go on.
    """
    message = from_json(envelope, Envelope)
    try:
        receipt = receive(message, to)
    except Exception as error:  # whatever it is, nothing was done, and the sender should know
        log.exception("message not handled", uid=str(message.uid), kind=message.kind, at=to)
        _answer(REFUSE, [str(message.uid), sender, _reason(error)], sender)
    else:
        log.info("message taken", uid=str(message.uid), kind=message.kind, at=to, receipt=str(receipt))
        _answer(ACKNOWLEDGE, [str(message.uid), sender], sender)


@shared_task(name=ACKNOWLEDGE)
def acknowledge(uid: str, holder: str) -> None:
    """The next system has taken the message over: it is sent no more, and its body is removed."""
    Message.objects.unacknowledged().filter(uid=uuid.UUID(uid), holder__code=holder).update(
        state=MessageState.ACKNOWLEDGED, acknowledged_at=timezone.now(), body=None, copies=0, problem=""
    )


@shared_task(name=REFUSE)
def refuse(uid: str, holder: str, problem: str) -> None:
    """Note why the next system could not take the message; it will be tried again."""
    Message.objects.unacknowledged().filter(uid=uuid.UUID(uid), holder__code=holder).update(problem=problem[:255])


@shared_task(name="beian.exchange.sweep")
def sweep() -> None:
    """Send again what is due."""
    dispatch.sweep()


def _answer(task: str, args: list[str], sender: str) -> None:
    app.send_task(task, args=args, queue=node_queue(sender))


def _reason(error: Exception) -> str:
    """Say why without quoting: the text of other exceptions may hold parts of the body."""
    return str(error) if isinstance(error, Refused) else f"处理失败：{type(error).__name__}"
