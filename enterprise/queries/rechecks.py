"""What is on file and was not found right for long, and what came of asking."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from beian.models import Node, Sponsor
from enterprise.models import Confirmation, How, RecheckRule

DAYS_OF_A_MONTH = 30.4375
RECENT_DAYS = 30


def holdings(provider: Node) -> QuerySet[Any]:
    """Give the holdings, each with when it was last found right, else filed (`last_found_right`), and asked."""
    known = Confirmation.objects.filter(provider=provider, sponsor_number=OuterRef("number"))
    return Sponsor.objects.held_by(provider).annotate(
        confirmed_at=Subquery(known.values("confirmed_at")),
        how=Subquery(known.values("how")),
        asked=Subquery(known.values("reminders")),
        asked_at=Subquery(known.values("reminded_at")),
        last_found_right=Coalesce(Subquery(known.values("confirmed_at")), F("last_modified")),
    )


def due(provider: Node, rule: RecheckRule) -> QuerySet[Any]:
    """Give the holdings that were not found right for as long as the rule says."""
    return holdings(provider).filter(last_found_right__lt=cutoff(rule))


def cutoff(rule: RecheckRule) -> datetime.datetime:
    """Give the moment before which what was found right counts no longer."""
    return timezone.now() - _term(rule)


def _term(rule: RecheckRule) -> datetime.timedelta:
    return datetime.timedelta(days=rule.months * DAYS_OF_A_MONTH)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What comes while nothing is due: how many holdings were never confirmed here, and when which come due first.

    What was never confirmed counts from the day of its last change on file. A moment is None where there is nothing.
    """

    holdings: int
    never: int
    never_due: datetime.datetime | None
    first_due: datetime.datetime | None


def ahead(provider: Node, rule: RecheckRule) -> Ahead:
    """Look at what comes due next. Two queries."""
    rows = Sponsor.objects.held_by(provider)
    known = Confirmation.objects.filter(
        provider=provider, sponsor_number=OuterRef("number"), confirmed_at__isnull=False
    )
    never = rows.filter(~Exists(known)).aggregate(count=Count("pk"), first=Min("last_modified"))
    found = holdings(provider).aggregate(count=Count("pk"), first=Min("last_found_right"))
    never_due, first_due = (each["first"] + _term(rule) if each["first"] else None for each in (never, found))
    return Ahead(found["count"], never["count"], never_due, first_due)


@dataclass(frozen=True, slots=True)
class Figures:
    """How a provider's stock stands: all, due, asked and not answered, and what was found right of late."""

    holdings: int
    due: int
    waiting: int
    exhausted: int
    recent: dict[str, int]


def figures(provider: Node, rule: RecheckRule) -> Figures:
    """Count. Three queries."""
    late = due(provider, rule)
    counts = late.aggregate(
        due=Count("pk"),
        waiting=Count("pk", filter=Q(asked__gt=0)),
        exhausted=Count("pk", filter=Q(asked__gte=rule.most_reminders)),
    )
    since = timezone.now() - datetime.timedelta(days=RECENT_DAYS)
    rows = Confirmation.objects.filter(provider=provider, confirmed_at__gte=since).order_by().values_list("how")
    recent = {str(How(how).label): count for how, count in rows.annotate(count=Count("pk")) if how}
    return Figures(holdings=Sponsor.objects.held_by(provider).count(), recent=recent, **counts)
