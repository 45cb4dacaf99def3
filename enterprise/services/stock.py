"""Stock verification (存量核验): plans are made and handed out, items gone through until all are settled."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from beian import copying, events
from beian.filing_numbers import parse
from beian.models import Node, Role, Sponsor, User
from beian.services.refusals import Invalid, MovedOn
from beian.services.staff import roles_at
from enterprise.models import Case, How, ItemState, StockBatch, StockItem, StockPlan, StockScope
from enterprise.queries.stock import PENDING, candidates
from enterprise.services import following, rechecks
from enterprise.services.tasks import require
from enterprise.workflow import OFFICE, Kind

PLAN, ITEM = "stock_plan", "stock_item"
"""The subject kinds of events."""

SUPERVISORS = frozenset({Role.SUPERVISOR})
LARGEST_BATCH, MOST_LISTED, LONGEST_NOTE = 10_000, 10_000, 500
_CHUNK = 10_000

NEXT: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(PENDING, frozenset(set(ItemState) - {ItemState.OPEN})),
    ItemState.UNREACHABLE: frozenset(set(ItemState) - {ItemState.UNREACHABLE}),
    **dict.fromkeys((ItemState.RIGHT, ItemState.WRONG, ItemState.CANCEL), frozenset({ItemState.OPEN})),
}
"""From which state an item may go where. What is settled is taken up again before it is settled otherwise."""

NEEDS_NOTE = frozenset({ItemState.UNREACHABLE, ItemState.CANCEL, ItemState.WRONG})
FOLLOWED_BY = {ItemState.WRONG: Kind.CHANGE, ItemState.CANCEL: Kind.CANCEL_SPONSOR}
"""The case that is begun when an item comes into a state."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A plan as it is made: `numbers` are filing numbers as typed, `percent` of a sample."""

    name: str
    scope: str
    due: datetime.date
    batch_size: int = 200
    before: datetime.date | None = None
    percent: float | None = None
    numbers: str = ""


def make_plan(provider: Node, draft: Draft, actor: User) -> StockPlan:
    """Make a plan with its batches and items, in one go. Raises `Invalid` with everything that does not fit."""
    with transaction.atomic():
        require(provider, actor, SUPERVISORS)
        condition, errors = _condition(provider, draft)
        errors |= _defects(provider, draft)
        if errors:
            raise Invalid(errors)
        plan = StockPlan.objects.create(
            provider=provider,
            name=draft.name.strip(),
            scope=draft.scope,
            condition=condition,
            due=draft.due,
            created_by=actor,
        )
        plan.total = _fill(plan, draft.batch_size)
        if not plan.total:
            raise Invalid({"scope": ["这个范围内没有备案。"]})
        plan.save(update_fields=["total"])
        _tell(PLAN, plan.pk, "make", provider, actor, data={"scope": plan.scope, "total": plan.total})
        return plan


def assign(provider: Node, plan_id: int, batch_ids: Sequence[int], people: Sequence[User], actor: User) -> int:
    """Give batches of a plan to people, evenly and in turn; to nobody where there are none. Gives how many batches."""
    with transaction.atomic():
        require(provider, actor, SUPERVISORS)
        plan = _lock_plan(provider, plan_id)
        if any(not roles_at(person, provider) & OFFICE for person in people):
            raise Invalid({"people": ["请选择备案部门的人员。"]})
        batches = list(plan.batches.filter(pk__in=batch_ids).order_by("number"))
        if not batches:
            raise Invalid({"chosen": ["请选择批次。"]})
        for batch, person in zip(batches, cycle(people or [None]), strict=False):
            batch.assigned_to = person
        StockBatch.objects.bulk_update(batches, ["assigned_to"])
        given = {"batches": [batch.number for batch in batches], "to": [person.pk for person in people]}
        _tell(PLAN, plan.pk, "assign", provider, actor, data=given)
        return len(batches)


