"""The case page: what it shows, and what a clerk decides on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from beian.models import Event, Node, User
from beian.records.rows import store_filings
from enterprise.models import Agent, Case, SponsorAccount
from enterprise.services import cases
from enterprise.services.cases import Beginning, Correction
from enterprise.services.drafts import draft_of
from enterprise.workflow import Kind, Origin, State
from tests import builders
from tests.enterprise.conftest import case_in, new_filing
from tests.on_file import on_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clerk: User, signed_in: Callable[[User], Client]) -> Client:
    """The clerk at work."""
    return signed_in(clerk)


def url(case: Case, name: str = "case", **kwargs: Any) -> str:
    return reverse(f"enterprise:{name}", kwargs={"isp": case.provider.isp_id, "pk": case.pk, **kwargs})


def page(client: Client, case: Case) -> str:
    response = client.get(url(case))
    assert response.status_code == 200
    return response.content.decode()


def test_personal_data_is_masked_until_it_is_revealed_with_a_reason(isp: Node, desk: Client, clerk: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    person = new_filing().sponsor.person
    shown = page(desk, case)
    for personal in (person.certificate_number, person.mobile):
        assert personal not in shown
    assert desk.post(url(case, "case_reveal"), {"reason": ""}).status_code == 422
    plain = desk.post(url(case, "case_reveal"), {"reason": "电话核实"}).content.decode()
    assert person.certificate_number in plain
    event = Event.objects.filter(verb="reveal").get()
    assert (event.actor, event.reason, event.subject) == (clerk, "电话核实", str(case.pk))


def test_a_case_passes_from_its_page(isp: Node, desk: Client) -> None:
    case = case_in(isp, State.SUBMITTED)
    response = desk.post(url(case, "case_act"), {"act": "pass_check", "version": case.version}, follow=True)
    assert "待核验" in response.content.decode()
    assert Case.objects.get().state == State.CHECKED


def test_a_page_made_before_the_last_change_decides_nothing(isp: Node, desk: Client) -> None:
    case = case_in(isp, State.SUBMITTED)
    for name, data in (
        ("case_act", {"act": "pass_check"}),
        ("case_send_back", {"field": "websites.0.name", "note:websites.0.name": "请写全称"}),
    ):
        response = desk.post(url(case, name), {**data, "version": case.version - 1})
        assert response.status_code == 409
        assert "已有变化" in response.content.decode()
    assert "请写全称" in response.content.decode()
    assert Case.objects.get().state == State.SUBMITTED


def test_a_case_goes_back_with_a_note_for_each_field(isp: Node, desk: Client) -> None:
    case = case_in(isp, State.SUBMITTED)
    data = {
        "version": case.version,
        "field": ["websites.0.name", "sponsor.person.mobile"],
        "note:websites.0.name": "请写全称",
    }
    refused = desk.post(url(case, "case_send_back"), data)
    assert refused.status_code == 422
    assert "请说明怎样修改" in refused.content.decode()
    assert "请写全称" in refused.content.decode()
    desk.post(url(case, "case_send_back"), {**data, "note:sponsor.person.mobile": "打不通", "reason": "请尽快"})
    case.refresh_from_db()
    assert case.state == State.SENT_BACK
    assert case.corrections == [
        {"about": "websites.0.name", "note": "请写全称"},
        {"about": "sponsor.person.mobile", "note": "打不通"},
        {"about": "", "note": "请尽快"},
    ]
    shown = page(desk, case)
    assert "已要求修改：请写全称" in shown
    assert "请尽快" in shown


def test_picking_fields_works_without_script(isp: Node, desk: Client) -> None:
    case = case_in(isp, State.SUBMITTED)
    picked = {"version": case.version, "field": ["websites.0.domains"], "choose": "1", "reason": "另见附件"}
    shown = desk.post(url(case, "case_send_back"), picked).content.decode()
    assert 'name="note:websites.0.domains"' in shown
    assert "网站1·域名" in shown
    assert "另见附件" in shown
    assert Case.objects.get().state == State.SUBMITTED


def test_a_field_that_the_page_does_not_have_is_not_picked(isp: Node, desk: Client) -> None:
    case = case_in(isp, State.SUBMITTED)
    data = {"field": ["websites.0.name", "websites.9.name", "<script>"]}
    response = desk.post(url(case, "case_corrections"), data)
    assert [pick.about for pick in response.context["send_back"].picks] == ["websites.0.name"]


def test_what_keeps_a_case_from_the_queue_is_told(isp: Node, desk: Client) -> None:
    case = case_in(isp, State.VERIFIED)
    case.request["websites"][0]["name"] = "长" * 600
    case.save(update_fields=["request"])
    response = desk.post(url(case, "case_act"), {"act": "queue", "version": case.version})
    assert response.status_code == 422
    assert response.context["problems"]


def test_a_case_is_queued_alone_and_taken_out_again(isp: Node, desk: Client) -> None:
    case = case_in(isp, State.VERIFIED)
    desk.post(url(case, "case_act"), {"act": "queue_alone", "version": case.version})
    case.refresh_from_db()
    assert (case.state, case.alone) == (State.QUEUED, True)
    desk.post(url(case, "case_act"), {"act": "unqueue", "version": case.version})
    assert Case.objects.get().state == State.VERIFIED


def test_a_case_is_given_up_with_a_reason(isp: Node, desk: Client) -> None:
    case = case_in(isp, State.SUBMITTED)
    assert desk.post(url(case, "case_abandon"), {"reason": ""}).status_code == 422
    desk.post(url(case, "case_abandon"), {"reason": "主办者不再需要"})
    assert Case.objects.get().state == State.ABANDONED
    assert "主办者不再需要" in page(desk, case)


def test_a_case_is_given_to_somebody_of_the_office_only(
    isp: Node, desk: Client, verifier: User, sponsor_account: SponsorAccount
) -> None:
    case = case_in(isp, State.SUBMITTED)
    desk.post(url(case, "case_assign"), {"person": verifier.pk})
    assert Case.objects.get().assigned_to == verifier
    assert desk.post(url(case, "case_assign"), {"person": sponsor_account.user_id}).status_code == 422
    assert "Chen" in page(desk, case)


def test_who_may_not_decide_is_offered_nothing(
    isp: Node, verifier: User, agent_person: User, signed_in: Callable[..., Client]
) -> None:
    case = case_in(isp, State.SUBMITTED)
    client = signed_in(verifier)
    acts = client.get(url(case)).context["acts"]
    assert not any(acts.values())
    response = client.post(url(case, "case_act"), {"act": "pass_check", "version": case.version})
    assert response.status_code == 409
    assert Case.objects.get().state == State.SUBMITTED
    assert signed_in(agent_person).post(url(case, "case_act"), {"act": "pass_check"}).status_code == 403


def test_the_bureaus_answer_says_what_to_do(isp: Node, desk: Client) -> None:
    case = case_in(isp, State.SUBMITTED)
    case.state = State.SENT_BACK
    case.codes = [{"code": 1005, "description": "域名 example1.cn 已在其他备案中"}]
    case.opinions = [{"verdict": 0, "opinion": "请核实网站名称", "reviewer": "赵", "telephone": "", "reviewed": ""}]
    case.save(update_fields=["state", "codes", "opinions"])
    shown = page(desk, case)
    for words in ("1005", "已在其他备案中", "请主办者先在原备案中注销", "请核实网站名称", "不通过"):
        assert words in shown


def test_what_our_copy_says_stands_beside_its_field(isp: Node, guangdong: Node, desk: Client) -> None:
    case = case_in(isp, State.SUBMITTED)
    store_filings(isp, [on_file(guangdong, builders.filing(1), isp.isp_id)], isp_id=isp.isp_id)
    response = desk.get(url(case))
    remarks = [line for block in response.context["blocks"] for line in block.lines if line.remarks]
    assert any(line.about.startswith("websites.0.domains") for line in remarks)
    assert response.context["holdings"]


def test_earlier_cases_of_the_same_certificate_are_shown(isp: Node, desk: Client) -> None:
    first = case_in(isp, State.SUBMITTED, 1)
    cases.abandon(isp, first.pk, None, "重填")
    second = case_in(isp, State.SUBMITTED, 1)
    others = desk.get(url(second)).context["others"]
    assert [(each.case.pk, each.common) for each, _ in others] == [(first.pk, "同证件、同域名")]


def test_another_request_about_the_same_filing_is_told_of(isp: Node, desk: Client) -> None:
    """The bureau takes one at a time; a draft counts, one that ended does not, nor one about another filing."""
    first, second, other, ended = (
        cases.begin(isp, Beginning(kind=kind, origin=Origin.OFFICE, sponsor_number=number, draft={}), None)
        for kind, number in (
            (Kind.CHANGE, 440000000000001), (Kind.CANCEL_WEBSITE, 440000000000001),
            (Kind.CHANGE, 440000000000002), (Kind.CHANGE, 440000000000001),
        )
    )  # fmt: skip
    cases.abandon(isp, ended.pk, None, "重填")
    hints = [hint.text for hint in desk.get(url(first)).context["hints"]]
    assert [text for text in hints if "另有申请" in text] == [
        f"整件申请：另有申请 {second.reference}：注销网站，{second.get_state_display()}"
    ]
    assert "另有申请" not in page(desk, other)


def test_a_draft_that_lacks_its_accesses_is_not_called_in_order(isp: Node, desk: Client) -> None:
    draft = draft_of(new_filing())
    draft["websites"][0]["accesses"] = [{}]
    case = cases.begin(isp, Beginning(kind=Kind.NEW_FILING, origin=Origin.OFFICE, draft=draft), None)
    hints = [hint.anchor for hint in desk.get(url(case)).context["hints"]]
    assert any("accesses" in anchor for anchor in hints)
    assert "没有发现问题" not in page(desk, case)


def test_an_agents_people_learn_of_nobody_elses_case_or_filing_by_what_they_fill_in(
    isp: Node, guangdong: Node, desk: Client, agent_person: User, signed_in: Callable[..., Client]
) -> None:
    filed = on_file(guangdong, builders.filing(1), isp.isp_id)
    store_filings(isp, [filed], isp_id=isp.isp_id)
    others = case_in(isp, State.SUBMITTED, 1)
    own = case_in(isp, State.SUBMITTED, 1)
    Case.objects.filter(pk=own.pk).update(agent=Agent.objects.get())
    seen = desk.get(url(own))
    assert [each.case.pk for each, _ in seen.context["others"]] == [others.pk]
    assert [each.number for each, _ in seen.context["holdings"]] == [filed.sponsor.number]
    response = signed_in(agent_person).get(url(own))
    assert (response.context["others"], response.context["holdings"]) == ([], [])
    shown = response.content.decode()
    for hidden in (others.reference, filed.sponsor.filing_number, filed.websites[0].filing_number):
        assert str(hidden) in seen.content.decode()
        assert str(hidden) not in shown


def test_a_file_is_served_to_whom_the_case_is_open_and_noted(
    isp: Node, desk: Client, agent_person: User, signed_in: Callable[..., Client]
) -> None:
    case = case_in(isp, State.SUBMITTED)
    sha256 = new_filing().attachments[0].content.sha256
    response = desk.get(url(case, "case_file", sha256=sha256))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert Event.objects.filter(verb="read_attachments", subject=str(case.pk)).count() == 1
    assert desk.get(url(case, "case_file", sha256="0" * 64)).status_code == 404
    assert signed_in(agent_person).get(url(case, "case_file", sha256=sha256)).status_code == 404


@pytest.mark.parametrize("kind", list(Kind), ids=lambda kind: kind.name)
def test_every_kind_has_a_page(isp: Node, desk: Client, kind: Kind) -> None:
    case = cases.begin(isp, Beginning(kind=kind, origin=Origin.OFFICE, draft=None), None)
    assert case.reference in page(desk, case)


def test_a_draft_shows_what_is_there_and_what_lacks(isp: Node, desk: Client) -> None:
    draft = {"sponsor": {"name": "示例科技有限公司"}, "websites": [{"name": "示例"}]}
    case = cases.begin(isp, Beginning(kind=Kind.NEW_FILING, origin=Origin.OFFICE, draft=draft), None)
    shown = page(desk, case)
    assert "示例科技有限公司" in shown
    assert "尚未提交" in shown


def test_corrections_vanish_with_the_next_submission(isp: Node, desk: Client, clerk: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    cases.send_back(isp, case.pk, [Correction("websites.0.name", "请写全称")], clerk)
    corrected = replace(new_filing(), remark="已改")
    cases.submit(isp, case.pk, corrected, None)
    assert "已要求修改" not in page(desk, case)
