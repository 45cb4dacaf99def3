"""Notices, inspection results and illegal accesses: what is written arrives as it was meant."""

from __future__ import annotations

import datetime

import pytest

from beian.models import Event, Sponsor, User
from beian.records import notices as records
from beian.services.refusals import Invalid
from bureau.models import BureauNotice, NoticeKind
from bureau.services import notices
from bureau.services.notices import Draft
from interface.models import ProviderAccount
from tests.bureau.supervision import download, on_file
from tests.conftest import make_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

DAY = datetime.date(2026, 11, 20)
MOMENT = "2026-11-20 00:00:00"


@pytest.fixture
def sponsor(account: ProviderAccount) -> Sponsor:
    return on_file(account)


def send(account: ProviderAccount, actor: User, kind: NoticeKind, draft: Draft) -> BureauNotice:
    return notices.send(account.bureau, actor, account.isp_id, kind, draft)


@pytest.mark.parametrize("of_website", [False, True])
def test_a_notice_to_correct(account: ProviderAccount, supervisor: User, sponsor: Sponsor, of_website: bool) -> None:
    row = sponsor.websites.get() if of_website else sponsor
    draft = Draft(filing_number=row.filing_number, text="联系电话无法接通", due=DAY)
    sent = send(account, supervisor, NoticeKind.CORRECTION, draft)
    (told,) = download(account).corrections
    assert (told.number, told.filing_number, told.text) == (row.number, row.filing_number, "联系电话无法接通")
    assert told.what == (records.Concerned.WEBSITE if of_website else records.Concerned.SPONSOR)
    assert told.remark == "请于2026-11-20前完成整改。"
    assert sent.subject == f"{row.name} {row.filing_number}"
    assert Event.objects.get(subject_kind="bureau_notice").actor == supervisor


def test_what_is_wrong_with_a_certificate(account: ProviderAccount, supervisor: User, sponsor: Sponsor) -> None:
    draft = Draft(filing_number=f" {sponsor.filing_number} ", text="证件已注销")
    send(account, supervisor, NoticeKind.SPONSOR_INSPECTION, draft)
    (told,) = download(account).sponsor_inspections
    assert (told.number, told.name, told.fault) == (sponsor.number, sponsor.name, "证件已注销")
    assert told.certificate_number == sponsor.certificate_number


def test_an_access_reported_too_much(account: ProviderAccount, supervisor: User, sponsor: Sponsor) -> None:
    website = sponsor.websites.get()
    draft = Draft(
        filing_number=website.filing_number, result=1, checked=DAY, domain="example101.cn", address=3323068417
    )
    send(account, supervisor, NoticeKind.ACCESS_INSPECTION, draft)
    (told,) = download(account).access_inspections
    assert (told.result, told.access) == (records.Misreported.OVER, website.accesses.get().number)
    assert (told.domain, told.resolved, told.inspected) == ("example101.cn", 3323068417, MOMENT)


def test_an_access_that_was_not_reported(account: ProviderAccount, supervisor: User, sponsor: Sponsor) -> None:
    other = make_account(account.bureau, 440000000009, "示例接入商九")
    website = sponsor.websites.get()
    draft = Draft(filing_number=website.filing_number, result=2, checked=DAY)
    with pytest.raises(Invalid, match="不会是少报"):
        send(account, supervisor, NoticeKind.ACCESS_INSPECTION, draft)
    send(other, supervisor, NoticeKind.ACCESS_INSPECTION, draft)
    (told,) = download(other).access_inspections
    assert (told.result, told.access, told.provider) == (records.Misreported.UNDER, None, other.isp_id)
    over = Draft(filing_number=website.filing_number, result=1, checked=DAY)
    with pytest.raises(Invalid, match="不会是多报"):
        send(other, supervisor, NoticeKind.ACCESS_INSPECTION, over)


def test_an_empty_shell_and_a_silent_website(account: ProviderAccount, supervisor: User, sponsor: Sponsor) -> None:
    website = sponsor.websites.get()
    draft = Draft(filing_number=website.filing_number, result=1, checked=DAY, text="多次访问无响应")
    send(account, supervisor, NoticeKind.SHELL_INSPECTION, draft)
    send(account, supervisor, NoticeKind.LIVENESS_INSPECTION, draft)
    told = download(account)
    assert [each.result for each in told.shell_inspections] == [records.Shell.DEAD]
    assert [each.home_page for each in told.liveness_inspections] == [website.home_page]


def test_an_illegal_access_has_a_number_of_its_own(account: ProviderAccount, supervisor: User) -> None:
    draft = Draft(domain="example-bad.cn", address=3323068417, checked=DAY, text="未经许可转接")
    send(account, supervisor, NoticeKind.ILLEGAL_ACCESS, draft)
    send(account, supervisor, NoticeKind.ILLEGAL_ACCESS, draft)
    first, second = download(account).illegal_accesses
    assert first.number != second.number
    assert (first.provider, first.province, first.remark) == (account.isp_id, 440000, "未经许可转接")


@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if kind != NoticeKind.ILLEGAL_ACCESS])
@pytest.mark.parametrize("number", ["粤ICP备2026999999号", "粤ICP备2026999999号-1", "随便写的"])
def test_what_is_not_on_file_is_said_beside_its_field(
    account: ProviderAccount, supervisor: User, sponsor: Sponsor, kind: NoticeKind, number: str
) -> None:
    with pytest.raises(Invalid) as refused:
        send(account, supervisor, kind, Draft(filing_number=number, text="示例", result=1, checked=DAY))
    assert list(refused.value.errors) == ["filing_number"]
    assert not BureauNotice.objects.exists()


def test_a_filing_of_another_provider_is_none_of_its_business(
    account: ProviderAccount, supervisor: User, sponsor: Sponsor
) -> None:
    other = make_account(account.bureau, 440000000009, "示例接入商九")
    for kind in (NoticeKind.CORRECTION, NoticeKind.SPONSOR_INSPECTION):
        with pytest.raises(Invalid, match="没有接入"):
            send(other, supervisor, kind, Draft(filing_number=sponsor.filing_number or "", text="示例"))
