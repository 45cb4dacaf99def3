"""Work-load and turnaround per person and team, from the events of the cases.

Every step writes an event with the states before and after. What a case stood in a state for, is the time
between two such events; it counts for who took it out of that state, in the period in which that was.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from beian.models import Node, User
from enterprise.models import Case
from enterprise.workflow import ANSWERED, AT_OFFICE, State, Team

LONGEST = 366
"""Days that a period may have."""

STAGES: dict[str, tuple[str, str]] = {
    State.SUBMITTED: ("初审", "从提交到初审有结论"),
    State.SENT_BACK: ("主办者修改", "从退回到重新提交"),
    State.CHECKED: ("核验", "从初审通过到核验完成"),
    State.VERIFIED: ("上报", "从核验完成到加入队列"),
    State.QUEUED: ("发出", "从加入队列到编入上报文件"),
    State.ACKNOWLEDGED: ("管局", "从管局接收到取回结果"),
}
"""The state that is left → what the stage is called, and what it measures."""

BY_PEOPLE = (State.SUBMITTED, State.CHECKED, State.VERIFIED)
"""Stages that end by what somebody of the office does."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days in China, both included."""

    first: datetime.date
    last: datetime.date

    @property
    def bounds(self) -> tuple[datetime.datetime, datetime.datetime]:
        """Give the moments from which and before which."""
        midnight = datetime.time.min
        end = self.last + datetime.timedelta(days=1)
        return tuple(timezone.make_aware(datetime.datetime.combine(day, midnight)) for day in (self.first, end))  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Turnaround:
    """How long a stage took: how many cases left it, and their median and 90th percentile in hours."""

    count: int
    median: float
    ninth: float


@dataclass(slots=True)
class Line:
    """A person's, or a team's, figures. `stages` by state; `open` is what waits now, `done` the steps taken.

    `heard` counts the answers fetched in the period to cases that the person queued, `unkept` those of
    them that the bureau returned or refused.
    """

    name: str
    open: int = 0
    done: int = 0
    heard: int = 0
    unkept: int = 0
    stages: dict[str, Turnaround] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        """The share of answers that were no approval, in percent; None without any."""
        return 100 * self.unkept / self.heard if self.heard else None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a period: of the whole office, of each team, of each person."""

    whole: Line
    teams: list[Line]
    people: list[Line]


_STEPS = """
with moved as (
    select distinct subject from beian_event
    where subject_kind = 'case' and node_id = %(node)s and at >= %(start)s and at < %(end)s
), steps as (
    select event.subject, event.at, event.actor_id, event.data ->> 'before' as before, event.data ->> 'after' as after,
        lag(event.at) over (partition by event.subject order by event.id) as since
    from beian_event event join moved on moved.subject = event.subject
    where event.subject_kind = 'case' and event.data ? 'after' and event.node_id = %(node)s
), left_states as (
    select steps.before, steps.actor_id, cases.team,
        extract(epoch from steps.at - steps.since)::float / 3600 as hours
    from steps join enterprise_case cases on cases.id = steps.subject::bigint
    where steps.at >= %(start)s and steps.at < %(end)s and steps.since is not null
)
select before, actor_id, team, grouping(actor_id), grouping(team), count(*),
    percentile_cont(0.5) within group (order by hours), percentile_cont(0.9) within group (order by hours)
from left_states
group by grouping sets ((before), (before, actor_id), (before, team))
"""

_ANSWERS = """
select queued.actor_id, cases.team, count(*), count(*) filter (where heard.verb <> 'hear_filed')
from beian_event heard
join enterprise_case cases on cases.id = heard.subject::bigint
left join lateral (
    select event.actor_id from beian_event event
    where event.subject_kind = 'case' and event.subject = heard.subject and event.verb = 'queue' and event.id < heard.id
    order by event.id desc limit 1
) queued on true
where heard.subject_kind = 'case' and heard.node_id = %(node)s and heard.at >= %(start)s and heard.at < %(end)s
    and heard.verb in ('hear_filed', 'hear_returned', 'hear_refused')
group by queued.actor_id, cases.team
"""


def figures(provider: Node, period: Period) -> Figures:
    """Work the figures out: four queries."""
    start, end = period.bounds
    values = {"node": provider.pk, "start": start, "end": end}
    whole = Line("全部")
    teams = {str(team): Line(str(team.label)) for team in Team}
    people: dict[int, Line] = {}
    for before, actor, team, no_actor, no_team, *numbers in _rows(_STEPS, values):
        turnaround = Turnaround(*numbers)
        if no_actor and no_team:
            _enter(whole, before, turnaround)
        elif no_actor:
            _enter(teams[team], before, turnaround)
        elif actor is not None:
            _enter(people.setdefault(actor, Line("")), before, turnaround)
    for actor, team, heard, unkept in _rows(_ANSWERS, values):
        for line in (whole, teams[team], *([people.setdefault(actor, Line(""))] if actor is not None else [])):
            line.heard += heard
            line.unkept += unkept
    _open(provider, whole, teams, people)
    return Figures(whole, list(teams.values()), _named(people))


def _enter(line: Line, before: str, turnaround: Turnaround) -> None:
    line.stages[before] = turnaround
    if before in BY_PEOPLE:
        line.done += turnaround.count


def _open(provider: Node, whole: Line, teams: dict[str, Line], people: dict[int, Line]) -> None:
    """Count what waits at the office now."""
    rows = Case.objects.at(provider).filter(state__in=sorted(AT_OFFICE | ANSWERED))
    for team, person, number in rows.values_list("team", "assigned_to").annotate(Count("pk")).order_by():
        whole.open += number
        teams[team].open += number
        if person is not None:
            people.setdefault(person, Line("")).open += number


def _named(people: dict[int, Line]) -> list[Line]:
    """Name the people: those of the office; what sponsors and the system did is in the whole alone."""
    office = User.objects.filter(pk__in=people).filter(~Q(sponsor_account__isnull=False)).order_by("name", "pk")
    found = []
    for user in office:
        line = people[user.pk]
        line.name = str(user)
        found.append(line)
    return found


def _rows(query: str, values: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
