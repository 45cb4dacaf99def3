"""Writing messages into the outbox."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from beian import events
from beian.exchange import dispatch
from beian.exchange.envelope import Envelope
from beian.models import Node, NodeKind, User
from beian.models.message import Message, MessageState

SEND_FOR = timedelta(days=7)
"""How long a message is sent again before it waits for somebody to look."""


class NotInTransaction(RuntimeError):
    """A message was sent outside a transaction: it could exist without the change it tells of."""


def send(
    source: Node,
    destination: Node,
    kind: str,
    body: dict[str, Any],
    correlation: uuid.UUID,
    *,
    about: str = "",
) -> Message:
    """Write a message into the outbox of `source`, in the caller's transaction.

    `body` is JSON and may hold personal data: it is sealed at once. `about` names the thing that it
    tells of ("sponsor:440000000000001"), without personal data. After commit it is on its way.
    Raises `NotInTransaction`.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{kind} from {source.code} to {destination.code}")
    envelope = Envelope(
        uid=uuid.uuid4(),
        serial=_next_serial(),
        source=source.code,
        destination=destination.code,
        kind=kind,
        about=about,
        correlation=correlation,
    ).seal(body)
    return put(envelope, holder=source, source=source, destination=destination)


def put(envelope: Envelope, *, holder: Node, source: Node, destination: Node) -> Message:
    """Put a sealed envelope into the outbox of `holder`, to be sent after commit."""
    message = Message.objects.create(
        uid=envelope.uid,
        serial=envelope.serial,
        holder=holder,
        hop=_next_hop(holder, destination),
        source=source,
        destination=destination,
        kind=envelope.kind,
        about=envelope.about,
        correlation=envelope.correlation,
        body=envelope.sealed,
        size=len(envelope.sealed),
        stop_at=timezone.now() + SEND_FOR,
    )
    _push_after_commit(message.pk)
    return message


def send_again(message: Message, actor: User) -> bool:
    """Send an unacknowledged message again now, for as long as a new one. False where it was acknowledged."""
    now = timezone.now()
    with transaction.atomic():
        changed = (
            Message.objects.unacknowledged()
            .filter(pk=message.pk)
            .update(state=MessageState.WAITING, tries=0, copies=0, due_at=now, stop_at=now + SEND_FOR, problem="")
        )
        if changed:
            events.record(
                "message",
                message.uid,
                "send_again",
                node=message.holder,
                actor=actor,
                correlation=message.correlation,
            )
            _push_after_commit(message.pk)
    return bool(changed)


def _push_after_commit(pk: int) -> None:
    """Send as soon as the row is there. Whatever goes wrong with the broker then, the sweeper sends it."""
    # Not a `partial`: Django logs the failure of a robust hook by its `__qualname__`.
    transaction.on_commit(lambda: dispatch.push(pk), robust=True)


def _next_hop(holder: Node, destination: Node) -> Node:
    """Bureau to bureau goes through the ministry."""
    if holder.kind == NodeKind.BUREAU and destination.kind == NodeKind.BUREAU:
        return Node.objects.get(kind=NodeKind.MINISTRY)
    return destination


def _next_serial() -> int:
    """Take the number that orders the messages of this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Message._meta.db_table])
        serial: int = cursor.fetchone()[0]
    return serial
