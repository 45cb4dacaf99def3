"""Decisions from the page: one decision, a clear message, nothing lost of what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from beian.models import Event, Node, User
from bureau.models import Application
from bureau.services import intake
from bureau.workflow import State
from interface.models import ProviderAccount
from tests.applications import application_row
from tests.builders import filing
from tests.bureau.desks import REVIEW, claimed_row, reasons
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables", "account")]


@pytest.fixture
def desk(signed_in: Callable[[User], Client], reviewer: User) -> Client:
    return signed_in(reviewer)


def taken_in(account: ProviderAccount, seed: int = 1) -> Application:
    upload_of(account, [filing(seed)])
    intake.drain(account.pk)
    return Application.objects.get(state=State.PENDING, subject=str(filing(seed).sponsor.provider_id))


def decide(client: Client, application: Application, act: str, query: str = "", **values: Any) -> HttpResponse:
    application.refresh_from_db()
    data = {"version": application.version, "act": act, **values}
    return client.post(f"{REVIEW}{application.pk}/decide{query}", data)  # type: ignore[return-value]


def told(client: Client, response: HttpResponse) -> str:
    """What the page says that the answer leads to."""
    return client.get(response["Location"]).content.decode()


def test_approving_says_the_number_and_goes_on_by_the_same_filter(
    desk: Client, account: ProviderAccount, guangdong: Node
) -> None:
    application = taken_in(account)
    following = application_row(guangdong)
    desk.post(f"{REVIEW}{application.pk}/claim")
    response = decide(desk, application, "approve", "?kind=1&sort=-received", text="材料齐全")
    application.refresh_from_db()
    assert (application.state, application.opinion) == (State.APPROVED, "材料齐全")
    assert response["Location"] == f"{REVIEW}{following.pk}/?kind=1&sort=-received"
    assert f"备案号 {application.filing_number}" in told(desk, response)


def test_refusing_with_two_reasons_and_words(desk: Client, guangdong: Node, reviewer: User) -> None:
    listed = reasons(guangdong, "照片不清晰", "缺少盖章", "其他")
    application = claimed_row(guangdong, reviewer)
    response = decide(desk, application, "refuse", reasons=[listed[1].pk, listed[0].pk], text="第二行\r\n另起一行")
    application.refresh_from_db()
    assert application.state == State.REFUSED
    assert application.opinion == f"{listed[0].text}\n{listed[1].text}\n第二行\n另起一行"
    assert response["Location"] == REVIEW
    assert "已拒绝" in told(desk, response)


def test_refusing_without_a_word_is_refused_beside_the_field(desk: Client, guangdong: Node, reviewer: User) -> None:
    reasons(guangdong, "照片不清晰")
    application = claimed_row(guangdong, reviewer)
    response = decide(desk, application, "refuse")
    assert response.status_code == 422
    assert "请至少选择一条理由或填写意见" in response.content.decode()
    application.refresh_from_db()
    assert application.state == State.CLAIMED


def test_reasons_and_text_together_have_one_limit(desk: Client, guangdong: Node, reviewer: User) -> None:
    reason = reasons(guangdong, "照片不清晰")[0]
    application = claimed_row(guangdong, reviewer)
    room = 1024 - len(reason.text) - 1
    too_long = decide(desk, application, "refuse", reasons=[reason.pk], text="多" * (room + 1))
    assert too_long.status_code == 422
    text = too_long.content.decode()
    assert "合计最多1024个字，现有1025个" in text
    assert "多" * (room + 1) in text
    assert f'value="{reason.pk}"' in text
    assert text.count(" checked") == 2  # the reason, and the switch of the shortcuts
    assert decide(desk, application, "refuse", reasons=[reason.pk], text="多" * room).status_code == 302


def test_a_reason_of_another_bureau_cannot_be_chosen(
    desk: Client, guangdong: Node, beijing: Node, reviewer: User
) -> None:
    foreign = reasons(beijing, "北京的理由")[0]
    application = claimed_row(guangdong, reviewer)
    assert decide(desk, application, "refuse", reasons=[foreign.pk], text="x").status_code == 422


def test_a_stale_page_keeps_what_was_typed(desk: Client, guangdong: Node, reviewer: User) -> None:
    reason = reasons(guangdong, "照片不清晰")[0]
    application = claimed_row(guangdong, reviewer, version=7)
    response = decide(desk, application, "refuse", version=6, reasons=[reason.pk], text="写了很久的意见")
    text = response.content.decode()
    assert response.status_code == 409
    assert "在您打开页面之后已有变化" in text
    assert "写了很久的意见" in text
    application.refresh_from_db()
    assert application.state == State.CLAIMED


def test_another_was_faster(
    desk: Client, signed_in: Callable[[User], Client], guangdong: Node, reviewer: User, supervisor: User
) -> None:
    application = claimed_row(guangdong, reviewer)
    version = application.version
    boss = signed_in(supervisor)
    boss.post(f"{REVIEW}{application.pk}/take-over", {"reason": "急件"})
    decide(boss, application, "refuse", text="主管的意见")
    response = decide(desk, application, "refuse", version=version, text="审核员的意见")
    text = response.content.decode()
    assert response.status_code == 409
    assert "已拒绝" in text
    assert "由Sun办结" in text
    assert "审核员的意见" in text
    application.refresh_from_db()
    assert application.opinion == "主管的意见"
    assert Event.objects.filter(verb="refuse").count() == 1


def test_a_claim_lost_to_a_supervisor(
    desk: Client, signed_in: Callable[[User], Client], guangdong: Node, reviewer: User, supervisor: User
) -> None:
    application = claimed_row(guangdong, reviewer)
    signed_in(supervisor).post(f"{REVIEW}{application.pk}/take-over", {"reason": "急件"})
    response = decide(desk, application, "refuse", text="没有丢失")
    assert response.status_code == 409
    assert "Sun正在审核这件申请" in response.content.decode()
    assert "没有丢失" in response.content.decode()


def test_a_repeated_click_decides_once_and_says_so(desk: Client, account: ProviderAccount) -> None:
    application = taken_in(account)
    desk.post(f"{REVIEW}{application.pk}/claim")
    application.refresh_from_db()
    data = {"version": application.version, "act": "approve", "text": ""}
    first = desk.post(f"{REVIEW}{application.pk}/decide", data)
    second = desk.post(f"{REVIEW}{application.pk}/decide", data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert second["Location"] == f"{REVIEW}{application.pk}/"
    assert "没有重复办理" in told(desk, second)  # type: ignore[arg-type]
    assert Event.objects.filter(verb="approve").count() == 1


def test_without_script_approving_asks_first(desk: Client, guangdong: Node, reviewer: User) -> None:
    application = claimed_row(guangdong, reviewer)
    response = decide(desk, application, "ask_approve")
    assert response.status_code == 200
    assert 'id="approve" aria-labelledby="approve-title" data-open' in response.content.decode()
    application.refresh_from_db()
    assert application.state == State.CLAIMED


def test_a_conflict_at_approval_returns_it_and_says_so(
    desk: Client, account: ProviderAccount, guangdong: Node, reviewer: User
) -> None:
    first = taken_in(account, 1)
    desk.post(f"{REVIEW}{first.pk}/claim")
    decide(desk, first, "approve")
    # Slipped in beside the checks of intake, as data that was migrated meanwhile would be.
    same_domain = replace(filing(2), websites=filing(1).websites)
    second = claimed_row(guangdong, reviewer, record=same_domain, isp_id=account.isp_id)
    response = decide(desk, second, "approve")
    second.refresh_from_db()
    assert second.state == State.RETURNED
    assert "审批时发现冲突（" in told(desk, response)


def test_unknown_acts_are_refused(desk: Client, guangdong: Node, reviewer: User) -> None:
    application = claimed_row(guangdong, reviewer)
    assert decide(desk, application, "delete").status_code == 400
    assert desk.get(f"{REVIEW}{application.pk}/decide").status_code == 405


def test_a_supervisor_withdraws_at_the_providers_request(
    signed_in: Callable[[User], Client], guangdong: Node, supervisor: User
) -> None:
    client, application = signed_in(supervisor), application_row(guangdong)
    url = f"{REVIEW}{application.pk}/withdraw"
    assert client.post(url, {"reason": "", "version": application.version}).status_code == 422
    response = client.post(url, {"reason": "接入商来函要求撤回", "version": application.version})
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    assert "已撤回" in told(client, response)  # type: ignore[arg-type]


def test_a_reviewer_does_not_withdraw(desk: Client, guangdong: Node, reviewer: User) -> None:
    application = claimed_row(guangdong, reviewer)
    assert desk.post(f"{REVIEW}{application.pk}/withdraw", {"reason": "x", "version": 1}).status_code == 403


class TestTwoStages:
    """Beijing: a first reviewer recommends, another person decides."""

    URL = "/bureaus/110000/review/"

    def post(self, client: Client, application: Application, act: str, **values: Any) -> Any:
        application.refresh_from_db()
        data = {"version": application.version, "act": act, **values}
        return client.post(f"{self.URL}{application.pk}/decide", data)

    def text(self, client: Client, application: Application) -> str:
        return client.get(f"{self.URL}{application.pk}/").content.decode()

    def test_first_recommends_second_decides(
        self, signed_in: Callable[[User], Client], beijing: Node, beijing_account: ProviderAccount,
        outsider: User, beijing_approver: User,
    ) -> None:  # fmt: skip
        first, second = signed_in(outsider), signed_in(beijing_approver)
        reason = reasons(beijing, "照片不清晰")[0]
        application = claimed_row(beijing, outsider, isp_id=beijing_account.isp_id)
        text = self.text(first, application)
        assert "由另一人复核后决定" in text
        assert "建议拒绝" in text
        self.post(first, application, "recommend_refuse", reasons=[reason.pk], text="另见附件")
        application.refresh_from_db()
        assert application.state == State.RECOMMENDED
        assert "初审由您完成" in self.text(first, application)
        second.post(f"{self.URL}{application.pk}/claim")
        text = self.text(second, application)
        assert "初审建议拒绝" in text
        assert f'value="{reason.pk}" data-reason="{reason.text}" data-digit="1" data-shortcut="r"' in text
        assert "另见附件</textarea>" in text
        self.post(second, application, "refuse", reasons=[reason.pk], text="另见附件")
        application.refresh_from_db()
        assert (application.state, application.decided_by) == (State.REFUSED, beijing_approver)

    def test_the_first_reviewer_cannot_decide(
        self, signed_in: Callable[[User], Client], beijing: Node, outsider: User
    ) -> None:
        client, application = signed_in(outsider), claimed_row(beijing, outsider)
        response = self.post(client, application, "approve")
        assert response.status_code == 409
        assert "两级审核" in response.content.decode()
        application.refresh_from_db()
        assert application.state == State.CLAIMED

    def test_an_approver_is_told_why_there_is_nothing_to_decide(
        self, signed_in: Callable[[User], Client], beijing: Node, beijing_approver: User
    ) -> None:
        text = self.text(signed_in(beijing_approver), application_row(beijing))
        assert "还没有初审意见" in text
        assert "领取审核" not in text

    def test_sent_back_with_a_reason(
        self, signed_in: Callable[[User], Client], beijing: Node, outsider: User, beijing_approver: User
    ) -> None:
        client = signed_in(beijing_approver)
        application = application_row(beijing, state=State.RECOMMENDED, recommended_by=outsider)
        client.post(f"{self.URL}{application.pk}/claim")
        assert self.post(client, application, "send_back", reason="").status_code == 422
        self.post(client, application, "send_back", reason="请核对核验单")
        application.refresh_from_db()
        assert application.state == State.PENDING
        assert "请核对核验单" in self.text(client, application)
