"""What a bureau closed by order, and which of its providers acknowledged that they were told."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from beian.models import Event, Message, Node, NodeKind
from interface.models import Outcome, ParcelKind, ProviderAccount

VERBS = ("close_sponsor", "close_website", "close_domain")
KINDS = (ParcelKind.CANCELLED, ParcelKind.FILINGS)
"""In which parcels providers are told of it: what is gone, or a filing without a domain of it."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """What went to the bureau's providers about one order, and how many of these acknowledged it."""

    outcomes: tuple[Outcome, ...]

    @property
    def told(self) -> int:
        """Count the providers."""
        return len({outcome.account_id for outcome in self.outcomes})

    @property
    def acknowledged(self) -> int:
        """Count those that acknowledged all of it."""
        missing = {outcome.account_id for outcome in self.outcomes if not _is_acknowledged(outcome)}
        return self.told - len(missing)


def closures(bureau: Node) -> QuerySet[Event]:
    """Give the orders of a bureau, as the events that they are."""
    return Event.objects.filter(node=bureau, subject_kind="sponsor", verb__in=VERBS)


def receipts(bureau: Node, orders: Iterable[Event]) -> dict[uuid.UUID, Receipts]:
    """Give what came of several orders, by the order's correlation. Two queries."""
    orders = list(orders)
    accounts = list(ProviderAccount.objects.filter(bureau=bureau).values_list("pk", flat=True))
    rows = (
        Outcome.objects.filter(account__in=accounts, about__in={f"sponsor:{order.subject}" for order in orders})
        .filter(Q(correlation__in={order.correlation for order in orders}), kind__in=KINDS)
        .select_related("account__provider", "parcel")
        .defer("body", "parcel__content")
        .order_by("account__isp_id", "id")
    )
    found: dict[uuid.UUID, list[Outcome]] = defaultdict(list)
    for outcome in rows:
        found[outcome.correlation].append(outcome)
    return {order.correlation: Receipts(tuple(found[order.correlation])) for order in orders}


def bureaus_told(bureau: Node, order: Event) -> QuerySet[Message]:
    """Give the messages by which other bureaus are told, whose providers gave access."""
    return (
        Message.objects.filter(holder=bureau, correlation=order.correlation, destination__kind=NodeKind.BUREAU)
        .select_related("destination")
        .defer("body")
        .order_by("destination__code", "id")
    )


def _is_acknowledged(outcome: Outcome) -> bool:
    return outcome.parcel is not None and outcome.parcel.acknowledged_at is not None
