"""How far a piece for a provider has come: queued, fetched, acknowledged. The acknowledgement is the receipt."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from beian.web.components import Badge
from interface.models import Outcome

M = TypeVar("M", bound=Model)

QUEUED = Q(outcome__parcel=None, outcome__left_out="")
FETCHED = Q(outcome__parcel__times_fetched__gt=0, outcome__parcel__acknowledged_at=None)
ACKNOWLEDGED = Q(outcome__parcel__acknowledged_at__isnull=False)


def with_delivery(rows: QuerySet[M], path: str = "outcome") -> QuerySet[M]:
    """Read the piece and its parcel along with each row, without what they hold."""
    heavy = (f"{path}__body", f"{path}__parcel__content")
    return rows.select_related(f"{path}__parcel").defer(*heavy)


def delivery(outcome: Outcome | None) -> Badge | None:
    """Say in a word how far a piece has come; None where there is none."""
    if outcome is None:
        return None
    if outcome.parcel is None:
        return Badge("未下发", "bad") if outcome.left_out else Badge("排队待取")
    if outcome.parcel.acknowledged_at:
        return Badge("已确认收到", "good")
    return Badge("已取待确认", "info") if outcome.parcel.times_fetched else Badge("排队待取")


def delivery_note(outcome: Outcome | None) -> str:
    """Give what there is to say beside: when it was acknowledged, or why it was not handed out."""
    if outcome is None:
        return ""
    return outcome.left_out


def of_row(row: Any) -> Badge | None:
    """Give the delivery of a row that has an `outcome`, as a table's column wants it."""
    return delivery(row.outcome)