def record(
    provider: Node,
    item_id: int,
    state: str,
    actor: User,
    *,
    note: str = "",
    appointment: datetime.datetime | None = None,
    version: int | None = None,
) -> StockItem:
    """Note what came of an item. One that is wrong, or is to be cancelled, begins the case that says so.

    Raises `Invalid` with everything that does not fit, `MovedOn` where the item or the plan moved on.
    """
    with transaction.atomic():
        require(provider, actor, OFFICE)
        item = _lock_item(provider, item_id, version)
        if state not in NEXT[item.state]:
            raise MovedOn(f"这份备案现在是“{item.get_state_display()}”，不能再这样记录。")
        if errors := _faults(state, note, appointment):
            raise Invalid(errors)
        if state == ItemState.RIGHT:
            rechecks.note(provider, item.sponsor_number, How.STOCK, str(actor), actor=actor)
        before, item.state, item.note, item.appointment = item.state, ItemState(state), note.strip(), appointment
        item.case = _follow(item, actor)
        item.changed_at, item.changed_by, item.changed_by_name = timezone.now(), actor, str(actor)[:64]
        item.version += 1
        item.save()
        what = {"before": before, "after": state, "reference": item.case.reference if item.case else ""}
        _tell(ITEM, item.pk, "record", provider, actor, reason=item.note, data=what)
        return item


def record_many(provider: Node, item_ids: Sequence[int], state: str, actor: User, *, note: str = "") -> int:
    """Note the same of several items: of all, or of none. Gives how many."""
    with transaction.atomic():
        for each in sorted(set(item_ids)):
            record(provider, each, state, actor, note=note)
        return len(set(item_ids))


def close(provider: Node, plan_id: int, actor: User) -> StockPlan:
    """End a plan; what is not settled by then stays as it is."""
    with transaction.atomic():
        require(provider, actor, SUPERVISORS)
        plan = _lock_plan(provider, plan_id)
        plan.closed_at = timezone.now()
        plan.save(update_fields=["closed_at"])
        _tell(PLAN, plan.pk, "close", provider, actor)
        return plan


def note_export(plan: StockPlan, actor: User) -> None:
    """Write down that somebody took the results of a plan away."""
    _tell(PLAN, plan.pk, "export", plan.provider, actor, data={"items": plan.total})


def _condition(provider: Node, draft: Draft) -> tuple[dict[str, Any], dict[str, list[str]]]:
    if draft.scope == StockScope.BEFORE:
        if draft.before is None:
            return {}, {"before": ["请填写日期。"]}
        return {"before": draft.before.isoformat()}, {}
    if draft.scope == StockScope.SAMPLE:
        if draft.percent is None or not 0 < draft.percent <= 100:
            return {}, {"percent": ["请填写抽查比例，大于 0，至多 100。"]}
        return {"percent": draft.percent}, {}
    return _listed(provider, draft.numbers) if draft.scope == StockScope.LIST else ({}, {})


