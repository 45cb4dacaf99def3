"""The page of an application about a filing that stands: by kind what is asked, what is on file, what goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from beian.models import Node, RegisteredRange, Sponsor, User
from beian.records import Cancelled, FilingRecord, as_json
from bureau.models import Application
from bureau.workflow import Kind, State
from tests.applications import application_row
from tests.beian.filed import CALLER, OTHER, change
from tests.builders import FIRST_ADDRESS, attachment, changed, domain, filing
from tests.bureau.desks import REVIEW
from tests.bureau.matters import (
    application_about,
    cancellation,
    contested,
    every_kind,
    filed,
    form_of,
    requests_about,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]
KINDS = ["new_website", "new_access", "change", "cancel_access", "cancel_website", "cancel_sponsor"]


@pytest.fixture
def desk(signed_in: Callable[[User], Client], reviewer: User) -> Client:
    return signed_in(reviewer)


@pytest.fixture
def record(guangdong: Node) -> FilingRecord:
    return filed(guangdong)


def page(client: Client, application: Application) -> str:
    response = client.get(f"{REVIEW}{application.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def unmarked(text: str) -> str:
    """A page without the marks inside its texts."""
    return re.sub("</?(ins|del)>", "", text)


def after(text: str, mark: str) -> str:
    """What stands on a page behind `mark`."""
    assert mark in text
    return text.split(mark, 1)[1]


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_page_in_every_state(
    desk: Client, guangdong: Node, record: FilingRecord, kind: str, state: State
) -> None:
    application = application_about(guangdong, record, requests_about(record)[kind], state=state)
    text = page(desk, application)
    assert application.get_kind_display() in text
    assert f'href="/bureaus/440000/filings/{record.sponsor.number}/"' in text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", [State.PENDING, State.APPROVED])
def test_a_page_stands_when_the_filing_is_gone(
    desk: Client, guangdong: Node, record: FilingRecord, kind: str, state: State
) -> None:
    number = record.sponsor.filing_number
    application = application_about(guangdong, record, requests_about(record)[kind], state=state, filing_number=number)
    Sponsor.objects.held_by(guangdong).all().delete()
    text = page(desk, application)
    as_it_should_be = kind == "cancel_sponsor" and state == State.APPROVED
    assert ("没有这件申请所涉的备案" in text) != as_it_should_be
    if kind == "cancel_sponsor":
        assert str(number) in text
    assert ("所涉备案已不在本局备案库中" in text) == (state == State.PENDING)


@pytest.mark.parametrize("kind", KINDS)
def test_personal_data_is_masked_until_it_is_revealed(
    desk: Client, guangdong: Node, record: FilingRecord, kind: str
) -> None:
    application = application_about(guangdong, record, requests_about(record)[kind])
    person = record.sponsor.person
    secrets = (person.certificate_number, person.mobile, person.email, record.sponsor.certificate.number, "16000009999")
    text = page(desk, application)
    for secret in secrets:
        assert secret
        assert secret not in text
    shown = desk.post(f"{REVIEW}{application.pk}/reveal", {"reason": "电话核实联系方式"}).content.decode()
    assert str(person.email) in shown


def test_old_and_new_stand_side_by_side_and_the_rest_is_folded(
    desk: Client, guangdong: Node, record: FilingRecord
) -> None:
    wanted = change(changed(record, "websites.0.name", "示例网站一百零一"))
    text = page(desk, application_about(guangdong, record, wanted))
    assert "<del>101</del>" in text
    assert "<ins>一百零一</ins>" in text
    folded = after(text, "未变更的部分")
    assert "示例网站102" in folded
    assert "网站负责人" in folded
    assert "主体负责人" in folded


def test_a_change_looks_the_same_after_its_decision(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    site = record.websites[0]
    wanted = change(changed(record, "websites.0.domains", (*site.domains, domain(9))))
    before = page(desk, application_about(guangdong, record, wanted))
    ended = page(desk, application_about(guangdong, record, wanted, state=State.APPROVED))
    for text in (before, ended):
        assert "example101.cn、<ins>example9.cn</ins>" in text


def test_what_others_changed_too_is_marked_with_all_three_values(
    desk: Client, guangdong: Node, record: FilingRecord
) -> None:
    base, wanted = contested(guangdong, record)
    application = application_about(guangdong, record, wanted, base=base)
    text = page(desk, application)
    assert "另有变更" in text
    assert "before@" not in text
    shown = desk.post(f"{REVIEW}{application.pk}/reveal", {"reason": "x"}).content.decode()
    assert "接入商上次确认收到的是“before@example1.cn”" in shown
    assert "asked@example1.cn" in unmarked(shown)
    assert "1 项内容在接入商上次确认之后另有变更" in text


def test_a_stale_copy_does_not_look_like_a_change(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    """The provider knows an older name and changes something else: the name is not offered to be undone."""
    base = changed(record, "sponsor.name", "示例旧名")
    wanted = change(changed(base, "sponsor.superior", "示例新集团"))
    text = page(desk, application_about(guangdong, record, wanted, base=base))
    assert "示例新集团" in unmarked(text)
    assert "示例旧名" not in text


def test_a_change_of_nothing_says_so(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    text = page(desk, application_about(guangdong, record, change(record)))
    assert "没有变更的内容" in text
    assert "申请内容与备案现有内容没有差别" in text


def test_a_new_website_stands_before_the_filing_that_it_extends(
    desk: Client, guangdong: Node, record: FilingRecord
) -> None:
    text = page(desk, application_about(guangdong, record, requests_about(record)["new_website"]))
    assert text.index("示例网站88") < text.index("所属备案的现有内容") < text.index("示例网站101")


def test_a_new_access_stands_beside_those_of_others(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    text = page(desk, application_about(guangdong, record, requests_about(record)["new_access"]))
    asked = after(text, "新增接入：示例接入商")
    assert "198.18.0.88" in asked
    assert "接入：示例数据中心" in asked


def test_a_cancelled_website_says_what_goes_and_who_is_concerned(
    desk: Client, guangdong: Node, record: FilingRecord
) -> None:
    text = page(desk, application_about(guangdong, record, requests_about(record)["cancel_website"]))
    for words in (
        "网站停止运营",
        "示例说明",
        "粤ICP备2026000001号-1",
        "example101.cn",
        "还涉及其他接入商：示例数据中心",
    ):
        assert words in text
    assert "最后一个网站" not in text


def test_the_last_website_is_told(desk: Client, guangdong: Node) -> None:
    record = filed(guangdong, websites=1, shared=False)
    wanted = cancellation(Cancelled.WEBSITE, record.websites[0].number)
    text = page(desk, application_about(guangdong, record, wanted))
    assert "这是该主体的最后一个网站" in text
    assert "还涉及其他接入商" not in text


def test_a_cancelled_sponsor_takes_everything_along(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    for state in (State.PENDING, State.APPROVED):
        application = application_about(guangdong, record, requests_about(record)["cancel_sponsor"], state=state)
        text = page(desk, application)
        assert "2 个网站 · 2 个域名 · 4 个接入" in text
        assert "粤ICP备2026000001号、粤ICP备2026000001号-1、粤ICP备2026000001号-2" in text


def test_a_cancelled_access_says_whose_it_is(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    text = page(desk, application_about(guangdong, record, requests_about(record)["cancel_access"]))
    assert "1 个网站 · 1 个接入" in text
    assert "还涉及其他接入商" not in text


@pytest.mark.parametrize(
    ("path", "value", "level", "lacking"),
    [
        ("sponsor.person.mobile", "16000008888", "应及时核实，不要求当面核验", False),
        ("websites.0.person.name", "示例新人", "须当面核验", True),
        ("websites.0.accesses.0.methods", (2,), "接入单位负责保持信息真实", False),
    ],
)
def test_the_verification_that_a_change_needs(
    desk: Client, guangdong: Node, record: FilingRecord, path: str, value: object, level: str, lacking: bool
) -> None:
    text = page(desk, application_about(guangdong, record, change(changed(record, path, value))))
    assert level in after(text, 'id="verifying"')
    assert ("缺少真实性核验单" in text) == lacking


def test_the_materials_that_came_are_named(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    site = record.websites[0]
    photo = attachment(str(site.number), owner_kind=2, purpose=5)
    wanted = change(changed(record, "websites.0.person.name", "示例新人"), attachments=(form_of(record), photo))
    text = page(desk, application_about(guangdong, record, wanted))
    assert "真实性核验单、网站负责人核验现场照片" in after(text, "随附材料")
    assert "缺少" not in text


@pytest.mark.parametrize(
    ("own", "others", "said"),
    [
        ((0, 200), None, "1062 1 段IP地址与登记的一致"),
        ((0, 10), (80, 90), "1063 网站1·接入1·IP段1：198.18.0.88至198.18.0.88与登记在本单位名下的IP地址范围不一致"),
        (None, None, ""),
    ],
)
def test_what_the_table_of_addresses_says_is_shown(
    desk: Client,
    guangdong: Node,
    record: FilingRecord,
    own: tuple[int, int] | None,
    others: tuple[int, int] | None,
    said: str,
) -> None:
    for isp_id, found in ((CALLER, own), (OTHER, others)):
        if found:
            first, last = (FIRST_ADDRESS + each for each in found)
            RegisteredRange.objects.create_for(guangdong, isp_id=isp_id, first=first, last=last)
    text = page(desk, application_about(guangdong, record, requests_about(record)["new_access"]))
    hints = after(text, 'id="hints"').split("</section>", 1)[0]
    assert said in hints
    assert ("106" in hints) == bool(said)


def test_what_was_said_of_the_last_try_is_shown(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    wanted = requests_about(record)["change"]
    refused = application_about(guangdong, record, wanted, state=State.REFUSED, opinion="负责人证件已过期")
    findings = [{"code": 1011, "text": "无效手机号码，请核实后再次报备", "place": "主体负责人", "detail": "示例"}]
    application_about(guangdong, record, wanted, state=State.RETURNED, findings=findings)
    other = application_about(guangdong, record, requests_about(record)["cancel_website"], state=State.REFUSED)
    text = page(desk, application_about(guangdong, record, wanted))
    assert "此前被拒绝 1 次，最近一次：负责人证件已过期" in text
    earlier = after(text, "此前就同一事项的申请")
    assert f"变更备案 {refused.pk}" in earlier
    assert "1011 无效手机号码" in earlier
    assert f"注销网站 {other.pk}" not in earlier


def test_what_else_is_asked_of_the_filing_is_told_once(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    """The filing itself shares everything with a request about it: that is no finding."""
    wanted = requests_about(record)
    other = application_about(guangdong, record, wanted["cancel_website"])
    application_about(guangdong, record, wanted["new_access"], state=State.REFUSED)
    text = page(desk, application_about(guangdong, record, wanted["change"]))
    assert "同一备案另有在办申请 1 件" in text
    related = after(text, 'id="related"').split("</section>", 1)[0]
    assert f"申请{other.pk}：注销网站，待审核" in related
    assert "同证件" not in related
    assert "新增接入" not in related


def test_before_an_approval_it_is_said_what_follows(desk: Client, guangdong: Node, reviewer: User) -> None:
    record = filed(guangdong)
    application = application_about(guangdong, record, requests_about(record)["cancel_website"])
    desk.post(f"{REVIEW}{application.pk}/claim")
    asked = after(page(desk, application), 'id="approve"')
    assert "备案号收回、不再发放" in asked
    assert "还涉及其他接入商：示例数据中心" in asked


def test_a_forwarded_request_shows_what_was_asked(desk: Client, guangdong: Node) -> None:
    record = filing(5)
    wanted = change(record, sponsor=replace(record.sponsor, number=110000000000001))
    application = application_row(
        guangdong,
        kind=Kind.CHANGE,
        record=as_json(wanted),
        state=State.FORWARDED,
        target=110000000000001,
        isp_id=CALLER,
    )
    text = page(desk, application)
    assert record.sponsor.name in text
    assert "没有这件申请所涉的备案" not in text


def test_a_page_costs_the_same_for_a_big_filing(desk: Client, guangdong: Node) -> None:
    counted = []
    for websites in (1, 12):
        Sponsor.objects.held_by(guangdong).all().delete()
        record = filed(guangdong, websites=websites)
        for _, application in every_kind(guangdong, record):
            page(desk, application)
            with CaptureQueriesContext(connection) as queries:
                page(desk, application)
            counted.append(len(queries))
    assert counted[:6] == counted[6:]
    assert max(counted) <= 36
