"""Stock verification (存量核验): which holdings a plan takes up, and how far it is."""

from __future__ import annotations

import csv
import io
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import CharField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.http import QueryDict
from django.utils import timezone

from beian.models import Node, Sponsor, User
from beian.web.filters import Filters, cases, choice, number, text
from enterprise.models import Case, Confirmation, ItemState, StockItem, StockPlan, StockScope
from enterprise.workflow import State

PENDING = (ItemState.OPEN, ItemState.CONTACTED, ItemState.APPOINTED)
SETTLED = tuple(state for state in ItemState if state not in PENDING)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
HEADER = ("批次", "负责人", "主体备案号", "主办者", "结果", "处理人", "处理时间", "说明", "申请")


def candidates(provider: Node, scope: str, condition: Mapping[str, Any], seed: str = "") -> QuerySet[Sponsor]:
    """Give the holdings that a plan of this scope takes up. `seed` fixes which ones a sample draws."""
    rows = Sponsor.objects.held_by(provider)
    known = Confirmation.objects.filter(provider=provider, sponsor_number=OuterRef("number"))
    if scope == StockScope.NEVER:
        return rows.filter(~Exists(known.exclude(verified_at=None)))
    if scope == StockScope.BEFORE:
        day = timezone.make_aware(datetime.combine(date.fromisoformat(condition["before"]), time.min))
        last = Coalesce(Subquery(known.values("verified_at")), F("last_modified"))
        return rows.annotate(last_verified=last).filter(last_verified__lt=day)
    if scope == StockScope.LEGACY:
        filed = Case.objects.at(provider).filter(sponsor_number=OuterRef("number"), state=State.FILED)
        return rows.filter(~Exists(filed))
    if scope == StockScope.LIST:
        return rows.filter(number__in=condition["numbers"])
    if scope == StockScope.SAMPLE:
        return _sample(rows, condition["percent"], seed)
    return rows


def _sample(rows: QuerySet[Sponsor], percent: float, seed: str) -> QuerySet[Sponsor]:
    """Draw at random, the same again for the same seed: by the digest of number and seed."""
    drawn = Func(Concat(Cast("number", CharField()), Value(f":{seed}")), function="md5")
    count = math.ceil(rows.count() * percent / 100)
    return rows.filter(pk__in=rows.annotate(drawn=drawn).order_by("drawn").values("pk")[:count])


@dataclass(slots=True)
class Progress:
    """How many items of something stand where."""

    by_state: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def total(self) -> int:
        """Give how many there are."""
        return sum(self.by_state.values())

    @property
    def settled(self) -> int:
        """Give how many are settled, whichever way."""
        return sum(self.by_state[state] for state in SETTLED)

    @property
    def percent(self) -> int:
        """Give whole percents, 100 only at the end."""
        return 100 if self.total and self.settled == self.total else self.settled * 100 // max(self.total, 1)

    @property
    def figures(self) -> list[tuple[str, int]]:
        """Give the states in words, with how many stand there."""
        return [(str(state.label), self.by_state[state]) for state in ItemState]


@dataclass(slots=True)
class Counted:
    """The progress of a plan: whole, by batch (id), by person (id; None where a batch is nobody's)."""

    whole: Progress = field(default_factory=Progress)
    batches: dict[int, Progress] = field(default_factory=lambda: defaultdict(Progress))
    people: dict[int | None, Progress] = field(default_factory=lambda: defaultdict(Progress))


def progress(plan: StockPlan) -> Counted:
    """Count a plan's items. One query."""
    found = Counted()
    rows = StockItem.objects.filter(plan=plan).order_by().values_list("batch_id", "batch__assigned_to", "state")
    for batch, person, state, count in rows.annotate(count=Count("pk")):
        for each in (found.whole, found.batches[batch], found.people[person]):
            each.by_state[state] += count
    return found


def progress_of_plans(provider: Node) -> dict[int, Progress]:
    """Count the items of all plans of a provider, by plan. One query."""
    found: dict[int, Progress] = defaultdict(Progress)
    rows = StockItem.objects.filter(provider=provider).order_by().values_list("plan_id", "state")
    for plan, state, count in rows.annotate(count=Count("pk")):
        found[plan].by_state[state] += count
    return found


def _in(state: str) -> Callable[[], Q]:
    return lambda: Q(state=state)


STATES = {
    "pending": ("未完成", lambda: Q(state__in=PENDING)),
    **{state.value: (str(state.label), _in(state.value)) for state in ItemState},
}


def filters_of(plan: StockPlan, query: QueryDict, people: list[tuple[str, str]]) -> Filters:
    """Give what the items of a plan are narrowed by."""
    return Filters(
        (
            text(
                "q", "备案号或主办者", "filing_number__startswith", "sponsor_name__contains",
                placeholder="备案号，或名称的一部分",
            ),
            cases("state", "状态", STATES),
            number("batch", "批次", "batch__number"),
            choice("person", "负责人", "batch__assigned_to", people),
        ),
        query,
    )  # fmt: skip


def csv_lines(plan: StockPlan) -> Iterator[str]:
    """Write the results of a plan as CSV, row by row, for a browser that opens it with a spreadsheet."""
    yield "\ufeff" + _line(HEADER)
    rows = (
        StockItem.objects.filter(plan=plan).select_related("batch__assigned_to", "case").order_by("batch__number", "pk")
    )
    for item in rows.iterator(chunk_size=2_000):
        yield _line(
            (
                item.batch.number,
                _name(item.batch.assigned_to),
                item.filing_number,
                item.sponsor_name,
                item.get_state_display(),
                item.changed_by_name,
                timezone.localtime(item.changed_at).strftime("%Y-%m-%d %H:%M") if item.changed_at else "",
                item.note,
                item.case.reference if item.case else "",
            )
        )


def _name(person: User | None) -> str:
    return str(person) if person else ""


def _line(values: tuple[Any, ...]) -> str:
    """Write a row; what a spreadsheet would take for a formula is text."""
    line = io.StringIO()
    csv.writer(line).writerow([f"'{each}" if str(each).startswith(_FORMULA) else each for each in values])
    return line.getvalue()
