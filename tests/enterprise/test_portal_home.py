"""A sponsor's own pages: what he sees of his cases, how they refresh, and how he corrects what was sent back."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from django.test import Client

from beian.models import Node, User
from enterprise.models import Case, Connection, SponsorAccount
from enterprise.services import cases
from enterprise.services.cases import Correction
from enterprise.services.contents import request_of
from enterprise.services.documents import CERTIFICATE, SPONSOR_PERSON, WEBSITE_PERSON
from enterprise.views.portal_cases.case import LONGEST_LOOKING, STOP_POLLING
from enterprise.workflow import State
from tests import builders
from tests.enterprise.conftest import case_in, new_filing
from tests.enterprise.sponsoring import page, text_of


@pytest.fixture
def case(isp: Node, sponsor_account: SponsorAccount, connection: Connection) -> Case:
    """A new filing with the photos that a sponsor hands in."""
    photos = (
        builders.attachment("sponsor", purpose=CERTIFICATE),
        builders.attachment("sponsor", purpose=SPONSOR_PERSON),
        builders.attachment("websites.0", owner_kind=2, purpose=WEBSITE_PERSON),
    )
    begun = case_in(isp, State.DRAFT, account=sponsor_account)
    return cases.submit(isp, begun.pk, replace(new_filing(), attachments=photos), sponsor_account.user)


def test_cases_stand_by_what_is_to_be_done(case: Case, sponsor_account: SponsorAccount, isp: Node, clerk: User) -> None:
    other = case_in(isp, State.DRAFT, account=sponsor_account)
    ended = case_in(isp, State.DRAFT, account=sponsor_account)
    cases.abandon(isp, ended.pk, sponsor_account.user, "不需要")
    shown = text_of(page(sponsor_account, "mine/"))
    places = [shown.index(each) for each in (other.reference, case.reference, ended.reference)]
    assert places == sorted(places)
    assert shown.index("需要您办理") < shown.index("办理中") < shown.index("已结束的申请")


def test_an_empty_page_says_what_to_do(sponsor_account: SponsorAccount) -> None:
    shown = text_of(page(sponsor_account, "mine/"))
    assert "没有正在办理的申请" in shown
    assert "用备案密码添加" in shown


@pytest.mark.parametrize("path", ["", "progress?opened=9999999999", "correct", "hand-in", "abandon"])
def test_anothers_case_does_not_exist(case: Case, stranger_account: SponsorAccount, path: str) -> None:
    data = {"reason": "x"} if path == "abandon" else None
    assert page(stranger_account, f"mine/cases/{case.reference}/{path}", data).status_code == 404
    assert case.reference not in text_of(page(stranger_account, "mine/"))


def test_another_providers_sponsor_sees_nothing(case: Case, sponsor_account: SponsorAccount, isp: Node) -> None:
    client = Client()
    client.force_login(sponsor_account.user)
    elsewhere = Node.objects.create(code="provider:440000000077", kind="provider", name="他家", province=440000)
    assert client.get(f"/isp/{elsewhere.isp_id}/mine/cases/{case.reference}/").status_code == 403


def test_the_office_has_no_business_here(case: Case, clerk: User, isp: Node) -> None:
    client = Client()
    client.force_login(clerk)
    assert client.get(f"/isp/{isp.isp_id}/mine/cases/{case.reference}/").status_code == 403


def test_what_was_asked_for_is_shown_masked(case: Case, sponsor_account: SponsorAccount) -> None:
    response = page(sponsor_account, f"mine/cases/{case.reference}/")
    shown, filing = text_of(response), new_filing()
    assert filing.sponsor.name in shown
    for secret in (filing.sponsor.person.mobile, filing.sponsor.certificate.number, filing.sponsor.person.email):
        assert secret not in shown
    assert "no-store" in response["Cache-Control"]


def test_the_page_learns_of_a_step_and_is_left_alone_otherwise(
    case: Case, sponsor_account: SponsorAccount, isp: Node, clerk: User
) -> None:
    shown = text_of(page(sponsor_account, f"mine/cases/{case.reference}/"))
    live = re.search(r'hx-get="([^"]+)"', shown)
    assert live is not None
    address = live[1].replace("&amp;", "&")
    assert page(sponsor_account, address).status_code == 204
    cases.pass_check(isp, case.pk, clerk)
    changed = page(sponsor_account, address)
    assert changed.status_code == 200
    assert "等待当面核验" in text_of(changed)
    again = re.search(r'hx-get="([^"]+)"', text_of(changed))
    assert again is not None
    assert page(sponsor_account, again[1].replace("&amp;", "&")).status_code == 204


def test_a_page_left_open_does_not_keep_one_signed_in(case: Case, sponsor_account: SponsorAccount) -> None:
    for opened in (str(int(time.time()) - LONGEST_LOOKING - 1), "", "x", "²"):
        response = page(sponsor_account, f"mine/cases/{case.reference}/progress?opened={opened}")
        assert response.status_code == STOP_POLLING


def test_a_case_is_given_up_with_a_reason(case: Case, sponsor_account: SponsorAccount) -> None:
    path = f"mine/cases/{case.reference}/abandon"
    assert page(sponsor_account, path, {"reason": " "}).status_code == 422
    assert page(sponsor_account, path, {"reason": "域名不要了"}).status_code == 302
    shown = text_of(page(sponsor_account, f"mine/cases/{case.reference}/"))
    assert "域名不要了" in shown
    assert "hx-get" not in shown
    assert page(sponsor_account, path, {"reason": "再来"}).status_code == 422


@pytest.fixture
def sent_back(case: Case, isp: Node, clerk: User) -> Case:
    wanted = [
        Correction("websites.0.name", "请写全称"),
        Correction("sponsor.person.mobile", "打不通"),
        Correction("attachments.0.content", "照片模糊"),
    ]
    return cases.send_back(isp, case.pk, wanted, clerk)


def controls(shown: str) -> set[str]:
    names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', shown))
    return {name for name in names if "." in name}


def test_exactly_the_named_fields_are_offered(sent_back: Case, sponsor_account: SponsorAccount) -> None:
    shown = text_of(page(sponsor_account, f"mine/cases/{sent_back.reference}/correct"))
    assert controls(shown) == {"websites.0.name", "sponsor.person.mobile"}
    assert "请写全称" in shown
    assert "打不通" in shown
    assert "照片模糊" in shown


def test_another_part_is_opened_knowingly(sent_back: Case, sponsor_account: SponsorAccount) -> None:
    path = f"mine/cases/{sent_back.reference}/correct"
    assert "websites.0.person.email" in controls(text_of(page(sponsor_account, f"{path}?open=websites.0.person")))
    unknown = controls(text_of(page(sponsor_account, f"{path}?open=websites.7&open=x")))
    assert unknown == {"websites.0.name", "sponsor.person.mobile"}


def test_a_correction_is_handed_in_again(sent_back: Case, sponsor_account: SponsorAccount) -> None:
    data = {
        "version": str(sent_back.version),
        "websites.0.name": "示例网站全称",
        "sponsor.person.mobile": "16001234567",
        "websites.0.home_page": "http://evil.example/",
        "go": "submit",
    }
    response = page(sponsor_account, f"mine/cases/{sent_back.reference}/correct", data)
    assert response.status_code == 302, text_of(response)
    sent_back.refresh_from_db()
    request = request_of(sent_back)
    assert (sent_back.state, sent_back.corrections) == (State.SUBMITTED, [])
    assert (request.websites[0].name, request.sponsor.person.mobile) == ("示例网站全称", "16001234567")
    assert request.websites[0].home_page == new_filing().websites[0].home_page
    assert request.sponsor.provider_id is not None


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    sent_back: Case, sponsor_account: SponsorAccount
) -> None:
    data = {
        "version": str(sent_back.version),
        "websites.0.name": "示例网站全称",
        "sponsor.person.mobile": "12",
        "go": "submit",
    }
    response = page(sponsor_account, f"mine/cases/{sent_back.reference}/correct", data)
    assert response.status_code == 422
    shown = text_of(response)
    assert 'href="#f-sponsor-person-mobile"' in shown
    assert 'value="12"' in shown
    assert "示例网站全称" in shown
    sent_back.refresh_from_db()
    assert sent_back.state == State.SENT_BACK


def test_a_page_that_is_overtaken_is_told_so(sent_back: Case, sponsor_account: SponsorAccount) -> None:
    path = f"mine/cases/{sent_back.reference}/correct"
    data = {"version": str(sent_back.version), "websites.0.name": "甲", "sponsor.person.mobile": "1", "go": "leave"}
    assert page(sponsor_account, path, data).status_code == 302
    late = page(sponsor_account, path, {**data, "websites.0.name": "乙"})
    assert late.status_code == 422
    assert "已有变化" in text_of(late)
    assert "还没有保存" in text_of(late)
    assert 'value="乙"' in text_of(late), "what was typed stands there again"
    sent_back.refresh_from_db()
    again = {**data, "version": str(sent_back.version), "websites.0.name": "乙"}
    assert page(sponsor_account, path, again).status_code == 302
    sent_back.refresh_from_db()
    assert sent_back.typed["websites"][0]["name"] == "乙"
    assert page(sponsor_account, path, {**data, "version": "x"}).status_code == 404


def test_forms_from_elsewhere_are_refused(case: Case, sponsor_account: SponsorAccount, isp: Node) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(sponsor_account.user)
    for path in (f"cases/{case.reference}/abandon", "begin", "start", "claim", f"cases/{case.reference}/hand-in"):
        assert client.post(f"/isp/{isp.isp_id}/mine/{path}", {"reason": "x", "kind": "1"}).status_code == 403
    case.refresh_from_db()
    assert case.state == State.SUBMITTED
