"""Cancelling one's own website, access or sponsor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beian.models import Access, Node
from beian.records import Cancelled, FilingRecord
from enterprise.models import Case, Connection, SponsorAccount
from enterprise.services import writing
from enterprise.services.contents import request_of
from enterprise.workflow import Kind, State
from interface.models import ProviderAccount
from tests import builders
from tests.enterprise.sponsoring import ELSEWHERE, fresh_counters, held, his, in_process, page, text_of
from tests.on_file import PASSWORD, on_file


@pytest.fixture(autouse=True)
def _bureau(monkeypatch: pytest.MonkeyPatch, account: ProviderAccount, connection: Connection) -> None:
    in_process(monkeypatch, account)
    fresh_counters(monkeypatch, connection)


@pytest.fixture
def filing(isp: Node, account: ProviderAccount, sponsor_account: SponsorAccount) -> FilingRecord:
    """Two websites: the first with another provider's access too, the second with ours alone."""
    whole = builders.filing(1)
    other = replace(builders.access(150), provider=ELSEWHERE)
    first = replace(whole.websites[0], accesses=(*whole.websites[0].accesses, other))
    stored = on_file(account.bureau, replace(whole, websites=(first, builders.website(102))), account.isp_id)
    return his(sponsor_account, held(isp, stored))


def own_access(isp: Node, filing: FilingRecord, website: int) -> int:
    rows = Access.objects.held_by(isp).filter(isp_id=isp.isp_id, website__number=filing.websites[website].number)
    return int(rows.get().number)


def cancel(account: SponsorAccount, filing: FilingRecord, what: str, number: int | None, **data: str) -> object:
    values = {"reason": "1", "remark": "", "understood": "on", **data}
    return page(account, f"mine/filings/{filing.sponsor.number}/cancel/{what}/{number}", values)


def test_a_website_is_handed_in_at_once(filing: FilingRecord, sponsor_account: SponsorAccount, isp: Node) -> None:
    number = filing.websites[0].number
    assert cancel(sponsor_account, filing, "website", number, remark="不再经营").status_code == 302  # type: ignore[attr-defined]
    case = Case.objects.get()
    request = request_of(case)
    assert (case.kind, case.state) == (Kind.CANCEL_WEBSITE, State.SUBMITTED)
    assert (request.what, request.number, request.reason, request.remark) == (Cancelled.WEBSITE, number, 1, "不再经营")
    assert writing.problems(isp, case) == []
    assert "注销网站" in text_of(page(sponsor_account, f"mine/cases/{case.reference}/"))


def test_a_sponsor_needs_the_password(filing: FilingRecord, sponsor_account: SponsorAccount) -> None:
    number = filing.sponsor.number
    assert "备案密码" in text_of(page(sponsor_account, f"mine/filings/{number}/cancel/sponsor/{number}"))
    assert cancel(sponsor_account, filing, "sponsor", number).status_code == 422  # type: ignore[attr-defined]
    wrong = cancel(sponsor_account, filing, "sponsor", number, filing_password="Falsch12")
    assert "备案密码不正确" in text_of(wrong)
    assert not Case.objects.exists()
    right = cancel(sponsor_account, filing, "sponsor", number, filing_password=PASSWORD)
    assert right.status_code == 302  # type: ignore[attr-defined]
    assert request_of(Case.objects.get()).filing_password == PASSWORD


def test_the_only_access_is_not_cancelled(filing: FilingRecord, sponsor_account: SponsorAccount, isp: Node) -> None:
    only = own_access(isp, filing, 1)
    response = cancel(sponsor_account, filing, "access", only)
    assert "唯一的接入" in text_of(response)
    assert not Case.objects.exists()
    one_of_two = own_access(isp, filing, 0)
    assert cancel(sponsor_account, filing, "access", one_of_two).status_code == 302  # type: ignore[attr-defined]
    assert Case.objects.get().kind == Kind.CANCEL_ACCESS


def test_what_is_not_in_the_filing_does_not_exist(
    filing: FilingRecord, sponsor_account: SponsorAccount, isp: Node
) -> None:
    foreign = Access.objects.held_by(isp).exclude(isp_id=isp.isp_id).get().number
    for what, number in (("website", 1), ("access", foreign), ("sponsor", 1), ("all", filing.sponsor.number)):
        assert cancel(sponsor_account, filing, what, number).status_code == 404  # type: ignore[attr-defined]


def test_the_consequences_are_to_be_understood(filing: FilingRecord, sponsor_account: SponsorAccount) -> None:
    response = cancel(sponsor_account, filing, "website", filing.websites[0].number, understood="", reason="")
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "确认您已了解" in text_of(response)
    assert "请选择注销原因" in text_of(response)


def test_a_stranger_cancels_nothing(filing: FilingRecord, stranger_account: SponsorAccount) -> None:
    response = cancel(stranger_account, filing, "website", filing.websites[0].number)
    assert response.status_code == 404  # type: ignore[attr-defined]
    assert not Case.objects.exists()


def test_a_cancellation_under_way_is_named_before_another(
    filing: FilingRecord, sponsor_account: SponsorAccount
) -> None:
    first, second = (website.number for website in filing.websites)
    assert cancel(sponsor_account, filing, "website", first).status_code == 302  # type: ignore[attr-defined]
    case = Case.objects.get()
    again = cancel(sponsor_account, filing, "website", first)
    assert again.status_code == 422  # type: ignore[attr-defined]
    assert f"/mine/cases/{case.reference}/" in text_of(again)
    assert "这个备案已有一件注销网站在办理" in text_of(
        page(sponsor_account, f"mine/filings/{filing.sponsor.number}/cancel/website/{first}")
    )
    assert Case.objects.count() == 1
    assert cancel(sponsor_account, filing, "website", second).status_code == 302  # type: ignore[attr-defined]
    assert cancel(sponsor_account, filing, "website", first, another="1").status_code == 302  # type: ignore[attr-defined]
    assert Case.objects.count() == 3


def test_a_cancellation_shows_what_goes_as_its_owner_knows_it(
    filing: FilingRecord, sponsor_account: SponsorAccount, isp: Node
) -> None:
    site = filing.websites[0]
    access = own_access(isp, filing, 0)
    for what, number in (("website", site.number), ("access", access)):
        assert cancel(sponsor_account, filing, what, number).status_code == 302  # type: ignore[attr-defined]
        shown = text_of(page(sponsor_account, f"mine/cases/{Case.objects.latest('pk').reference}/"))
        for known in (site.name, site.filing_number, site.domains[0].name):
            assert known in shown
        assert f">{number}<" not in shown
        assert filing.websites[1].domains[0].name not in shown
    assert (
        cancel(sponsor_account, filing, "sponsor", filing.sponsor.number, filing_password=PASSWORD).status_code == 302
    )  # type: ignore[attr-defined]
    case = Case.objects.latest("pk")
    assert case.kind == Kind.CANCEL_SPONSOR
    shown = text_of(page(sponsor_account, f"mine/cases/{case.reference}/"))
    assert f"{filing.sponsor.name} {filing.sponsor.filing_number}" in shown
    assert f">{filing.sponsor.number}<" not in shown
