"""The queues of the office, as data: which cases, what is to be done with them next, and by whom."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.db.models import F, Q, Subquery
from django.http import QueryDict
from django.utils import timezone

from beian.bigrams import ChineseOrder, holds
from beian.calendar import add_working_days
from beian.models import Node, Role, User
from beian.web import filters
from beian.web.filters import Filter, Filters
from beian.web.keyset import Cursor, Order
from enterprise.models import Agent, Case, CaseQuerySet
from enterprise.services.contents import SILENT
from enterprise.services.people import office_people
from enterprise.workflow import ANSWERED, AT_OFFICE, CLERKS, ENDED, OFFICE, Kind, Origin, State, Team

COUNT_CAP = 1000
"""Counts of the tabs beyond this are written 1000+: an exact one costs a scan and changes nothing."""

SOON = 2
"""Working days from which a deadline counts as near."""

AGENT = frozenset({Role.AGENT})
EVERYBODY = OFFICE | AGENT | {Role.ADMINISTRATOR}
IN_HAND = AT_OFFICE | ANSWERED | {State.QUEUED}
"""Cases with which the office itself has something to do."""

_NO_ANSWER_OWED = Q(state=State.ACKNOWLEDGED, kind__in=sorted(SILENT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue: `todo` says what has to be done next, `who` by whom.

    `wanted` gives what a case must meet for a person's list. `due` is the deadline that it shows and is
    ordered by; without one the case that stands unchanged for the longest comes first, or, where
    `newest_first`, the one that moved last. `verb` is what the list's bulk action does with its cases.
    """

    name: str
    title: str
    todo: str
    who: frozenset[Role]
    wanted: Callable[[User], Q]
    due: str = ""
    newest_first: bool = False
    verb: str = ""

    @property
    def sort(self) -> str:
        """The column that the list begins with."""
        return "due" if self.due else "-since" if self.newest_first else "since"


def _in(*states: State) -> Callable[[User], Q]:
    found = sorted(states)
    return lambda user: Q(state=found[0]) if len(found) == 1 else Q(state__in=found)


QUEUES: tuple[Queue, ...] = (
    Queue(
        name="check",
        title="待初审",
        todo="核对填写内容与证件材料，通过或退回主办者修改；提交后五个工作日内完成。",
        who=CLERKS | AGENT,
        wanted=_in(State.SUBMITTED),
        due="precheck_due",
        verb="pass_check",
    ),
    Queue(
        name="verify",
        title="待核验",
        todo="约主办者当面核验，拍照并签署核验单。",
        who=OFFICE | AGENT,
        wanted=_in(State.CHECKED),
    ),
    Queue(
        name="upload",
        title="待上报",
        todo="确认无误后加入上报队列。",
        who=CLERKS,
        wanted=_in(State.VERIFIED),
        verb="queue",
    ),
    Queue(
        name="held",
        title="上报受阻",
        todo="按受阻原因处理后重新排队，或退回主办者修改。",
        who=CLERKS,
        wanted=_in(State.HELD),
        verb="queue",
    ),
    Queue(
        name="answered",
        title="管局退回/未通过",
        todo="按管局意见退回主办者修改；内容无需修改的可重新上报。",
        who=CLERKS | AGENT,
        wanted=_in(*ANSWERED),
    ),
    Queue(
        name="correct",
        title="待主办者修改",
        todo="等待主办者按退回意见修改；久未修改的请联系主办者。",
        who=CLERKS | AGENT,
        wanted=_in(State.SENT_BACK),
    ),
    Queue(
        name="fill",
        title="待补全",
        todo="专员录入、代理商录入或导入的申请，补全后提交。",
        who=CLERKS | AGENT,
        wanted=lambda user: Q(state=State.DRAFT) & ~Q(origin=Origin.PORTAL),
    ),
    Queue(
        name="queued",
        title="上报排队中",
        todo="等待上报，无需操作；发现问题可撤出队列。",
        who=CLERKS,
        wanted=_in(State.QUEUED),
    ),
    Queue(
        name="waiting",
        title="已上报待结果",
        todo="等待管局办理，超过办结期限的可联系管局。",
        who=EVERYBODY,
        wanted=lambda user: Q(state__in=[State.ACKNOWLEDGED, State.UPLOADED]) & ~_NO_ANSWER_OWED,
        due="decision_due",
    ),
    Queue(
        name="mine",
        title="我的",
        todo="分配给我、还需处理的申请。",
        who=OFFICE,
        wanted=lambda user: Q(assigned_to=user, state__in=sorted(IN_HAND)),
    ),
    Queue(
        name="unassigned",
        title="未分配",
        todo="还没有经办人的申请。",
        who=CLERKS,
        wanted=lambda user: Q(assigned_to=None, state__in=sorted(AT_OFFICE | ANSWERED)),
    ),
    Queue(
        name="ended",
        title="已结束",
        todo="已办结或已放弃。",
        who=EVERYBODY,
        wanted=lambda user: Q(state__in=sorted(ENDED)) | _NO_ANSWER_OWED,
        newest_first=True,
    ),
)

BY_NAME: Mapping[str, Queue] = {queue.name: queue for queue in QUEUES}

SORTS: dict[str, str] = {"sponsor": "sponsor_order", "since": "changed_at", "submitted": "submitted_at"}


