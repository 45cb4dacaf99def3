"""Results find their cases, once, in whatever order they come; what belongs to none is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from beian import store
from beian.models import Event, Mail, Node
from beian.records import CodeRecord, ResultRecord
from beian.records.requests import Cancelled
from enterprise.models import Answer, Case, OutgoingState, SponsorAccount, Task, TaskKind, TaskState
from enterprise.services import cases
from enterprise.workflow import Kind, State
from tests import builders
from tests.enterprise.applying import arrive, copy, filed, opinion, outgoing, result, sent
from tests.requests import cancellation, change_of

pytestmark = pytest.mark.django_db


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


def everything() -> list[Any]:
    """All that applying writes, to see that it wrote nothing more."""
    rows = Case.objects.order_by("pk").values_list("pk", "state", "version", "answer_remark")
    return [list(rows), Task.objects.count(), Answer.objects.count(), Event.objects.count(), Mail.objects.count()]


@pytest.mark.parametrize(
    ("codes", "state"),
    [
        ((1001,), State.FILED),
        ((1002,), State.REFUSED),
        ((1003, 1005), State.RETURNED),
        ((1001, 1062), State.FILED),
        ((1062,), State.ACKNOWLEDGED),
        ((1062, 1004), State.RETURNED),
    ],
)
def test_codes_decide_what_becomes_of_a_case(isp: Node, codes: tuple[int, ...], state: State) -> None:
    case = sent(isp, builders.filing(1))
    arrive(isp, results=[result(case, *codes)])
    heard = Case.objects.get()
    assert heard.state == state
    if state != State.ACKNOWLEDGED:
        assert [each["code"] for each in heard.codes] == [code for code in codes if code != 1062]
        assert heard.answered_at is not None


def test_a_refusal_keeps_the_opinions_about_its_case_and_no_others(isp: Node) -> None:
    first, second = sent(isp, builders.filing(1)), sent(isp, builders.filing(2))
    said = [opinion(first, text="网站名称不符"), opinion(second, text="证件过期")]
    arrive(isp, results=[result(first, 1002, remark="见意见"), result(second, 1002)], opinions=said)
    first.refresh_from_db()
    second.refresh_from_db()
    assert [each["opinion"] for each in first.opinions] == ["网站名称不符"]
    assert [each["opinion"] for each in second.opinions] == ["证件过期"]
    assert first.answer_remark == "见意见"


def test_an_opinion_that_comes_before_its_result_is_kept_for_it(isp: Node) -> None:
    case = sent(isp, builders.filing(1))
    arrive(isp, "D1", opinions=[opinion(case, text="网站名称不符")])
    assert state_of(case) == State.ACKNOWLEDGED
    arrive(isp, "D2", results=[result(case, 1002)])
    assert [each["opinion"] for each in Case.objects.get().opinions] == ["网站名称不符"]


def test_an_opinion_that_comes_after_its_result_joins_it(isp: Node) -> None:
    case = sent(isp, builders.filing(1))
    arrive(isp, "D1", results=[result(case, 1002)])
    arrive(isp, "D2", opinions=[opinion(case, text="网站名称不符")])
    arrive(isp, "D3", opinions=[opinion(case, text="网站名称不符")])
    assert [each["opinion"] for each in Case.objects.get().opinions] == ["网站名称不符"]
    assert not Task.objects.exists()


def test_an_answer_that_overtakes_the_acknowledgement_acknowledges(isp: Node) -> None:
    upload = outgoing(isp, state=OutgoingState.SENDING)
    case = sent(isp, builders.filing(1), upload, state=State.UPLOADED, acknowledged_at=None)
    arrive(isp, results=[result(case, 1001)])
    heard = Case.objects.get()
    assert heard.state == State.FILED
    assert heard.acknowledged_at is not None
    assert heard.decision_due is not None
    verbs = Event.objects.filter(subject_kind="case").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["acknowledge", "hear_filed"]


def test_the_same_document_again_changes_nothing(isp: Node) -> None:
    case, other = sent(isp, builders.filing(1)), sent(isp, builders.filing(2))
    stranger = ResultRecord(codes=(CodeRecord(code=1003),), operation=1, subject="12345")
    said = {
        "results": [result(case, 1002), stranger, result(other, 1001)],
        "opinions": [opinion(case), replace(opinion(other), subject=77)],
    }
    arrive(isp, "D1", **said)
    before = everything()
    arrive(isp, "D1", **said)
    assert everything() == before


def test_the_same_results_in_another_document_change_nothing(isp: Node) -> None:
    case = sent(isp, builders.filing(1))
    said = {"results": [result(case, 1002)], "opinions": [opinion(case)]}
    arrive(isp, "D1", **said)
    before = everything()[0]
    arrive(isp, "D2", **said)
    assert everything()[0] == before
    assert not Task.objects.exists()


def test_an_old_refusal_does_not_answer_the_next_try(isp: Node) -> None:
    case = sent(isp, builders.filing(1))
    said = {"results": [result(case, 1002)], "opinions": [opinion(case)]}
    arrive(isp, "D1", **said)
    again(case)
    arrive(isp, "D2", **said)
    assert state_of(case) == State.ACKNOWLEDGED
    arrive(isp, "D3", results=[result(case, 1002)], opinions=[opinion(case, at="2026-11-22 09:00:00")])
    assert state_of(case) == State.REFUSED


def test_the_same_codes_answer_the_next_try(isp: Node) -> None:
    case = sent(isp, builders.filing(1))
    arrive(isp, "D1", results=[result(case, 1003)])
    again(case)
    arrive(isp, "D2", results=[result(case, 1003)])
    assert state_of(case) == State.RETURNED


def again(case: Case) -> None:
    """Bring a case that was answered to the bureau once more."""
    for state in (State.QUEUED, State.UPLOADED, State.ACKNOWLEDGED):
        Case.objects.filter(pk=case.pk).update(state=state)


def test_what_belongs_to_no_case_is_told_with_all_it_says(isp: Node) -> None:
    said = ResultRecord(codes=(CodeRecord(code=1003, description="冲突"),), operation=1, subject="12345", remark="详")
    arrive(isp, results=[said])
    task = Task.objects.get()
    assert task.kind == TaskKind.UNTOLD
    assert "12345" in task.title
    assert "1003" in task.title
    assert task.content["result"]["remark"] == "详"
    assert not task.holds


def test_a_change_and_a_new_filing_under_one_number_are_told_apart(isp: Node) -> None:
    stored = filed(isp, 1)
    change = sent(isp, change_of(stored))
    other = sent(isp, builders.changed(builders.filing(1), "sponsor.provider_id", stored.sponsor.number))
    assert change.subject == other.subject
    arrive(isp, results=[result(change, 1003)])
    assert (state_of(change), state_of(other)) == (State.RETURNED, State.ACKNOWLEDGED)


def test_material_is_answered_like_a_change(isp: Node) -> None:
    material = sent(isp, builders.attachment("440000000000001"))
    arrive(isp, results=[replace(result(material, 1060), subject=material.subject)])
    assert state_of(material) == State.FILED


def test_material_and_a_change_of_the_same_object_get_what_is_theirs(isp: Node) -> None:
    change = sent(isp, change_of(filed(isp, 1)))
    material = sent(isp, builders.attachment(change.subject))
    joined = replace(result(change, 1060), operation=4)
    arrive(isp, "D1", results=[joined, result(change, 1001)])
    assert (state_of(material), state_of(change)) == (State.FILED, State.FILED)


def test_material_that_joined_twice_is_not_taken_for_a_granted_change(isp: Node) -> None:
    change = sent(isp, change_of(filed(isp, 1)))
    arrive(isp, results=[result(change, 1060)])
    assert state_of(change) == State.ACKNOWLEDGED
    assert Task.objects.get().kind == TaskKind.UNTOLD


@pytest.mark.parametrize("remark", ["上报序号7：第3行，元素不符", "数据序号: 7 不符合规范", "dataSequence=7"])
def test_a_document_that_came_back_whole_holds_its_cases(isp: Node, remark: str) -> None:
    upload, other = outgoing(isp, 7), outgoing(isp, 8)
    mine = [sent(isp, builders.filing(n), upload) for n in (1, 2)]
    theirs = sent(isp, builders.filing(3), other)
    whole = ResultRecord(codes=(CodeRecord(code=5001),), operation=1, remark=remark)
    arrive(isp, "D1", results=[whole])
    assert [state_of(case) for case in (*mine, theirs)] == [State.HELD, State.HELD, State.ACKNOWLEDGED]
    held = Case.objects.get(pk=mine[0].pk)
    assert "上报序号7" in held.held_because
    assert "5001" in held.held_because
    assert not Task.objects.exists()
    before = everything()
    arrive(isp, "D2", results=[whole])
    assert everything()[0] == before[0]
    assert not Task.objects.exists()


def test_what_came_back_whole_goes_alone_until_it_has_an_answer_of_its_own(isp: Node) -> None:
    case = sent(isp, builders.filing(1), outgoing(isp, 7))
    store.put(builders.jpeg_bytes())
    whole = ResultRecord(codes=(CodeRecord(code=5001),), operation=1, remark="上报序号7：不符")
    arrive(isp, "D1", results=[whole])
    assert cases.queue(isp, case.pk, None).alone
    for state in (State.UPLOADED, State.ACKNOWLEDGED):
        Case.objects.filter(pk=case.pk).update(state=state)
    arrive(isp, "D2", results=[result(case, 1003)])
    assert not Case.objects.get().alone


def test_without_a_number_the_only_possible_document_is_meant(isp: Node) -> None:
    case = sent(isp, builders.filing(1), outgoing(isp, 7))
    whole = ResultRecord(codes=(CodeRecord(code=5009),), operation=1, remark="没有权限")
    arrive(isp, "D1", results=[whole])
    assert state_of(case) == State.HELD


def test_without_a_number_and_with_two_documents_somebody_has_to_look(isp: Node) -> None:
    waiting = [sent(isp, builders.filing(n), outgoing(isp, n)) for n in (1, 2)]
    whole = ResultRecord(codes=(CodeRecord(code=5009),), operation=1, remark="没有权限")
    arrive(isp, "D1", results=[whole])
    assert {state_of(case) for case in waiting} == {State.ACKNOWLEDGED}
    assert Task.objects.get().kind == TaskKind.UNTOLD


def test_what_was_cancelled_as_asked_leaves_our_copy(isp: Node) -> None:
    stored = filed(isp, 1, websites=2)
    arrive(isp, "D1", filings=[stored])
    website, other = stored.websites
    asked = sent(isp, cancellation(Cancelled.WEBSITE, website.number or 0))
    arrive(isp, "D2", results=[result(asked, 1001)])
    number = stored.sponsor.number or 0
    assert [each.number for each in copy(isp)[number].websites] == [other.number]
    asked.refresh_from_db()
    assert (asked.sponsor_number, asked.state) == (number, State.FILED)
    last = sent(isp, cancellation(Cancelled.ACCESS, other.accesses[0].number or 0))
    arrive(isp, "D3", results=[result(last, 1001)])
    assert copy(isp) == {}
    assert not Task.objects.exists()


def test_a_refused_cancellation_leaves_everything(isp: Node) -> None:
    stored = filed(isp, 1)
    arrive(isp, "D1", filings=[stored])
    asked = sent(isp, cancellation(Cancelled.SPONSOR, stored.sponsor.number or 0))
    arrive(isp, "D2", results=[result(asked, 1018)])
    assert copy(isp) == {stored.sponsor.number: stored}


def test_a_report_that_comes_back_is_found_by_its_remark(isp: Node) -> None:
    task = Task.objects.create(
        provider=isp, kind=TaskKind.CHECK, about="sponsor:5", title="核实", content={}, state=TaskState.DONE
    )
    report = Case.objects.create(
        provider=isp, reference="1", kind=Kind.CHECK_RESULT, subject="440000000000005", state=State.ACKNOWLEDGED
    )
    Task.objects.filter(pk=task.pk).update(case=report)
    remark = "第1条核实结果（主体标识440000000000005，示例公司）未受理。\n5002 任务不存在"
    arrive(isp, results=[ResultRecord(codes=(CodeRecord(code=5002),), operation=4, remark=remark)])
    assert state_of(report) == State.RETURNED
    task.refresh_from_db()
    assert task.state == TaskState.OPEN


def test_the_sponsor_is_written_to_once(isp: Node, sponsor_account: SponsorAccount) -> None:
    case = sent(isp, builders.filing(1), sponsor_account=sponsor_account)
    said = {"results": [result(case, 1001)]}
    arrive(isp, "D1", **said)
    arrive(isp, "D1", **said)
    arrive(isp, "D2", **said)
    assert Mail.objects.count() == 1


def test_results_of_others_stay_away(isp: Node, beijing_account: Any) -> None:
    case = sent(isp, builders.filing(1))
    arrive(beijing_account.provider, "D1", results=[result(case, 1001)])
    assert state_of(case) == State.ACKNOWLEDGED
