"""Handing messages to the broker: at once after commit, and again until they are acknowledged.

The broker is a pipe, not a store: a system that is away must not fill it. What may lie in it for one
system is bounded in bytes; the rest waits in the outbox.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db.models import F, Sum
from django.utils import timezone
from kombu.exceptions import ChannelError

from beian.celery import CORRELATION_HEADER, app, node_queue
from beian.exchange.envelope import envelope_of
from beian.models import Node
from beian.models.message import Message, MessageState
from beian.records import as_json

log = structlog.get_logger("beian.exchange")

PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 600, 1800, 3600, 2 * 3600, 4 * 3600, 6 * 3600)
)
"""How long to wait for an acknowledgement after the first, second ... sending; then always the last."""

IN_FLIGHT = 16 * 1024 * 1024
"""Bytes of message bodies that may lie in the broker for one system."""

AT_ONCE = 2000
"""Messages to one system in one sweep."""

DELIVER = "beian.exchange.deliver"

_PARTIES = ("hop", "holder", "source", "destination")


def pause_after(tries: int) -> timedelta:
    """Give the pause after the `tries`-th sending (from 1)."""
    return PAUSES[min(tries, len(PAUSES)) - 1]


def push(pk: int) -> None:
    """Send one message now, unless it is not due or its system has enough in flight."""
    message = Message.objects.due().select_related(*_PARTIES).filter(pk=pk).first()
    if message is not None and _fits(message.size, _in_flight(message.hop)):
        _send(message)


def sweep() -> int:
    """Send all that is due, as far as the bounds allow; stop what nobody took for days. Gives the number sent."""
    _stop_old()
    hops = Message.objects.served().due().order_by().values("hop").distinct()
    return sum(_sweep_hop(hop) for hop in Node.objects.filter(pk__in=hops))


def _sweep_hop(hop: Node) -> int:
    if _queue_is_empty(hop):
        # Whatever was sent earlier has been taken out of the broker, or lost with it.
        Message.objects.filter(hop=hop, copies__gt=0).update(copies=0)
    in_flight, sent = _in_flight(hop), 0
    due = Message.objects.served().due().filter(hop=hop).order_by("id").values_list("pk", "size")[:AT_ONCE]
    for pk, size in due:
        if not _fits(size, in_flight):
            break
        # One body at a time: two thousand of them need not stand in memory together.
        if _send(Message.objects.select_related(*_PARTIES).get(pk=pk)):
            in_flight += size
            sent += 1
    return sent


def _fits(size: int, in_flight: int) -> bool:
    """Whether there is room for one more; one message always has room, however large."""
    return not in_flight or in_flight + size <= IN_FLIGHT


def _in_flight(hop: Node) -> int:
    """Give the bytes that may lie in the broker for `hop`, each sending counted."""
    total = Message.objects.filter(hop=hop, copies__gt=0).aggregate(bytes=Sum(F("size") * F("copies")))["bytes"]
    return total or 0


def _send(message: Message) -> bool:
    """Take the message's turn, then publish: of two senders at once only one gets the turn."""
    now = timezone.now()
    taken = (
        Message.objects.due()
        .filter(pk=message.pk, tries=message.tries)
        .update(
            tries=F("tries") + 1,
            copies=F("copies") + 1,
            last_sent_at=now,
            due_at=now + pause_after(message.tries + 1),
        )
    )
    if taken:
        _publish(message)
    return bool(taken)


def _publish(message: Message) -> None:
    """Hand the envelope to the broker. Raises `OperationalError` where it does not answer."""
    app.send_task(
        DELIVER,
        args=[as_json(envelope_of(message)), message.hop.code, message.holder.code],
        queue=node_queue(message.hop.code),
        # The worker logs what it is told here, instead of the whole sealed body.
        argsrepr=f"{message.uid} {message.kind} {message.about}",
        headers={CORRELATION_HEADER: str(message.correlation)},
        retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0},
    )


def _stop_old() -> None:
    stopped = (
        Message.objects.served().due().filter(stop_at__lte=timezone.now()).update(state=MessageState.STOPPED, copies=0)
    )
    if stopped:
        log.warning("messages stopped", count=stopped)


def _queue_is_empty(hop: Node) -> bool:
    """Ask the broker. A queue that is empty does not exist on Redis."""
    with app.connection_for_read() as connection:
        try:
            queue = connection.default_channel.queue_declare(  # type: ignore[attr-defined]
                node_queue(hop.code), passive=True
            )
        except ChannelError:
            return True
    return bool(queue.message_count == 0)
