"""Unfiled websites (未备案网站) at our addresses: what was done about them, reported to the bureau."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from beian.calendar import shanghai_day
from beian.models import Code, Node, User
from beian.records import UnfiledHandlingRecord, from_json
from beian.records.notices import UnfiledWebsite
from beian.services.refusals import Invalid
from enterprise.models import Task, TaskKind
from enterprise.services import cases, tasks
from enterprise.services.cases import Beginning
from enterprise.services.reporting import send
from enterprise.workflow import CLERKS, Kind, Origin

RESULTS = "unfiled_handling"
"""The code table of what can have been done."""

LONGEST_OPINION, LONGEST = 255, 128
SHORTEST_TELEPHONE, SHORTEST_EMAIL = 11, 6
_DAY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What was done about a website: `result` is a code. `due` is asked where the bureau named no day."""

    result: int
    opinion: str
    reporter: str = ""
    telephone: str = ""
    email: str = ""
    due: datetime.date | None = None


def website_of(task: Task) -> UnfiledWebsite:
    """Read what the bureau found."""
    return from_json(task.content, UnfiledWebsite)


def report(provider: Node, task_id: int, handling: Handling, actor: User, *, version: int | None = None) -> Task:
    """Report what was done about one website. Raises `Invalid` with everything that does not fit."""
    with transaction.atomic():
        return _report(provider, task_id, handling, actor, version)


def report_many(provider: Node, task_ids: Sequence[int], handling: Handling, actor: User) -> list[Task]:
    """Report the same of several websites: all of them, or none. Raises `Invalid` naming those that cannot be."""
    with transaction.atomic():
        return [_report(provider, each, handling, actor, None) for each in sorted(set(task_ids))]


def _report(provider: Node, task_id: int, handling: Handling, actor: User, version: int | None) -> Task:
    tasks.require(provider, actor, CLERKS)
    task = tasks.lock_open(provider, task_id, actor, version)
    if task.kind != TaskKind.UNFILED:
        raise Invalid({"": [f"“{task.get_kind_display()}”不是未备案网站。"]})
    due = task.due or handling.due
    words = dict(Code.objects.filter(table=RESULTS, valid=True).values_list("code", "name"))
    if errors := _defects(handling, words, due, task):
        raise Invalid(errors)
    assert due is not None
    record = _record(provider, task, handling, due)
    case = cases.begin(provider, Beginning(kind=Kind.UNFILED_HANDLING, origin=Origin.OFFICE), actor)
    case = send(provider, case, record, actor)
    return tasks.report(task, case, actor, f"{words[handling.result]}：{handling.opinion.strip()}")


def _defects(handling: Handling, words: dict[int, str], due: datetime.date | None, task: Task) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if handling.result not in words:
        errors["result"] = ["请选择处理结果。"]
    if not handling.opinion.strip() or len(handling.opinion.strip()) > LONGEST_OPINION:
        errors["opinion"] = [f"请填写处理意见，最多 {LONGEST_OPINION} 字。"]
    if due is None:
        errors["due"] = [f"{task.title}：管局没有写明处理时限，请填写。"]
    telephone, email = handling.telephone.strip(), handling.email.strip()
    if telephone and not SHORTEST_TELEPHONE <= len(telephone) <= LONGEST:
        errors["telephone"] = ["联系电话至少 11 位，固定电话请写区号，例如 020-12345678。"]
    if email and ("@" not in email or not SHORTEST_EMAIL <= len(email) <= LONGEST):
        errors["email"] = ["电子邮件地址不完整，例如 name@example.cn。"]
    if len(handling.reporter.strip()) > LONGEST:
        errors["reporter"] = [f"最多 {LONGEST} 字。"]
    return errors


def _record(provider: Node, task: Task, handling: Handling, due: datetime.date) -> UnfiledHandlingRecord:
    """The bureau finds its entry by domain, address and provider: those are said as it said them."""
    website = website_of(task)
    listed = (website.first_checked or "")[:_DAY]
    return UnfiledHandlingRecord(
        domain=website.domain,
        address=website.address,
        carrier=website.carrier,
        provider=provider.isp_id,
        province=website.province or provider.province,
        result=handling.result,
        opinion=handling.opinion.strip(),
        listed=listed if len(listed) == _DAY else shanghai_day(task.received_at or timezone.now()).isoformat(),
        due=due.isoformat(),
        reporter=handling.reporter.strip() or None,
        telephone=handling.telephone.strip() or None,
        email=handling.email.strip() or None,
    )
