"""A provider's mailbox as it sees it: what waits since when, what it has yet to confirm, what each file held."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.utils import timezone

from beian.models import Cancelled, Node, ObjectKind
from bureau.models import Application
from bureau.services import intake
from interface.models import Outcome, Parcel, ProviderAccount
from interface.services import mailbox
from tests.builders import changed, filing
from tests.bureau.matters import filed, sponsor_number
from tests.uploads import stored_upload, upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

Page = Callable[[str], str]


@pytest.fixture
def returned(account: ProviderAccount) -> Application:
    upload_of(account, [changed(filing(1), "sponsor.person.email", "no-at-sign")])
    intake.drain(account.pk)
    return Application.objects.get()


def hand_out(account: ProviderAccount) -> Parcel:
    parcel = mailbox.hand_out(account)
    assert parcel is not None
    return parcel


def test_what_waits_is_named_with_the_record_it_is_about(returned: Application, page: Page) -> None:
    shown = page("mailbox/")
    assert returned.sponsor_name in shown
    assert f"/mine/records/{returned.pk}/" in shown
    assert "1条备案结果，最早" in shown


def test_what_waits_long_is_said_to(returned: Application, page: Page) -> None:
    Outcome.objects.update(queued_at=timezone.now() - datetime.timedelta(days=3))
    assert "起无人来取" in page("mailbox/")


def test_a_whole_document_s_answer_leads_to_the_upload(account: ProviderAccount, page: Page) -> None:
    upload = stored_upload(account, b"not xml at all")
    intake.drain(account.pk)
    shown = page("mailbox/")
    assert f"上报序号{upload.sequence}" in shown
    assert f"/mine/uploads/{upload.sequence}/" in shown


def test_a_file_stands_first_until_it_is_confirmed_then_in_the_history(
    account: ProviderAccount, returned: Application, page: Page
) -> None:
    parcel = hand_out(account)
    shown = page("mailbox/")
    assert parcel.file_name in shown
    assert "没有等待下载的数据" in shown
    assert parcel.file_name not in page("mailbox/confirmed/")
    hand_out(account)
    assert "已下载2次而未确认" in page("mailbox/")
    mailbox.acknowledge(account, parcel.file_name)
    assert parcel.file_name not in page("mailbox/")
    assert parcel.file_name in page("mailbox/confirmed/")


def test_a_file_says_what_it_held(account: ProviderAccount, returned: Application, page: Page) -> None:
    parcel = hand_out(account)
    shown = page(f"mailbox/{parcel.pk}/")
    assert "未确认" in shown
    assert returned.sponsor_name in shown


def test_what_could_not_be_expressed_is_told_here(returned: Application, page: Page) -> None:
    Outcome.objects.update(left_out="备注超过4000字")
    shown = page("mailbox/")
    assert "备注超过4000字" in shown
    assert returned.sponsor_name in shown
    assert "没有下发" in page(f"records/{returned.pk}/")


def test_what_no_record_of_one_s_own_brought_is_named(guangdong: Node, account: ProviderAccount, page: Page) -> None:
    record = filed(guangdong)
    number, gone = sponsor_number(record), 440000000099999
    Cancelled.objects.create_for(
        guangdong, number=gone, kind=ObjectKind.SPONSOR, filing_number="粤ICP备2026000099号", sponsor=gone
    )
    mailbox.queue_filing(account, number, about=f"sponsor:{number}")
    mailbox.queue_filing(account, gone, about=f"sponsor:{gone}")
    mailbox.queue_filing(account, 5, about="sponsor:5")
    mailbox.queue_codes(account)
    shown = page("mailbox/")
    for words in (record.sponsor.name, "粤ICP备2026000099号", "主体5", "全部基础代码和报备单位"):
        assert words in shown
