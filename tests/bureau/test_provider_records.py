"""Where a record is, whether its answer was fetched, why it came back, what to do: on the provider's pages."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from beian import reservations
from beian.models import Message, Node, User
from beian.records import FilingRecord
from bureau.models import Application
from bureau.queries.provider import answers_to
from bureau.services import intake, review
from bureau.services.applying import claim_name
from interface.models import Outcome, ProviderAccount
from interface.services import mailbox
from tests.applications import application_row
from tests.builders import changed, filing
from tests.messages import carry_all
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

Page = Callable[[str], str]


def take_in(account: ProviderAccount, *records: FilingRecord) -> list[Application]:
    upload = upload_of(account, records)
    intake.drain(account.pk)
    return list(Application.objects.filter(upload=upload).order_by("ordinal"))


def of_beijing(seed: int) -> FilingRecord:
    record = filing(seed)
    address = replace(record.sponsor.address, province=110000, city=110100, county=110101)
    return replace(record, sponsor=replace(record.sponsor, address=address))


def test_what_came_back_says_why_what_to_do_and_that_nobody_fetched_it(account: ProviderAccount, page: Page) -> None:
    (record,) = take_in(account, changed(filing(1), "sponsor.person.email", "no-at-sign"))
    listed = page("records/")
    assert "已自动退回，没有进入人工审核" in listed
    assert "贵单位系统尚未下载" in listed
    shown = page(f"records/{record.pk}/")
    assert "应形如 name@example.cn" in shown
    assert "每个邮箱填写一个“@”" in shown
    assert "请让本单位系统调用 isp_download" in shown


def test_the_answer_is_followed_until_it_is_confirmed(account: ProviderAccount, page: Page, reviewer: User) -> None:
    (record,) = take_in(account, filing(1))
    assert "在本局审核，不足1个工作日（共20个）" in page("records/")
    review.claim(record.pk, reviewer)
    review.refuse(record.pk, reviewer, ["证件照片不清晰"], "", None)
    assert "尚未下载" in page("records/")
    parcel = mailbox.hand_out(account)
    assert parcel is not None
    shown = page(f"records/{record.pk}/")
    assert "证件照片不清晰" in shown
    assert "尚未确认" in shown
    assert f"请以文件名 {parcel.file_name} 调用 isp_downloadack" in shown
    mailbox.acknowledge(account, parcel.file_name)
    shown = page(f"records/{record.pk}/")
    assert "确认收到" in shown
    assert "请按审核意见修改" in shown


def test_a_parcel_that_is_handed_out_again_counts_as_not_fetched(
    account: ProviderAccount, page: Page, supervisor: User
) -> None:
    take_in(account, changed(filing(1), "sponsor.person.email", "no-at-sign"))
    parcel = mailbox.hand_out(account)
    assert parcel is not None
    mailbox.acknowledge(account, parcel.file_name)
    mailbox.hand_out_again(parcel, supervisor, "丢失")
    assert "尚未下载" in page("records/")


@pytest.mark.parametrize(
    ("ago", "due", "words"),
    [(0, 20, "不足1个工作日（共20个）"), (14, 7, "个工作日（共20个）"), (60, -14, "已超过"), (40, 0, "个工作日")],
)
def test_the_working_days_are_counted(
    guangdong: Node, account: ProviderAccount, page: Page, ago: int, due: int, words: str
) -> None:
    now = timezone.now()
    received, deadline = now - datetime.timedelta(days=ago), timezone.localdate() + datetime.timedelta(days=due)
    application_row(guangdong, isp_id=account.isp_id, received_at=received, deadline=deadline)
    assert words in page("records/")


def test_who_of_the_bureau_has_it_in_hand_is_not_told(account: ProviderAccount, page: Page, reviewer: User) -> None:
    (record,) = take_in(account, filing(1))
    review.claim(record.pk, reviewer)
    shown = page(f"records/{record.pk}/")
    assert "审核中" in shown
    assert "领取" not in shown
    assert reviewer.name not in shown


def test_a_forwarded_record_says_where_it_went_and_whether_it_has_left(
    account: ProviderAccount, beijing: Node, page: Page
) -> None:
    (record,) = take_in(account, of_beijing(1))
    assert "转往北京市通信管理局审核，不足1个工作日" in page("records/")
    assert "对方尚未收妥" in page(f"records/{record.pk}/")
    carry_all()
    assert not Message.objects.unacknowledged().exists()
    assert "对方尚未收妥" not in page(f"records/{record.pk}/")


def test_what_another_bureau_found_is_told_like_our_own(account: ProviderAccount, beijing: Node, page: Page) -> None:
    """Its findings stand in its answer alone: the pointer here has none."""
    taken = changed(filing(7), "websites.0.domains.0.name", "example101.cn")
    holder, claims = application_row(beijing, taken), reservations.Claims()
    claims.add(beijing, holder.pk, taken, claim_name(holder))
    claims.insert()
    (record,) = take_in(account, of_beijing(1))
    carry_all()
    record.refresh_from_db()
    assert (record.state, record.findings) == ("returned", [])
    shown = page(f"records/{record.pk}/")
    assert "已由北京市通信管理局自动退回" in shown
    assert "1005" in shown
    assert "请主办者先在原备案中注销" in shown


def test_what_another_bureau_s_reviewer_said_is_told(
    account: ProviderAccount, beijing: Node, page: Page, outsider: User, beijing_approver: User
) -> None:
    (record,) = take_in(account, of_beijing(1))
    carry_all()
    home = Application.objects.get(holder=beijing)
    review.decide_many(beijing, [home.pk], outsider, "refuse", ["核验单缺少盖章"], "")
    review.decide_many(beijing, [home.pk], beijing_approver, "refuse", ["核验单缺少盖章"], "")
    carry_all()
    shown = page(f"records/{record.pk}/")
    assert "北京市通信管理局审核拒绝" in shown
    assert "核验单缺少盖章" in shown


PERSONAL = {
    "sponsor.person.email": "no-at-sign-but-a-name",
    "sponsor.person.mobile": "12345678901",
    "sponsor.person.telephone": "0755-8888x999",
    "sponsor.person.qq": "01234567",
    "sponsor.person.msn": "somebody-of-msn",
    "sponsor.person.certificate_number": "440099197001017777",
    "websites.0.person.certificate_number": "440099197013017777",
    "sponsor.certificate.number": "914400991970010177",
}


@pytest.mark.parametrize("field", PERSONAL)
def test_personal_data_is_masked_also_in_what_findings_quote(account: ProviderAccount, page: Page, field: str) -> None:
    value = PERSONAL[field]
    (record,) = take_in(account, changed(filing(1), field, value))
    assert value in str(record.record)
    assert record.findings
    shown = page(f"records/{record.pk}/")
    assert value not in shown
    if field.endswith("certificate_number"):
        assert value[6:14] not in shown  # a date of birth


def test_no_field_of_a_person_stands_plain(account: ProviderAccount, page: Page) -> None:
    record = filing(1)
    (row,) = take_in(account, record)
    shown = page(f"records/{row.pk}/")
    person, sponsor = record.sponsor.person, record.sponsor
    secret = (person.certificate_number, person.mobile, person.telephone, person.email)
    for value in (*secret, sponsor.certificate.number, sponsor.address.detail):
        assert value
        assert value not in shown
    assert sponsor.name in shown


@pytest.fixture
def several(account: ProviderAccount, beijing: Node, reviewer: User) -> dict[str, Application]:
    """Records in every place: at the bureau, forwarded, approved, back and not fetched, back and confirmed."""
    (early,) = take_in(account, changed(filing(1), "sponsor.person.email", "no-at-sign"))
    parcel = mailbox.hand_out(account)
    assert parcel is not None
    mailbox.acknowledge(account, parcel.file_name)
    back, here, there, done = take_in(
        account, changed(filing(2), "sponsor.person.email", "no-at-sign"), filing(3), of_beijing(4), filing(5)
    )
    review.claim(done.pk, reviewer)
    review.approve(done.pk, reviewer, None)
    return {"confirmed": early, "back": back, "here": here, "there": there, "done": done}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=review", {"here"}),
        ("state=forwarded", {"there"}),
        ("state=back", {"confirmed", "back"}),
        ("state=approved", {"done"}),
        ("answer=waiting", {"back", "done"}),
        ("answer=confirmed", {"confirmed"}),
        ("answer=waiting&state=back", {"back"}),
        ("sequence=1", {"confirmed"}),
        ("subject=1000003", {"here"}),
        ("q=有限公司3", {"here"}),
        ("q=example301.cn", {"here"}),
        ("kind=2", set()),
        ("received_to=2020-01-01", set()),
    ],
)
def test_records_are_found_by(several: dict[str, Application], page: Page, query: str, found: set[str]) -> None:
    shown = page(f"records/?{query}")
    assert {name for name, record in several.items() if record.sponsor_name in shown} == found


def test_fetched_and_not_confirmed_is_found(account: ProviderAccount, page: Page) -> None:
    (record,) = take_in(account, changed(filing(1), "sponsor.person.email", "no-at-sign"))
    mailbox.hand_out(account)
    assert record.sponsor_name in page("records/?answer=fetched")
    assert record.sponsor_name not in page("records/?answer=waiting")


def test_the_answer_of_an_earlier_try_is_not_taken_for_that_of_this_one(account: ProviderAccount) -> None:
    take_in(account, changed(filing(1), "sponsor.person.email", "no-at-sign"))
    (later,) = take_in(account, filing(1))
    assert Outcome.objects.count() == 1
    answers: Any = answers_to(account, [later])
    assert (f"case:1:{later.subject}", later.correlation) not in answers
