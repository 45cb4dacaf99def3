"""What belongs to one holding: how it came to be what it is, its cases and tasks, when it is to be looked at again."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from beian.records import FilingRecord, from_json
from beian.records.differences import Delta
from beian.web.components import Tone
from beian.web.filing.changes import ChangeMaker, Changes
from beian.web.filing.names import Names
from beian.web.filing.sheet import providers_of, regions_of
from beian.web.filing.spots import words
from enterprise.models import Case, Confirmation, HoldingChange, HoldingChangeKind, RecheckRule, Task
from enterprise.queries.holdings import Reach
from enterprise.services.verifying import what_to_verify
from enterprise.workflow import AT_OFFICE

SHOWN = 20
TONES: dict[str, Tone] = {
    HoldingChangeKind.ADDED: "good",
    HoldingChangeKind.CHANGED: "info",
    HoldingChangeKind.REMOVED: "bad",
}


@dataclass(frozen=True, slots=True)
class Past:
    """One change of a holding: its row, what changed in a line, and field by field (None: nothing to compare)."""

    change: HoldingChange
    words: str
    changes: Changes | None

    @property
    def tone(self) -> Tone:
        """How the change looks."""
        return TONES[self.change.kind]


@dataclass(frozen=True, slots=True)
class Needed:
    """Something of a case that has to be verified in person: the reason in words."""

    case: Case
    text: str


@dataclass(frozen=True, slots=True)
class Looking:
    """When a holding was last found right, when it is to be looked at again, and what open cases need verified."""

    confirmation: Confirmation | None
    again: datetime.date
    needed: list[Needed]


def past_of(reach: Reach, number: int, filing: FilingRecord | None, names: Names) -> list[Past]:
    """Give the latest changes of a holding, newest first. One query; personal data masked."""
    rows = reach.changes().filter(sponsor_number=number).select_related("incoming", "case").order_by("-id")
    return [_past(row, filing, names) for row in rows[:SHOWN]]


def cases_of(reach: Reach, number: int) -> list[Case]:
    """Give the cases about a holding, newest first."""
    return list(reach.cases().filter(sponsor_number=number).order_by("-pk")[:SHOWN])


def tasks_of(reach: Reach, number: int) -> list[Task]:
    """Give the tasks about a holding: open ones first, then the newest."""
    return list(reach.tasks().filter(sponsor_number=number).defer("content").order_by("-state", "-pk")[:SHOWN])


def looking(reach: Reach, number: int, filed_at: datetime.datetime) -> Looking:
    """Say what must be verified next of a holding."""
    provider = reach.provider
    known = Confirmation.objects.filter(provider=provider, sponsor_number=number).first()
    rule = RecheckRule.objects.filter(provider=provider).first() or RecheckRule(provider=provider)
    since = known.confirmed_at if known and known.confirmed_at else filed_at
    open_cases = Case.objects.at(provider).filter(sponsor_number=number, state__in=sorted(AT_OFFICE))
    if not reach.everything:
        open_cases = open_cases.of_agents(reach.user)
    needed = [
        Needed(case, str(reason))
        for case in open_cases.select_related("provider")[:SHOWN]
        for reason in what_to_verify(case).required
    ]
    return Looking(known, _months_later(since.date(), rule.months), needed)


def _past(row: HoldingChange, filing: FilingRecord | None, names: Names) -> Past:
    deltas = tuple(from_json(row.deltas, tuple[Delta, ...]))
    if not deltas:
        return Past(row, row.reason, None)
    said = "；".join(part for part in (row.reason, words(deltas)) if part)
    return Past(row, said, ChangeMaker(names, filing, plain=False).changes(deltas))


def names_of(filing: FilingRecord | None, isp_id: int) -> Names:
    """Load the names that a holding's page needs. Three queries."""
    whole: list[Any] = [filing] if filing else []
    return Names(regions_of(*whole), {*providers_of(*whole), isp_id})


def _months_later(day: datetime.date, months: int) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1) - datetime.timedelta(days=1)).day
    return datetime.date(year, month + 1, min(day.day, last))