def _listed(provider: Node, typed: str) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Read filing numbers, of sponsors or of websites, and find their sponsors in our copy."""
    words = list(dict.fromkeys(word for word in re.split(r"[\s,，;；、]+", typed) if word))
    if not words or len(words) > MOST_LISTED:
        return {}, {"numbers": [f"请填写备案号，每行一个，最多 {MOST_LISTED} 个。"]}
    known = {word: str(number.of_sponsor) if (number := parse(word)) else word for word in words}
    rows = Sponsor.objects.held_by(provider).filter(filing_number__in=set(known.values()))
    found = dict(rows.values_list("filing_number", "number"))
    if strange := [word for word, number in known.items() if number not in found]:
        named = "、".join(strange[:20]) + ("等" if len(strange) > 20 else "")
        return {}, {"numbers": [f"本系统的副本中没有这{len(strange)}个备案号：{named}。"]}
    return {"numbers": sorted(set(found.values()))}, {}


def _defects(provider: Node, draft: Draft) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not draft.name.strip():
        errors["name"] = ["请填写计划名称。"]
    elif StockPlan.objects.filter(provider=provider, name=draft.name.strip()).exists():
        errors["name"] = ["已有同名的计划。"]
    if draft.scope not in StockScope.values:
        errors["scope"] = ["请选择范围。"]
    if draft.due < timezone.localdate():
        errors["due"] = ["完成期限不能早于今天。"]
    if not 1 <= draft.batch_size <= LARGEST_BATCH:
        errors["batch_size"] = [f"每批 1 至 {LARGEST_BATCH} 份。"]
    return errors


def _fill(plan: StockPlan, batch_size: int) -> int:
    """Copy the holdings in, batch by batch. Gives how many there are."""
    rows = candidates(plan.provider, plan.scope, plan.condition, str(plan.pk)).order_by("filing_number", "pk")
    found = rows.values_list("number", "name", "filing_number").iterator(chunk_size=_CHUNK)
    items, total, waiting = copying.Rows(StockItem), 0, 0
    for number, part in enumerate(_pieces(found, batch_size), 1):
        batch = StockBatch.objects.create(plan=plan, number=number)
        for sponsor, name, filing_number in part:
            items.add(
                provider_id=plan.provider_id,
                plan_id=plan.pk,
                batch_id=batch.pk,
                sponsor_number=sponsor,
                sponsor_name=name,
                filing_number=filing_number or "",
            )
        total, waiting = total + len(part), waiting + len(part)
        if waiting >= _CHUNK:
            items.flush()
            waiting = 0
    items.flush()
    return total


def _pieces(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    rows = iter(rows)
    while piece := list(islice(rows, size)):
        yield piece


def _faults(state: str, note: str, appointment: datetime.datetime | None) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if state in NEEDS_NOTE and not note.strip():
        errors["note"] = ["请说明情况：何时、怎样联系，主办者怎么说。"]
    if len(note.strip()) > LONGEST_NOTE:
        errors["note"] = [f"最多 {LONGEST_NOTE} 字，现为 {len(note.strip())} 字。"]
    if state == ItemState.APPOINTED and appointment is None:
        errors["appointment"] = ["请填写预约的时间。"]
    elif state == ItemState.APPOINTED and appointment is not None and appointment <= timezone.now():
        errors["appointment"] = ["预约的时间已经过去，请填写今后的时间。"]
    return errors


def _follow(item: StockItem, actor: User) -> Case | None:
    """Begin the case that follows from the state of an item; none where our copy no longer has the holding."""
    kind = FOLLOWED_BY.get(ItemState(item.state))
    held = Sponsor.objects.held_by(item.provider).filter(number=item.sponsor_number)
    if kind is None or not held.exists():
        return item.case if kind is not None else None
    return following.begin(item.provider, kind, item.sponsor_number, actor)


def _lock_plan(provider: Node, plan_id: int) -> StockPlan:
    plan = StockPlan.objects.select_for_update().filter(provider=provider, pk=plan_id).first()
    if plan is None:
        raise MovedOn("这个计划不存在。")
    if plan.closed_at is not None:
        raise MovedOn("这个计划已经结束。")
    return plan


def _lock_item(provider: Node, item_id: int, version: int | None) -> StockItem:
    rows = StockItem.objects.filter(provider=provider, pk=item_id).select_for_update(of=("self",))
    item = rows.select_related("plan", "provider", "case").first()
    if item is None:
        raise MovedOn("计划中没有这份备案。")
    if item.plan.closed_at is not None:
        raise MovedOn("这个计划已经结束。")
    if version is not None and item.version != version:
        raise MovedOn(f"这份备案在您打开页面之后已有变化，现在是“{item.get_state_display()}”。")
    return item


def _tell(
    kind: str, subject: int, verb: str, provider: Node, actor: User, *, reason: str = "", data: Any = None
) -> None:
    events.record(kind, subject, verb, node=provider, actor=actor, reason=reason, data=data)
