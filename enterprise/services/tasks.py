"""The tasks of the office: what the bureau wants done, who does it, and when it is done with.

What a task of a kind needs beside a word about it stands in `closures`, `check_results`, `unfiled`.
Locking rule: a task before its case, tasks in the order of their ids.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from beian import events
from beian.models import Node, User
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from beian.services.staff import roles_at
from enterprise.models import Case, Incoming, Task, TaskKind, TaskState
from enterprise.services import cases
from enterprise.workflow import ANSWERED, CLERKS, OFFICE, State

SUBJECT = "task"
"""The subject kind of events about tasks."""

BY_TEXT = frozenset(set(TaskKind) - {TaskKind.CLOSURE, TaskKind.CHECK, TaskKind.UNFILED})
"""Kinds that are done with once somebody has said what was done. The others have verbs of their own."""

REPORTED = (TaskKind.CHECK, TaskKind.UNFILED)
"""Kinds whose result is uploaded."""

RECEIVED = frozenset({State.ACKNOWLEDGED, State.FILED})
"""States of a case whose upload the bureau has taken."""

_AT_ONCE = 500
_MOST_WORDS = 2_000


def holding(incoming: Incoming) -> bool:
    """Tell whether something that a document orders is still to be done before it may be acknowledged."""
    return Task.objects.filter(incoming=incoming, holds=True, state=TaskState.OPEN).exists()


def lock(provider: Node, task_id: int, version: int | None = None) -> Task:
    """Lock a task of `provider` for the rest of the transaction.

    Raises `MovedOn` where there is none, or where it changed since the page with `version` was made.
    """
    rows = Task.objects.filter(provider=provider, pk=task_id).select_for_update(of=("self",))
    task = rows.select_related("provider", "case", "incoming").first()
    if task is None:
        raise MovedOn("这件任务不存在。")
    if version is not None and task.version != version:
        raise MovedOn(f"这件任务在您打开页面之后已有变化，现在是“{task.get_state_display()}”，请核对后再处理。")
    return task


def lock_open(provider: Node, task_id: int, actor: User | None, version: int | None = None) -> Task:
    """Lock a task that `actor` is about to work on. Raises `MovedOn` unless it is open, `NotAllowed`."""
    require(provider, actor, OFFICE)
    task = lock(provider, task_id, version)
    if task.state != TaskState.OPEN:
        raise MovedOn(f"这件任务现在是“{task.get_state_display()}”，不能再这样处理。")
    return task


def require(provider: Node, actor: User | None, roles: frozenset[Any]) -> None:
    """Refuse a person who holds none of `roles` at the provider; None is a system that was let in elsewhere."""
    if actor is not None and not roles_at(actor, provider) & roles:
        raise NotAllowed("您的角色不能进行这项操作。")


def assign(provider: Node, task_id: int, person: User | None, actor: User) -> Task:
    """Give a task to a person of the office, or to nobody. Raises `MovedOn` once it is done with."""
    with transaction.atomic():
        require(provider, actor, OFFICE)
        task = lock(provider, task_id)
        if task.state == TaskState.DONE:
            raise MovedOn("这件任务已处理完毕。")
        if person is not None and not roles_at(person, provider) & OFFICE:
            raise Invalid({"person": ["请选择备案部门的人员。"]})
        update(task, assigned_to=person)
        tell(task, "assign", actor, data={"to": person.pk if person else None})
        return task


def handle(provider: Node, task_id: int, actor: User, text: str, *, version: int | None = None) -> Task:
    """Close a task with a word about what was done. Raises `Invalid` without one, or where words are not enough."""
    with transaction.atomic():
        task = lock_open(provider, task_id, actor, version)
        if task.kind not in BY_TEXT:
            raise Invalid({"": [f"“{task.get_kind_display()}”须按其专门的步骤处理。"]})
        return finish(task, words(text), actor)


def link(provider: Node, task_id: int, case: Case, actor: User | None) -> Task:
    """Note which case was begun because of a task; it stays open until somebody says what was done."""
    with transaction.atomic():
        task = lock_open(provider, task_id, actor)
        update(task, case=case)
        tell(task, "begin_case", actor, data={"case": case.pk, "reference": case.reference})
        return task


def reopen(provider: Node, task_id: int, actor: User, reason: str) -> Task:
    """Take up a task again that was done with. Every line of a closure has to be looked at once more."""
    with transaction.atomic():
        require(provider, actor, CLERKS)
        task = lock(provider, task_id)
        if task.state != TaskState.DONE:
            raise MovedOn(f"这件任务现在是“{task.get_state_display()}”，不用重新打开。")
        reason = words(reason, "reason", "请填写重新处理的原因。")
        task.cuts.update(done_at=None, done_by=None, done_by_name="", note="")
        undone = {"done_at": None, "done_by": None, "done_by_name": "", "done_as": ""}
        update(task, state=TaskState.OPEN, case=None, **undone)
        tell(task, "reopen", actor, reason=reason)
        return task


def report(task: Task, case: Case, actor: User | None, text: str) -> Task:
    """Note that the result of a locked task is on its way to the bureau as `case`; one that came back is given up."""
    if task.case is not None and task.case.state in ANSWERED:
        cases.abandon(task.provider, task.case.pk, actor, f"已更正，以{case.reference}重新上报")
    update(task, state=TaskState.REPORTING, case=case, done_as=text)
    tell(task, "report", actor, reason=text, data={"case": case.pk, "reference": case.reference})
    return task


def settle(provider: Node | None = None) -> int:
    """Bring tasks to where the cases that report them stand; gives how many moved. Meant to be called again and again.

    What the bureau has taken is done with; what it returned later, or the office gave up, is open again.
    """
    reported = Task.objects.exclude(case=None)
    if provider is not None:
        reported = reported.filter(provider=provider)
    taken = Q(state=TaskState.REPORTING, case__state__in=[*RECEIVED, State.ABANDONED])
    returned = Q(state__in=[TaskState.REPORTING, TaskState.DONE], kind__in=REPORTED, case__state=State.RETURNED)
    keys = list(reported.filter(taken | returned).order_by("pk").values_list("provider_id", "pk")[:_AT_ONCE])
    nodes = Node.objects.in_bulk({node for node, _ in keys})
    return sum(_settle(nodes[node], pk) for node, pk in keys)


def _settle(provider: Node, task_id: int) -> bool:
    with transaction.atomic():
        task = lock(provider, task_id)
        case = task.case
        if case is None or task.state == TaskState.OPEN:
            return False
        said = {"case": case.pk, "reference": case.reference}
        if case.state == State.RETURNED:
            update(task, state=TaskState.OPEN, done_at=None, done_by=None, done_by_name="")
            tell(task, "come_back", data=said)
        elif task.state != TaskState.REPORTING:
            return False
        elif case.state in RECEIVED:
            finish(task, task.done_as, None)
        elif case.state == State.ABANDONED:
            update(task, state=TaskState.OPEN)
            tell(task, "take_back", data=said)
        else:
            return False
        return True


def finish(task: Task, text: str, actor: User | None, *, by_name: str = "") -> Task:
    """Close a locked task: what was done, when, and by whom (`by_name` where it was no person of the office)."""
    who = by_name or (str(actor) if actor else task.done_by_name or "系统")
    update(task, state=TaskState.DONE, done_as=text, done_at=timezone.now(), done_by=actor, done_by_name=who[:64])
    tell(task, "finish", actor, reason=text, data={"by": who[:64]} if by_name else None)
    return task


def words(text: str, field: str = "text", missing: str = "请填写处理情况。") -> str:
    """Give what was written, without the blanks around it. Raises `Invalid` where that is nothing, or too much."""
    text = text.strip()
    if not text:
        raise Invalid({field: [missing]})
    if len(text) > _MOST_WORDS:
        raise Invalid({field: [f"最多 {_MOST_WORDS} 字，现为 {len(text)} 字。"]})
    return text


def update(task: Task, **changes: Any) -> None:
    """Save `changes` of a locked task, as a new version."""
    for name, value in changes.items():
        setattr(task, name, value)
    task.version += 1
    task.save(update_fields=["version", *changes])


def tell(
    task: Task, verb: str, actor: User | None = None, *, reason: str = "", data: dict[str, Any] | None = None
) -> None:
    """Append an event about a task."""
    events.record(SUBJECT, task.pk, verb, node=task.provider, actor=actor, reason=reason, data=data)
