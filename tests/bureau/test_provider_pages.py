"""A provider's people see where their records are, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from beian.models import Membership, Node, Role, User
from bureau.models import Application
from bureau.services import intake, review
from interface.models import CallLog, Outcome, ProviderAccount
from interface.services import mailbox
from tests.builders import changed, filing
from tests.conftest import make_account
from tests.uploads import stored_upload, upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

PAGES = ("", "records/", "uploads/", "mailbox/", "calls/", "help/")


@pytest.fixture
def reader(account: ProviderAccount) -> User:
    user = User.objects.create(username="reader", name="示例查询员")
    Membership.objects.create(user=user, node=account.provider, role=Role.PROVIDER_READER)
    return user


@pytest.fixture
def page(reader: User, signed_in: Callable[[User], Client]) -> Callable[[str], str]:
    client = signed_in(reader)

    def get(path: str) -> str:
        response = client.get(f"/bureaus/440000/mine/{path}")
        assert response.status_code == 200, path
        return response.content.decode()

    return get


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_for_a_provider_that_did_nothing_yet(page: Callable[[str], str], path: str) -> None:
    assert "示例接入商" in page(path) or path


def test_what_came_back_says_why_and_what_to_do(account: ProviderAccount, page: Callable[[str], str]) -> None:
    upload_of(account, [changed(filing(1), "sponsor.person.email", "no-at-sign")])
    intake.drain(account.pk)
    application = Application.objects.get()
    listed = page("records/")
    assert "自动退回" in listed
    assert "尚未下载" in listed
    shown = page(f"records/{application.pk}/")
    assert "1009" in shown
    assert "填写含“@”的有效邮箱" in shown


def test_the_answer_is_followed_until_it_is_acknowledged(
    account: ProviderAccount, page: Callable[[str], str], reviewer: User
) -> None:
    upload_of(account, [filing(1)])
    intake.drain(account.pk)
    application = Application.objects.get()
    assert "本局审核中，第0个工作日" in page("records/") or "本局审核中，第1个工作日" in page("records/")
    review.claim(application.pk, reviewer)
    review.refuse(application.pk, reviewer, ["证件照片不清晰"], "", None)
    assert "尚未下载" in page("records/")
    assert "证件照片不清晰" in page(f"records/{application.pk}/")
    parcel = mailbox.hand_out(account)
    assert parcel is not None
    assert "尚未确认" in page("records/")
    mailbox.acknowledge(account, parcel.file_name)
    assert "确认收到" in page("records/")


def test_a_forwarded_record_says_where_it_went(
    account: ProviderAccount, beijing: Node, page: Callable[[str], str]
) -> None:
    record = filing(1)
    address = replace(record.sponsor.address, province=110000, city=110100, county=110101)
    upload_of(account, [replace(record, sponsor=replace(record.sponsor, address=address))])
    intake.drain(account.pk)
    assert "已转送北京市通信管理局" in page("records/")
    assert "已转外省</dt><dd>1 件" in page("")


def test_a_document_that_came_back_whole_says_why(account: ProviderAccount, page: Callable[[str], str]) -> None:
    stored_upload(account, b"not xml at all")
    intake.drain(account.pk)
    shown = page("uploads/")
    assert "5001" in shown
    assert "每份文件最多1000条" in shown


def test_a_refused_call_says_why_and_what_to_do(account: ProviderAccount, page: Callable[[str], str]) -> None:
    CallLog.objects.create(
        bureau=account.bureau, account=account, operation="isp_upload", code=13, reason="调用来自10.0.0.7"
    )
    for path in ("", "calls/", "help/"):
        assert "10.0.0.7" in page(path)
    assert "核对出口地址" in page("calls/")


def test_a_provider_sees_nothing_of_another(
    account: ProviderAccount,
    guangdong: Node,
    page: Callable[[str], str],
    signed_in: Callable[[User], Client],
    reader: User,
) -> None:
    other = make_account(guangdong, 440000000009, "示例另一家")
    upload_of(other, [filing(3)])
    intake.drain(other.pk)
    CallLog.objects.create(bureau=guangdong, account=other, operation="isp_upload", code=13, reason="另一家的说明")
    foreign = Application.objects.get()
    assert foreign.sponsor_name not in page("records/")
    assert "另一家的说明" not in page("calls/")
    assert signed_in(reader).get(f"/bureaus/440000/mine/records/{foreign.pk}/").status_code == 404


def test_another_bureau_is_closed_to_it(beijing: Node, reader: User, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(reader).get("/bureaus/110000/mine/").status_code == 403
    assert signed_in(reader).get("/bureaus/440000/review/").status_code == 403


def test_a_page_of_many_records_takes_no_more_queries(
    account: ProviderAccount, reader: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(reader)
    client.get("/bureaus/440000/mine/records/")  # the first page writes the session
    counts = []
    for seeds in ([1], [2, 3, 4, 5, 6]):
        upload_of(account, [filing(seed) for seed in seeds])
        intake.drain(account.pk)
        with CaptureQueriesContext(connection) as captured:
            client.get("/bureaus/440000/mine/records/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_outcomes_hold_no_place_for_guessing(account: ProviderAccount) -> None:
    """The answer of an earlier try of the same case is not taken for the answer of this one."""
    from bureau.queries.provider import answers_to

    upload_of(account, [changed(filing(1), "sponsor.person.email", "no-at-sign")])
    intake.drain(account.pk)
    upload_of(account, [filing(1)])
    intake.drain(account.pk)
    later = Application.objects.get(state="pending")
    assert Outcome.objects.count() == 1
    assert (f"case:1:{later.subject}", later.correlation) not in answers_to(account, [later])
