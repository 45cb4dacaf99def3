"""Carrying messages by hand, for tests that need no broker."""

from __future__ import annotations

from beian.exchange.envelope import envelope_of
from beian.exchange.receiving import receive
from beian.models.message import Message, MessageState


def carry_all() -> list[str]:
    """Deliver what waits, and what that causes, until nothing waits; gives the kinds in order."""
    carried: list[str] = []
    while True:
        waiting = list(Message.objects.waiting().select_related("hop", "source", "destination").order_by("id"))
        if not waiting:
            return carried
        for message in waiting:
            receive(envelope_of(message), message.hop.code)
            Message.objects.filter(pk=message.pk).update(state=MessageState.ACKNOWLEDGED)
            carried.append(f"{message.kind} {message.source.code} → {message.hop.code}")