class CappedCount(Subquery):
    """How many rows a query gives, counted no further than the limit that it carries."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = models.IntegerField()


def queue_of(query: QueryDict, among: Iterable[Queue], roles: frozenset[Role]) -> Queue:
    """Give the queue that `query` names; where it names none, the first that is the work of `roles`."""
    offered = tuple(among)
    named = next((queue for queue in offered if queue.name == query.get("queue")), None)
    return named or next((queue for queue in offered if queue.who & roles), offered[0])


def listed(rows: CaseQuerySet) -> CaseQuerySet:
    """Give cases as lists need them: sortable by name, without what is long."""
    return rows.light().annotate(sponsor_order=ChineseOrder(F("sponsor_name")))


def narrowed(rows: CaseQuerySet, teams: frozenset[Team]) -> CaseQuerySet:
    """Keep the cases of a person's team; of both where he is in both or in none."""
    return rows.filter(team=next(iter(teams))) if len(teams) == 1 else rows


def queue_filters(
    provider: Node, user: User, teams: frozenset[Team], query: QueryDict, *, only_agent: bool = False
) -> Filters:
    """Declare what the queues are narrowed by and read it from `query`.

    An agent's people (`only_agent`) are told neither who works at the office nor which other agents there are.
    """
    agents = Agent.objects.filter(provider=provider).order_by("name")
    agents = agents.filter(people=user) if only_agent else agents
    team = () if len(teams) == 1 else (filters.choice("team", "小组", "team", Team.choices),)
    declared = (
        Filter(name="text", label="查找", make_field=_text_field, condition=holds_text, width="wide"),
        filters.choice("kind", "申请类型", "kind", Kind.choices),
        *team,
        filters.cases("due", "期限", DUE),
        *(() if only_agent else (_assigned(provider, user),)),
        filters.choice("agent", "代理商", "agent_id", lambda: list(agents.values_list("pk", "name"))),
        filters.choice("origin", "来源", "origin", Origin.choices),
        *filters.days("submitted", "提交日期", "submitted_at"),
    )
    return Filters(declared, query)


def _text_field() -> forms.Field:
    attributes = {"type": "search", "data-shortcut": "/", "placeholder": "名称的一部分、域名或受理号"}
    return forms.CharField(label="查找", required=False, max_length=100, widget=forms.TextInput(attrs=attributes))


def holds_text(text: str) -> Q:
    """Match a sponsor's name or first domain that holds `text`, `text` as one of the domains, or as the reference.

    The index `case_search` stands on the bigrams of exactly these fields.
    """
    key = text.strip()
    return holds(text, "sponsor_name", "first_domain") | Q(domains__contains=[key.lower()]) | Q(reference=key)


def _assigned(provider: Node, user: User) -> Filter:
    def people() -> list[tuple[str, str]]:
        return [(str(each.pk), each.name) for each in office_people(provider)]

    chosen = filters.choice("assigned", "经办人", "assigned_to", lambda: [("me", "我"), ("nobody", "无"), *people()])

    def condition(value: str) -> Q:
        if value == "nobody":
            return Q(assigned_to=None)
        return Q(assigned_to=user.pk if value == "me" else int(value))

    return Filter(name="assigned", label="经办人", make_field=chosen.make_field, condition=condition, width="half")


def _due(**lookups: datetime.date) -> Q:
    """Match the deadline that runs: the office's before the bureau has the case, the bureau's after."""
    found = Q()
    for field, states in (
        ("precheck_due", [State.SUBMITTED]),
        ("decision_due", [State.ACKNOWLEDGED, State.UPLOADED]),
    ):
        found |= Q(state__in=states, **{f"{field}__{lookup}": day for lookup, day in lookups.items()})
    return found


def _near() -> datetime.date:
    return add_working_days(timezone.localdate(), SOON)


DUE: Mapping[str, tuple[str, Callable[[], Q]]] = {
    "overdue": ("已超期", lambda: _due(lt=timezone.localdate())),
    "today": ("今日到期", lambda: _due(exact=timezone.localdate())),
    "soon": (f"{SOON}个工作日内到期", lambda: _due(gte=timezone.localdate(), lte=_near())),
}


def counts(rows: CaseQuerySet, user: User, among: Iterable[Queue], wanted: Filters) -> dict[str, int]:
    """Count by queue what the filters leave, each no further than one beyond `COUNT_CAP`. One query.

    Nothing is counted while a filter does not fit: queues would look empty that are not.
    """
    if wanted.form.errors:
        return {}
    kept = wanted.apply(rows).order_by()
    counted = {
        queue.name: CappedCount(kept.filter(queue.wanted(user)).values("pk")[: COUNT_CAP + 1]) for queue in among
    }
    row: Any = Node.objects.order_by("pk").values(**{f"in_{name}": each for name, each in counted.items()})[:1].get()
    return {name: row[f"in_{name}"] or 0 for name in counted}


def next_up(rows: CaseQuerySet, queue: Queue, user: User, sort: str, after: Case | None) -> list[int]:
    """Give the ids of what to take next in the order of the queue: nobody's or the person's own.

    With `after`, those that follow it come first and the rest after them, so that skipping one goes
    forward. `after` may have left the queue meanwhile: it counts where it would stand.
    """
    path = (
        queue.due if sort.removeprefix("-") == "due" and queue.due else SORTS.get(sort.removeprefix("-"), "changed_at")
    )
    order = Order(path, descending=sort.startswith("-"), nullable=path in NULLABLE)
    free = rows.filter(queue.wanted(user)).filter(Q(assigned_to=None) | Q(assigned_to=user))
    found: list[Case] = []
    if after is not None:
        free = free.exclude(pk=after.pk)
        value = getattr(after, path, None)
        found, *_ = order.page(free, Cursor(value, after.pk), 5)
    if not found:
        found, *_ = order.page(free, None, 5)
    return [each.pk for each in found]


NULLABLE = frozenset({"precheck_due", "decision_due", "submitted_at"})
