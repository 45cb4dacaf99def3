"""Each notice of the bureau's is one task, with a day by which it is to be done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from beian.calendar import add_working_days
from beian.models import Node
from beian.records import from_json
from beian.records.notices import (
    AccessInspection,
    CheckTask,
    Concerned,
    CorrectionNotice,
    IllegalAccess,
    LivenessInspection,
    Misreported,
    Shell,
    ShellInspection,
    SponsorInspection,
    UnfiledWebsite,
    checkable,
)
from enterprise.applying.deadlines import WORKING_DAYS, due
from enterprise.applying.notices import NOTICES, READINGS
from enterprise.models import Task, TaskKind, TaskState
from tests.enterprise.applying import arrive, filed

pytestmark = pytest.mark.django_db

FILING = filed(Node(code="provider:440000000002"), 1)
SPONSOR, SITE = FILING.sponsor, FILING.websites[0]
NAME, NUMBER, DAY = SITE.filing_number or "", SITE.number or 0, "2026-11-20 12:00:00"
ADDRESS = 3323068417

EXAMPLES: dict[str, tuple[TaskKind, Any]] = {
    "check_tasks": (TaskKind.CHECK, CheckTask(filing=checkable(FILING), instruction="请核实")),
    "unfiled_websites": (
        TaskKind.UNFILED,
        UnfiledWebsite(number=7, domain="example7.cn", address=ADDRESS, carrier=440000000002),
    ),
    "illegal_accesses": (
        TaskKind.ILLEGAL_ACCESS,
        IllegalAccess(
            number=8, domain="example8.cn", address=ADDRESS, provider=440000000002, province=440000, checked=DAY
        ),
    ),
    "corrections": (TaskKind.CORRECTION, CorrectionNotice(what=Concerned.WEBSITE, number=NUMBER, text="请变更")),
    "sponsor_inspections": (
        TaskKind.CERTIFICATE,
        SponsorInspection(
            number=SPONSOR.number or 0,
            name=SPONSOR.name,
            certificate_type=1,
            certificate_number=SPONSOR.certificate.number,
            fault="证件过期",
        ),
    ),
    "access_inspections": (
        TaskKind.ACCESS,
        AccessInspection(number=NUMBER, filing_number=NAME, result=Misreported.OVER, inspected=DAY),
    ),
    "shell_inspections": (
        TaskKind.SHELL,
        ShellInspection(number=NUMBER, filing_number=NAME, result=Shell.DEAD, inspected=DAY),
    ),
    "liveness_inspections": (
        TaskKind.LIVENESS,
        LivenessInspection(number=NUMBER, filing_number=NAME, inspected=DAY),
    ),
}


def test_every_kind_of_notice_has_an_example() -> None:
    assert set(EXAMPLES) == set(READINGS) == set(NOTICES)
    assert set(WORKING_DAYS) == set(TaskKind)


@pytest.mark.parametrize("part", sorted(EXAMPLES))
@pytest.mark.parametrize("held", [True, False])
def test_a_notice_is_a_task_once(isp: Node, part: str, *, held: bool) -> None:
    kind, notice = EXAMPLES[part]
    if held:
        arrive(isp, "D0", filings=[FILING])
    arrive(isp, "D1", **{part: [notice]})
    arrive(isp, "D1", **{part: [notice]})
    arrive(isp, "D2", **{part: [notice]})
    task = Task.objects.get()
    assert (task.kind, task.state, task.holds) == (kind, TaskState.OPEN, False)
    assert from_json(task.content, NOTICES[part]) == notice
    assert task.due == add_working_days(timezone.localdate(), WORKING_DAYS[kind])
    if held and part not in ("unfiled_websites", "illegal_accesses"):
        assert task.sponsor_number == SPONSOR.number


@pytest.mark.parametrize("part", sorted(EXAMPLES))
def test_what_comes_again_after_it_was_done_is_a_task_again(isp: Node, part: str) -> None:
    _, notice = EXAMPLES[part]
    arrive(isp, "D1", **{part: [notice]})
    Task.objects.update(state=TaskState.DONE)
    arrive(isp, "D1", **{part: [notice]})
    assert Task.objects.count() == 1
    arrive(isp, "D2", **{part: [notice]})
    assert Task.objects.filter(state=TaskState.OPEN).count() == 1


def test_a_filing_number_leads_to_the_website_too(isp: Node) -> None:
    arrive(isp, "D0", filings=[FILING])
    notice = CorrectionNotice(what=Concerned.WEBSITE, filing_number=NAME, text="请变更")
    arrive(isp, "D1", corrections=[notice])
    task = Task.objects.get()
    assert (task.sponsor_number, task.website_number) == (SPONSOR.number, NUMBER)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("请于2026-12-01前处理并反馈结果。", date(2026, 12, 1)),
        ("2026年11月20日发现，请于2026年12月1日前整改", date(2026, 12, 1)),
        ("截止日期：2026/12/1", date(2026, 12, 1)),
        ("请于2026-12-01前处理，2026-12-31复查", date(2026, 12, 1)),
    ],
)
def test_a_deadline_in_the_words_goes_first(text: str, day: date) -> None:
    assert due(TaskKind.UNFILED, None, text) == day


@pytest.mark.parametrize("text", ["请尽快处理", "2026-13-45前", None, ""])
def test_without_one_the_offices_own_counts(text: str | None) -> None:
    assert due(TaskKind.UNFILED, text) == add_working_days(timezone.localdate(), 5)
    assert due(TaskKind.UNFILED, text) > timezone.localdate() + timedelta(days=4)


def test_others_see_none_of_it(isp: Node, beijing_account: Any) -> None:
    arrive(isp, "D1", corrections=[EXAMPLES["corrections"][1]])
    assert not Task.objects.filter(provider=beijing_account.provider).exists()
