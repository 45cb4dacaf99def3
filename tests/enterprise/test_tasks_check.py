"""A check task: looked at point by point, reported as a case, closed when the bureau has taken the result."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from beian.models import Event, Node, User
from beian.records import CheckResultRecord
from beian.records.filing import RangeRecord
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from beian.web.filing.fields import address_range
from enterprise.models import Case, Confirmation, How, TaskState
from enterprise.services import cases, check_results, tasks
from enterprise.services.check_points import Point, corrected, parts, points
from enterprise.services.check_results import Found
from enterprise.services.contents import request_of
from enterprise.services.writing import document_of
from enterprise.workflow import Kind, State
from interface.documents.upload import read_upload
from tests.builders import content
from tests.enterprise.tasked import check, holding, in_days, record_of

pytestmark = pytest.mark.usefixtures("code_tables")


def found(**changes: Any) -> Found:
    values = {
        "verdict": 0,
        "checker": "示例核验员",
        "checked": datetime.date(2026, 11, 20),
        "opinion": "信息准确",
    }
    return Found(**(values | changes))


def test_a_filing_that_is_right_is_reported_as_it_stands(isp: Node, clerk: User) -> None:
    task = check(holding(isp, websites=2))
    asked = check_results.task_of(task).filing
    reported = check_results.report(isp, task.pk, found(), clerk)
    assert (reported.state, reported.done_as) == (TaskState.REPORTING, "核实通过：信息准确")
    case = Case.objects.get()
    assert (case.kind, case.state, case.sponsor_number) == (Kind.CHECK_RESULT, State.QUEUED, asked.sponsor.number)
    record = request_of(case)
    assert isinstance(record, CheckResultRecord)
    assert (record.filing, record.provider, record.faults) == (asked, isp.isp_id, None)
    kept = Confirmation.objects.get(sponsor_number=asked.sponsor.number)
    assert (kept.how, kept.by_name) == (How.CHECK, "示例核验员")


def test_what_is_wrong_travels_as_it_was_found(isp: Node, clerk: User) -> None:
    task = check(holding(isp, websites=2))
    wrong = {
        "sponsor.certificate.address": ["广东省深圳市示例路999号"],
        "sponsor.superior": [],
        "sponsor.nature": ["5"],
        "websites.1.domains.0.name": ["example900.cn"],
        "websites.0.accesses.0.ranges.0": ["198.18.9.1-198.18.9.4"],
        "websites.0.services": ["1", "8"],
    }
    check_results.report(isp, task.pk, found(verdict=1, opinion="信息有误，已通知变更", wrong=wrong), clerk)
    case = Case.objects.get()
    xml = document_of(isp, [(case.kind, request_of(case))])  # type: ignore[list-item]
    (read,) = read_upload(xml, content).check_results
    assert read.verdict == 1
    assert read.filing.sponsor.certificate.address == "广东省深圳市示例路999号"
    assert (read.filing.sponsor.superior, read.filing.sponsor.nature) == (None, 5)
    assert read.filing.websites[1].domains[0].name == "example900.cn"
    (addresses,) = read.filing.websites[0].accesses[0].ranges
    assert (addresses.last - addresses.first, addresses.number is None) == (3, False)
    assert read.filing.websites[0].services == (1, 8)
    assert "主体·证件住所" in (read.faults or "")
    assert not Confirmation.objects.exists()


def test_everything_that_does_not_fit_is_said_at_once(isp: Node, clerk: User) -> None:
    task = check(holding(isp))
    wrong = {"sponsor.name": [], "websites.0.accesses.0.ranges.0": ["198.18.0"], "sponsor.nature": ["x"]}
    with pytest.raises(Invalid) as refused:
        check_results.report(isp, task.pk, found(checker=" ", opinion="", checked=in_days(2), wrong=wrong), clerk)
    assert set(refused.value.errors) == {*wrong, "verdict", "checker", "opinion", "checked"}
    assert not Case.objects.exists()


def test_a_result_that_the_wire_cannot_carry_is_refused_whole(isp: Node, clerk: User) -> None:
    task = check(holding(isp))
    with pytest.raises(Invalid):
        check_results.report(isp, task.pk, found(verdict=1, wrong={"sponsor.person.mobile": ["1"]}), clerk)
    task.refresh_from_db()
    assert (task.state, Case.objects.exists()) == (TaskState.OPEN, False)


def test_every_point_can_be_typed_back(isp: Node) -> None:
    filing = record_of(holding(isp, websites=2))
    typed = {path: typed_at(point) for path, point in points(filing).items() if not point.is_empty}
    assert corrected(filing, typed) == (filing, {})
    assert len(typed) == len([1 for part in parts(filing) for point in part.points if not point.is_empty])


def typed_at(point: Point) -> list[str]:
    """What is on file as somebody would type it in."""
    if isinstance(point.value, RangeRecord):
        return [address_range(point.value)]
    return [str(each) for each in point.value] if isinstance(point.value, tuple) else [str(point.value)]


def test_the_task_is_done_when_the_bureau_has_taken_the_result(isp: Node, clerk: User) -> None:
    task = check(holding(isp))
    check_results.report(isp, task.pk, found(), clerk)
    assert tasks.settle() == 0
    acknowledged(Case.objects.get())
    assert (tasks.settle(), tasks.settle()) == (1, 0)
    task.refresh_from_db()
    assert (task.state, task.done_as) == (TaskState.DONE, "核实通过：信息准确")
    verbs = Event.objects.filter(subject_kind="task", subject=str(task.pk)).values_list("verb", flat=True)
    assert list(verbs) == ["report", "finish"]


def test_a_result_that_was_given_up_leaves_the_task_open(isp: Node, clerk: User) -> None:
    task = check(holding(isp))
    check_results.report(isp, task.pk, found(), clerk)
    case = Case.objects.get()
    cases.unqueue(isp, case.pk, clerk)
    cases.abandon(isp, case.pk, clerk, "填错了")
    assert tasks.settle(isp) == 1
    check_results.report(isp, task.pk, found(), clerk)
    assert Case.objects.count() == 2


def test_a_result_that_came_back_opens_the_task_again(isp: Node, clerk: User) -> None:
    task = check(holding(isp))
    check_results.report(isp, task.pk, found(), clerk)
    first = Case.objects.get()
    acknowledged(first)
    tasks.settle()
    first.state = State.RETURNED
    first.save(update_fields=["state"])
    assert (tasks.settle(), tasks.settle()) == (1, 0)
    task.refresh_from_db()
    assert (task.state, task.done_at, task.case) == (TaskState.OPEN, None, first)
    check_results.report(isp, task.pk, found(), clerk)
    first.refresh_from_db()
    assert first.state == State.ABANDONED
    assert tasks.settle() == 0


def test_who_may_report_and_when(isp: Node, clerk: User, agent_person: User) -> None:
    task = check(holding(isp))
    with pytest.raises(NotAllowed):
        check_results.report(isp, task.pk, found(), agent_person)
    with pytest.raises(MovedOn):
        check_results.report(isp, task.pk, found(), clerk, version=task.version + 1)
    check_results.report(isp, task.pk, found(), clerk)
    with pytest.raises(MovedOn):
        check_results.report(isp, task.pk, found(), clerk)
    with pytest.raises(Invalid):
        tasks.handle(isp, check(holding(isp, 2)).pk, clerk, "看过了")


def acknowledged(case: Case) -> None:
    """Take a queued case the way of an upload that the bureau accepted."""
    for state in (State.UPLOADED, State.ACKNOWLEDGED):
        case.state = state
        case.save(update_fields=["state"])
