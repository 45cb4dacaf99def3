"""Check tasks (核实任务): what was found, point by point, reported to the bureau as a case of its own.

A result has no answer where it is in order. Where it is not, the bureau returns it without a subject
and the office gets a task of the kind `untold`; this one can then be opened again.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from django.db import transaction
from django.utils import timezone

from beian.models import Node, Region, User
from beian.records import CheckResultRecord, FilingRecord, from_json
from beian.records.notices import CheckTask
from beian.services.refusals import Invalid
from enterprise.models import How, Task, TaskKind
from enterprise.queries.on_file import filing_of
from enterprise.services import cases, rechecks, tasks
from enterprise.services.cases import Beginning
from enterprise.services.check_points import corrected, points
from enterprise.services.reporting import send
from enterprise.workflow import CLERKS, Kind, Origin, Team

LONGEST_OPINION, LONGEST_FAULTS, LONGEST_NAME = 1_024, 4_000, 128


class Verdict(IntEnum):
    """The verdicts of a check; the numbers are those of the wire."""

    PASSED = 0
    REFUSED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What somebody found who checked a filing.

    `wrong` has what is wrong: path as in findings → what it is in fact, as typed; nothing where it turned
    out to have nothing. `faults` in words goes along; without it the wrong fields are named.
    """

    verdict: int
    checker: str
    checked: datetime.date
    opinion: str
    faults: str = ""
    wrong: Mapping[str, Sequence[str]] = field(default_factory=dict)


def task_of(task: Task) -> CheckTask:
    """Read what the bureau asks to have checked."""
    return from_json(task.content, CheckTask)


def report(provider: Node, task_id: int, found: Found, actor: User, *, version: int | None = None) -> Task:
    """Report what was found. Raises `Invalid` with everything that does not fit, by field or path."""
    with transaction.atomic():
        tasks.require(provider, actor, CLERKS)
        task = tasks.lock_open(provider, task_id, actor, version)
        if task.kind != TaskKind.CHECK:
            raise Invalid({"": [f"“{task.get_kind_display()}”不是核实任务。"]})
        asked = task_of(task).filing
        filing, errors = corrected(asked, found.wrong)
        errors |= _strange_regions(filing, found.wrong) | _defects(found)
        if errors:
            raise Invalid(errors)
        result = _result(provider, found, asked, filing)
        case = cases.begin(provider, _beginning(provider, filing), actor)
        case = send(provider, case, result, actor)
        if found.verdict == Verdict.PASSED and filing.sponsor.number is not None:
            rechecks.note(provider, filing.sponsor.number, How.CHECK, found.checker)
        return tasks.report(task, case, actor, _words(found))


def _defects(found: Found) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if found.verdict not in set(Verdict):
        errors["verdict"] = ["请选择核实结果。"]
    if found.verdict == Verdict.PASSED and found.wrong:
        errors["verdict"] = [f"标出了{len(found.wrong)}项有误，核实结果应为“不通过”。"]
    for name, text, longest, missing in (
        ("checker", found.checker, LONGEST_NAME, "请填写核实人姓名。"),
        ("opinion", found.opinion, LONGEST_OPINION, "请填写核实意见。"),
    ):
        if not text.strip() or len(text.strip()) > longest:
            errors[name] = [f"最多 {longest} 字，现为 {len(text.strip())} 字。" if text.strip() else missing]
    if found.checked > timezone.localdate():
        errors["checked"] = ["核实日期不能晚于今天。"]
    if len(found.faults.strip()) > LONGEST_FAULTS:
        errors["faults"] = [f"最多 {LONGEST_FAULTS} 字，现为 {len(found.faults.strip())} 字。"]
    return errors


def _strange_regions(filing: FilingRecord, wrong: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Say which of the regions that were written are none of their level."""
    address, errors = filing.sponsor.address, {}
    for level, name in enumerate(("province", "city", "county"), 1):
        path, code = f"sponsor.address.{name}", getattr(address, name)
        if path in wrong and code is not None and not Region.objects.filter(pk=code, level=level).exists():
            errors[path] = ["没有这个行政区划代码，请从列表中选择或填写6位代码。"]
    return errors


def _result(provider: Node, found: Found, asked: FilingRecord, filing: FilingRecord) -> CheckResultRecord:
    known = points(asked)
    named = "、".join(known[path].name for path in found.wrong if path in known)
    faults = found.faults.strip() or (f"有误的项目：{named}" if named else "")
    return CheckResultRecord(
        verdict=found.verdict,
        checker=found.checker.strip(),
        checked=found.checked.isoformat(),
        provider=provider.isp_id,
        opinion=found.opinion.strip(),
        faults=faults[:LONGEST_FAULTS] or None,
        filing=filing,
    )


def _beginning(provider: Node, filing: FilingRecord) -> Beginning:
    number = filing.sponsor.number
    kept = filing_of(provider, number) if number is not None else None
    return Beginning(
        kind=Kind.CHECK_RESULT,
        origin=Origin.OFFICE,
        team=Team.LEGACY,
        sponsor_name=filing.sponsor.name,
        sponsor_number=number,
        filing_number=(kept.sponsor.filing_number or "") if kept else "",
    )


def _words(found: Found) -> str:
    verdict = "核实通过" if found.verdict == Verdict.PASSED else f"核实不通过，{len(found.wrong)}项有误"
    return f"{verdict}：{found.opinion.strip()}"
