"""The page of one application: what it shows, what it hides, and that looking changes nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from beian import store
from beian.models import BlacklistEntry, BlacklistKind, Event, Node, User
from beian.records import FilingRecord
from beian.records.rows import store_filing, with_numbers
from bureau.models import Application
from bureau.services import review
from bureau.workflow import State
from interface.models import ProviderAccount
from tests.applications import application_row
from tests.builders import access, address_range, approval, attachment, filing, jpeg_bytes, website
from tests.bureau.desks import REVIEW, claimed_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


@pytest.fixture
def desk(signed_in: Callable[[User], Client], reviewer: User) -> Client:
    return signed_in(reviewer)


@pytest.fixture
def record() -> FilingRecord:
    base = filing(77)
    ranges = (address_range(0, count=4),)
    site = website(7701, accesses=(access(7701, ranges=ranges),), approvals=(approval(7701),))
    return replace(base, websites=(site,))


def page(client: Client, application: Application, status: int = 200) -> str:
    response = client.get(f"{REVIEW}{application.pk}/")
    assert response.status_code == status
    return response.content.decode()


def test_codes_stand_by_name_and_addresses_dotted(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    text = page(desk, application_row(guangdong, record))
    for words in (
        "工商营业执照",
        "企业",
        "广东省 深圳市 南山区",
        "虚拟主机",
        "198.18.0.0 – 198.18.0.3",
        "新闻",
        "真实性核验单",
    ):
        assert words in text
    assert "未知代码" not in text


def test_personal_data_is_masked(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    text = page(desk, application_row(guangdong, record))
    sponsor = record.sponsor
    person = sponsor.person
    for secret in (
        sponsor.certificate.number,
        sponsor.certificate.address,
        sponsor.address.detail,
        person.certificate_number,
        person.mobile,
        person.telephone,
        person.email,
    ):
        assert secret
        assert secret not in text
    assert "440*************" in text


def test_revealing_shows_it_once_and_is_written_down(
    desk: Client, guangdong: Node, reviewer: User, record: FilingRecord
) -> None:
    application = application_row(guangdong, record)
    mobile = record.sponsor.person.mobile or ""
    response = desk.post(f"{REVIEW}{application.pk}/reveal", {"reason": "与证件扫描件核对"})
    assert mobile in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    event = Event.objects.get(verb="reveal")
    assert (event.actor, event.reason, event.subject) == (reviewer, "与证件扫描件核对", str(application.pk))
    assert mobile not in page(desk, application)


def test_in_the_background_only_the_sheet_is_replaced(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    application = application_row(guangdong, record)
    response = desk.post(
        f"{REVIEW}{application.pk}/reveal", {"reason": "电话核实联系方式"}, headers={"HX-Request": "true"}
    )
    text = response.content.decode()
    assert record.sponsor.certificate.number in text
    assert "<html" not in text
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_revealing_needs_a_reason(desk: Client, guangdong: Node, record: FilingRecord, headers: dict[str, str]) -> None:
    application = application_row(guangdong, record)
    response = desk.post(f"{REVIEW}{application.pk}/reveal", {"reason": "  "}, headers=headers)
    assert response.status_code == 422
    assert "请填写查看原因" in response.content.decode()
    assert (record.sponsor.person.mobile or "") not in response.content.decode()
    assert not Event.objects.filter(verb="reveal").exists()


def test_looking_changes_nothing(desk: Client, guangdong: Node) -> None:
    application = application_row(guangdong)
    before = Application.objects.filter(pk=application.pk).values().get()
    page(desk, application)
    assert Application.objects.filter(pk=application.pk).values().get() == before
    assert not Event.objects.exists()


def test_a_claim_opens_the_decision(desk: Client, guangdong: Node, reviewer: User) -> None:
    application = application_row(guangdong)
    assert "领取审核" in page(desk, application)
    response = desk.post(f"{REVIEW}{application.pk}/claim?kind=1")
    assert response["Location"] == f"{REVIEW}{application.pk}/?kind=1"
    application.refresh_from_db()
    assert (application.state, application.claimed_by) == (State.CLAIMED, reviewer)
    assert 'name="reasons"' not in page(desk, application)  # the list of reasons is empty
    assert 'name="act"' in page(desk, application)


def test_whoever_comes_second_sees_who_holds_it(desk: Client, guangdong: Node, colleague: User) -> None:
    application = claimed_row(guangdong, colleague)
    text = desk.post(f"{REVIEW}{application.pk}/claim", follow=True).content.decode()
    assert "Qian正在审核" in text
    assert 'name="act"' not in text
    assert 'id="take-over"' not in text


def test_activity_renews_the_claim(desk: Client, guangdong: Node, reviewer: User, colleague: User) -> None:
    soon = timezone.now() + datetime.timedelta(minutes=1)
    mine = claimed_row(guangdong, reviewer, claimed_until=soon)
    assert "until" in desk.post(f"{REVIEW}{mine.pk}/renew").json()
    mine.refresh_from_db()
    assert mine.claimed_until
    assert mine.claimed_until > soon + datetime.timedelta(minutes=20)
    theirs = claimed_row(guangdong, colleague)
    lost = desk.post(f"{REVIEW}{theirs.pk}/renew")
    assert lost.status_code == 409
    assert "领取已过期或被接管" in lost.json()["message"]


def test_giving_back(desk: Client, guangdong: Node, reviewer: User) -> None:
    application = claimed_row(guangdong, reviewer)
    assert desk.post(f"{REVIEW}{application.pk}/release")["Location"] == REVIEW
    application.refresh_from_db()
    assert (application.state, application.claimed_by) == (State.PENDING, None)


def test_a_supervisor_takes_over_with_a_reason(
    signed_in: Callable[[User], Client], guangdong: Node, supervisor: User, colleague: User
) -> None:
    client, application = signed_in(supervisor), claimed_row(guangdong, colleague)
    url = f"{REVIEW}{application.pk}/take-over"
    refused = client.post(url, {"reason": ""})
    assert refused.status_code == 422
    assert "请填写原因" in refused.content.decode()
    client.post(url, {"reason": "原审核人请假"})
    application.refresh_from_db()
    assert application.claimed_by == supervisor
    assert "原审核人Qian" in page(client, application)


def test_only_a_supervisor_takes_over(desk: Client, guangdong: Node, colleague: User) -> None:
    application = claimed_row(guangdong, colleague)
    assert desk.post(f"{REVIEW}{application.pk}/take-over", {"reason": "快"}).status_code == 403
    application.refresh_from_db()
    assert application.claimed_by == colleague


def test_what_shares_something_is_listed_with_what(
    desk: Client, guangdong: Node, beijing: Node, account: ProviderAccount
) -> None:
    first, second = filing(31), filing(32)
    twin = replace(
        second, sponsor=replace(second.sponsor, certificate=first.sponsor.certificate, person=first.sponsor.person)
    )
    application = application_row(guangdong, first)
    application_row(guangdong, twin, sponsor_name="同证件的申请")
    application_row(beijing, twin, sponsor_name="外省的申请")
    text = page(desk, application)
    assert "同证件的申请" in text
    assert "同证件、同电话" in text
    assert "同证件的备案或在办申请 1 件" in text
    assert "外省的申请" not in text


def on_file(bureau: Node, record: FilingRecord) -> None:
    """Put `record` on file at `bureau`, as an approval would."""
    for _ in record.attachments:
        store.put(jpeg_bytes())
    moment = "2026-01-05 10:00:00"
    filed = with_numbers(record, count(440000000000001).__next__, 1)
    sponsor = replace(filed.sponsor, filing_number="粤ICP备2026000009号", first_reported=moment, last_modified=moment)
    sites = tuple(replace(each, first_reported=moment, last_modified=moment) for each in filed.websites)
    store_filing(bureau, replace(filed, sponsor=sponsor, websites=sites), isp_id=1)


def test_filings_on_file_are_listed_with_their_number(desk: Client, guangdong: Node) -> None:
    on_file(guangdong, filing(41))
    same_domain = replace(filing(42), websites=filing(41).websites)
    text = page(desk, application_row(guangdong, same_domain))
    assert "粤ICP备2026000009号" in text
    assert "同域名" in text


def test_hints_say_what_to_look_at(desk: Client, guangdong: Node, beijing: Node) -> None:
    record = replace(filing(51), attachments=[])
    application = application_row(guangdong, record, received_by=beijing)
    BlacklistEntry.objects.create(
        kind=BlacklistKind.DOMAIN, key=application.domains[0], name="示例域名", reason="责令关闭"
    )
    application_row(guangdong, filing(52), subject=application.subject, state=State.REFUSED, opinion="核验单缺少签字")
    text = page(desk, application)
    for words in (
        "黑名单域名：示例域名",
        "缺少真实性核验单",
        "由北京市通信管理局受理后转来",
        "此前被拒绝 1 次，最近一次：核验单缺少签字",
    ):
        assert words in text


def test_the_history_tells_who_did_what(desk: Client, guangdong: Node, reviewer: User) -> None:
    application = application_row(guangdong)
    review.claim(application.pk, reviewer)
    review.release(application.pk, reviewer)
    text = page(desk, application)
    assert "领取审核" in text
    assert "放回队列" in text
    assert "Zhao" in text


def test_an_attachment_is_served_to_its_reviewers_only(
    desk: Client, guangdong: Node, signed_in: Callable[[User], Client], provider_manager: User, reviewer: User
) -> None:
    data = jpeg_bytes(5)
    stored = store.put(data)
    other = store.put(jpeg_bytes(6))
    application = application_row(guangdong, replace(filing(61), attachments=[attachment("1", data=data)]))
    url = f"{REVIEW}{application.pk}/attachments/"
    response = desk.get(url + stored.sha256)
    assert response.content == data
    assert (response["Content-Type"], response["Content-Disposition"]) == ("image/jpeg", "inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert desk.get(url + other.sha256).status_code == 404
    assert signed_in(provider_manager).get(url + stored.sha256).status_code == 403
    assert Client().get(url + stored.sha256).status_code == 302
    desk.get(url + stored.sha256)
    assert Event.objects.filter(verb="read_attachments", actor=reviewer).count() == 1


def test_what_is_no_image_is_only_downloaded(desk: Client, guangdong: Node) -> None:
    data = b"<script>alert(1)</script>"
    stored = store.put(data)
    application = application_row(guangdong, replace(filing(62), attachments=[attachment("1", data=data)]))
    response = desk.get(f"{REVIEW}{application.pk}/attachments/{stored.sha256}")
    assert (response["Content-Type"], response["Content-Disposition"]) == ("application/octet-stream", "attachment")


def test_applications_of_another_bureau_do_not_exist(desk: Client, guangdong: Node, beijing: Node) -> None:
    application = application_row(beijing)
    assert desk.get(f"{REVIEW}{application.pk}/").status_code == 404
    for act in ("claim", "renew", "release", "decide", "reveal"):
        response = desk.post(f"{REVIEW}{application.pk}/{act}", {"reason": "x", "act": "approve", "version": 1})
        assert response.status_code == 404, act
    application.refresh_from_db()
    assert application.state == State.PENDING


@pytest.mark.parametrize("act", ["claim", "renew", "release", "take-over", "decide", "withdraw", "reveal"])
@pytest.mark.parametrize("who", ["outsider", "provider_manager", "administrator"])
def test_nobody_else_may(
    act: str, who: str, request: pytest.FixtureRequest, guangdong: Node, signed_in: Callable[[User], Client]
) -> None:
    application = application_row(guangdong)
    client = signed_in(request.getfixturevalue(who))
    assert client.post(f"{REVIEW}{application.pk}/{act}", {"reason": "x"}).status_code == 403
    assert client.get(f"{REVIEW}{application.pk}/").status_code == 403


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_page(desk: Client, guangdong: Node, state: State) -> None:
    page(desk, application_row(guangdong, state=state))


def test_the_page_costs_a_bounded_number_of_queries(desk: Client, guangdong: Node) -> None:
    application = application_row(guangdong)
    page(desk, application)
    with CaptureQueriesContext(connection) as few:
        page(desk, application)
    big = application_row(guangdong, filing(71, websites=20))
    for _ in range(3):
        application_row(guangdong, filing(71, websites=20))
    with CaptureQueriesContext(connection) as many:
        page(desk, big)
    assert len(many) == len(few)
    assert len(few) <= 30
