"""Forced cancellations: what has to be cut, and that it was, before the bureau hears that we know.

A closure is noted line by line (`note`) while our copy still has the rows. Somebody, or the system
that runs the accesses, says of each line that it is cut; the time is the server's. With the last one
the task is done, and the gateway acknowledges its document (`tasks.holding`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from beian.checks.keys import domain_key
from beian.checks.names import dotted
from beian.models import AddressRange, Domain, Node, User, Website
from beian.records import Cancelled, from_json
from beian.records.notices import CancelledNotice
from beian.services.refusals import Invalid
from enterprise.models import Cut, CutKind, Task, TaskKind, TaskState
from enterprise.services import tasks

_MOST_NOTE, _MOST_NAME = 255, 64


def note(task: Task) -> int:
    """Write down what has to be cut for a closure, as our copy has it. Gives how many lines there are.

    Call in the transaction that takes the cancelled rows out of our copy, before it does. Only what this
    provider gives access to is noted. Without a line somebody has to look (`nothing_to_cut`).
    """
    notice = from_json(task.content, CancelledNotice)
    gone = Website.objects.held_by(task.provider).filter(accesses__isp_id=task.provider.isp_id)
    if notice.what == Cancelled.SPONSOR:
        gone = gone.filter(sponsor__number=notice.number)
    else:
        gone = gone.filter(number=notice.number)
    lines = [*_domains(task, gone), *_addresses(task, gone)]
    Cut.objects.bulk_create(lines, ignore_conflicts=True)
    return len(lines)


def cut(
    provider: Node,
    task_id: int,
    lines: Collection[int],
    actor: User | None,
    *,
    by_name: str = "",
    note: str = "",
    version: int | None = None,
) -> Task:
    """Note that lines of a closure (by their ids) are cut: now, by `actor` or whom `by_name` names.

    Raises `Invalid` where no open line is named. With the last line the task is done.
    """
    with transaction.atomic():
        task = _lock(provider, task_id, actor, version)
        _mark(task, task.cuts.filter(done_at=None, pk__in=lines), actor, by_name, note)
        return task


def report_cut(
    provider: Node, *, by_name: str, note: str = "", domain: str = "", address: int | None = None
) -> list[Cut]:
    """Take from another system of the provider's that a domain or an address is cut.

    Gives the lines that this was of, of all open closures; none where nothing is to be cut there.
    """
    named = Q(kind=CutKind.DOMAIN, key=domain_key(domain)) if domain else Q(pk=None)
    if address is not None:
        named |= Q(kind=CutKind.ADDRESS, first__lte=address, last__gte=address)
    with transaction.atomic():
        concerned = Cut.objects.filter(named, done_at=None, task__provider=provider, task__state=TaskState.OPEN)
        found: list[Cut] = []
        for task_id in sorted(set(concerned.values_list("task_id", flat=True))):
            task = tasks.lock(provider, task_id)
            if task.state == TaskState.OPEN:
                found += _mark(task, task.cuts.filter(named, done_at=None), None, by_name, note)
        return found


def nothing_to_cut(provider: Node, task_id: int, actor: User, why: str, *, version: int | None = None) -> Task:
    """Close a closure of which our copy knows nothing to cut, with a word about where somebody looked."""
    with transaction.atomic():
        task = _lock(provider, task_id, actor, version)
        if task.cuts.filter(done_at=None).exists():
            raise Invalid({"why": ["还有没有停止的接入，请逐项确认。"]})
        return tasks.finish(task, tasks.words(why, "why", "请说明核对的情况。"), actor)


def _lock(provider: Node, task_id: int, actor: User | None, version: int | None) -> Task:
    task = tasks.lock_open(provider, task_id, actor, version)
    if task.kind != TaskKind.CLOSURE:
        raise Invalid({"": [f"“{task.get_kind_display()}”没有要停止的接入。"]})
    return task


def _mark(task: Task, lines: QuerySet[Cut], actor: User | None, by_name: str, note: str) -> list[Cut]:
    """Mark lines of a locked closure as cut; the last one closes it."""
    found = list(lines)
    by_name, note = by_name.strip(), note.strip()
    if not found:
        raise Invalid({"lines": ["请选择已停止接入的项目。"]})
    if len(note) > _MOST_NOTE or len(by_name) > _MOST_NAME:
        raise Invalid({"note": [f"说明最多 {_MOST_NOTE} 字，操作人最多 {_MOST_NAME} 字。"]})
    now = timezone.now()
    for each in found:
        each.done_at, each.done_by, each.note = now, actor, note
        each.done_by_name = by_name or str(actor or "系统")
    Cut.objects.bulk_update(found, ["done_at", "done_by", "done_by_name", "note"])
    names = [each.name for each in found]
    tasks.update(task)
    tasks.tell(task, "cut", actor, reason=note, data={"cut": names, "by": found[0].done_by_name})
    if not task.cuts.filter(done_at=None).exists():
        tasks.finish(task, f"已停止接入，共{task.cuts.count()}项", actor, by_name=by_name)
    return found


def _domains(task: Task, gone: QuerySet[Website]) -> Iterator[Cut]:
    for domain in Domain.objects.held_by(task.provider).filter(website__in=gone).select_related("website"):
        yield _line(task, domain.website, kind=CutKind.DOMAIN, name=domain.name, key=domain.key)


def _addresses(task: Task, gone: QuerySet[Website]) -> Iterator[Cut]:
    """Give the ranges of our own accesses, each with whether other websites are filed there as well."""
    ranges = AddressRange.objects.held_by(task.provider).filter(access__isp_id=task.provider.isp_id)
    others = ranges.exclude(access__website__in=gone)
    for each in ranges.filter(access__website__in=gone).select_related("access__website"):
        shared = others.filter(first__lte=each.last, last__gte=each.first).exists()
        name = dotted(each.first) if each.first == each.last else f"{dotted(each.first)}–{dotted(each.last)}"
        yield _line(
            task,
            each.access.website,
            kind=CutKind.ADDRESS,
            name=name,
            first=each.first,
            last=each.last,
            shared=shared,
        )


def _line(task: Task, website: Website, **values: object) -> Cut:
    return Cut(task=task, website_name=website.name, filing_number=website.filing_number or "", **values)
