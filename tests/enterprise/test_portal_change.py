"""A change from our copy: what differs is shown, what must be verified is said, and only what differs is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from beian.models import Node
from beian.records import FilingRecord
from enterprise.models import Case, Connection, SponsorAccount
from enterprise.services import cases, writing
from enterprise.services.changing import own_part
from enterprise.services.contents import request_of
from enterprise.services.handing_in import ready
from enterprise.workflow import Kind, State
from interface.models import ProviderAccount
from tests import builders
from tests.enterprise.sponsoring import ELSEWHERE, at_bureau, fresh_counters, held, his, in_process, page, text_of


@pytest.fixture(autouse=True)
def _bureau(monkeypatch: pytest.MonkeyPatch, account: ProviderAccount, connection: Connection) -> None:
    in_process(monkeypatch, account)
    fresh_counters(monkeypatch, connection)


@pytest.fixture
def filing(isp: Node, account: ProviderAccount, sponsor_account: SponsorAccount) -> FilingRecord:
    """Two websites with us; the first has another provider's access as well."""
    whole = builders.filing(1)
    second = builders.website(102)
    other = replace(builders.access(150), provider=ELSEWHERE)
    first = replace(whole.websites[0], accesses=(*whole.websites[0].accesses, other))
    from tests.on_file import on_file

    stored = on_file(account.bureau, replace(whole, websites=(first, second)), account.isp_id)
    return his(sponsor_account, held(isp, stored))


@pytest.fixture
def case(filing: FilingRecord, sponsor_account: SponsorAccount) -> Case:
    response = page(sponsor_account, f"mine/filings/{filing.sponsor.number}/change", {})
    assert response.status_code == 302
    return Case.objects.get()


def edit(case: Case, path: str, value: str) -> Case:
    draft = case.draft
    part = draft
    *above, last = path.split(".")
    for step in above:
        part = part[int(step)] if isinstance(part, list) else part[step]
    part[last] = value
    return cases.save_draft(case.provider, case.pk, draft)


def test_it_begins_with_our_own_part_alone(case: Case, filing: FilingRecord, isp: Node) -> None:
    assert case.kind == Kind.CHANGE
    assert [len(website["accesses"]) for website in case.draft["websites"]] == [1, 1]
    assert case.draft["sponsor"]["number"] == filing.sponsor.number
    assert own_part(isp, filing) is not None


def test_nothing_changed_is_not_handed_in(case: Case, sponsor_account: SponsorAccount) -> None:
    response = page(sponsor_account, f"mine/cases/{case.reference}/hand-in", {})
    assert response.status_code == 422
    assert "没有修改任何内容" in text_of(response)


def test_only_the_website_that_differs_is_sent(case: Case, sponsor_account: SponsorAccount, isp: Node) -> None:
    edit(case, "websites.1.name", "示例网站新名")
    shown = text_of(page(sponsor_account, f"mine/cases/{case.reference}/hand-in"))
    assert "新名" in shown
    assert "不要求当面核验" in shown
    assert page(sponsor_account, f"mine/cases/{case.reference}/hand-in", {}).status_code == 302
    case.refresh_from_db()
    request = request_of(case)
    assert [website.name for website in request.websites] == ["示例网站新名"]
    assert [access.provider for website in request.websites for access in website.accesses] == [isp.isp_id]
    assert writing.problems(isp, case) == []


def test_a_change_of_the_sponsor_alone_names_a_website_as_the_schema_wants(case: Case, isp: Node) -> None:
    found = ready(edit(case, "sponsor.person.mobile", "16009999999"))
    assert found.errors == {}
    assert found.change is not None
    assert len(found.change.request.websites) == 1
    assert [delta.path for delta in found.change.difference] == [("sponsor", "person", "mobile")]


def test_who_has_to_come_is_said_before(case: Case, sponsor_account: SponsorAccount) -> None:
    edit(case, "sponsor.person.name", "示例新人")
    shown = text_of(page(sponsor_account, f"mine/cases/{case.reference}/hand-in"))
    assert "需要。接入商会约定时间" in shown
    assert "姓名变更" in shown


def test_a_range_without_our_id_is_given_one(case: Case, sponsor_account: SponsorAccount, isp: Node) -> None:
    edit(case, "websites.0.domains.0.provider_id", None)  # type: ignore[arg-type]
    case.refresh_from_db()
    edit(case, "websites.0.name", "示例网站改名")
    assert page(sponsor_account, f"mine/cases/{case.reference}/hand-in", {}).status_code == 302
    case.refresh_from_db()
    assert request_of(case).websites[0].domains[0].provider_id
    assert writing.problems(isp, case) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [("sponsor.number", 1), ("websites.0.number", 1), ("websites.0.accesses.0.number", 1)],
)
def test_it_cannot_be_turned_upon_another_filing(case: Case, path: str, value: int) -> None:
    found = ready(edit(case, path, value))  # type: ignore[arg-type]
    assert "也不能换到别的备案" in found.errors[""][0]


def test_a_certificate_that_the_wire_cannot_change_is_said(
    filing: FilingRecord, isp: Node, sponsor_account: SponsorAccount
) -> None:
    from beian.models import Sponsor

    Sponsor.objects.held_by(isp).update(certificate_type=14)
    response = page(sponsor_account, f"mine/filings/{filing.sponsor.number}/change", {})
    assert response.status_code == 422
    assert "不支持变更这种证件类型" in text_of(response)
    assert not Case.objects.exists()


def test_a_stranger_cannot_begin_one(filing: FilingRecord, stranger_account: SponsorAccount) -> None:
    for path in ("", "change", "new-website", f"cancel/sponsor/{filing.sponsor.number}"):
        data = None if not path else {}
        assert page(stranger_account, f"mine/filings/{filing.sponsor.number}/{path}", data).status_code == 404
    assert not Case.objects.exists()


def test_a_granted_case_makes_the_filing_his(
    isp: Node, account: ProviderAccount, stranger_account: SponsorAccount
) -> None:
    filing = held(isp, at_bureau(account, 5))
    from tests.enterprise.conftest import case_in

    granted = case_in(isp, State.SUBMITTED, 5, stranger_account)
    Case.objects.filter(pk=granted.pk).update(sponsor_number=filing.sponsor.number)
    assert page(stranger_account, f"mine/filings/{filing.sponsor.number}/").status_code == 404
    for state in (State.CHECKED, State.VERIFIED, State.QUEUED, State.UPLOADED, State.ACKNOWLEDGED, State.FILED):
        Case.objects.filter(pk=granted.pk).update(state=state)
    assert page(stranger_account, f"mine/filings/{filing.sponsor.number}/").status_code == 200


def begun(account: SponsorAccount, filing: FilingRecord, what: str = "change", **data: str) -> Any:
    return page(account, f"mine/filings/{filing.sponsor.number}/{what}", data)


def test_a_draft_that_is_open_goes_on_instead_of_another(
    case: Case, filing: FilingRecord, sponsor_account: SponsorAccount
) -> None:
    client = Client()
    client.force_login(sponsor_account.user)
    address = f"/isp/{case.provider.isp_id}/mine/filings/{filing.sponsor.number}/change"
    again = client.post(address, follow=True)
    assert again.redirect_chain == [(f"/isp/{case.provider.isp_id}/apply/{case.pk}/sponsor", 302)]
    assert f"您有一件没有提交的变更备案（受理号 {case.reference}）" in text_of(again)
    assert Case.objects.count() == 1


def test_a_change_under_way_is_named_and_another_begins_only_knowingly(
    case: Case, filing: FilingRecord, sponsor_account: SponsorAccount
) -> None:
    edit(case, "websites.1.name", "示例网站新名")
    page(sponsor_account, f"mine/cases/{case.reference}/hand-in", {})
    asked = text_of(begun(sponsor_account, filing))
    assert "这个备案已有一件变更备案在办理" in asked
    assert f"/mine/cases/{case.reference}/" in asked
    assert Case.objects.count() == 1
    assert begun(sponsor_account, filing, another="1").status_code == 302
    assert Case.objects.count() == 2


def test_what_the_office_or_another_account_began_is_named_too(
    case: Case, filing: FilingRecord, stranger_account: SponsorAccount
) -> None:
    his(stranger_account, filing)
    asked = text_of(begun(stranger_account, filing))
    assert case.reference in asked
    assert f"/mine/cases/{case.reference}/" not in asked


def test_a_change_that_ended_stands_against_nothing(
    case: Case, filing: FilingRecord, isp: Node, sponsor_account: SponsorAccount
) -> None:
    cases.abandon(isp, case.pk, sponsor_account.user, "不需要")
    assert begun(sponsor_account, filing).status_code == 302
    assert Case.objects.count() == 2


def test_several_new_websites_may_come_but_one_draft_takes_them(
    filing: FilingRecord, sponsor_account: SponsorAccount
) -> None:
    assert begun(sponsor_account, filing, "new-website").status_code == 302
    first = Case.objects.get()
    assert f"/apply/{first.pk}/" in begun(sponsor_account, filing, "new-website")["Location"]
    other = {"kind": "2", "own": str(filing.sponsor.number), "domain": "example8.cn"}
    cases.save_draft(first.provider, first.pk, {**first.typed, "websites": [{"domains": [{"name": "example9.cn"}]}]})
    assert page(sponsor_account, "mine/begin", other).status_code == 302
    assert Case.objects.count() == 2
    assert page(sponsor_account, "mine/begin", other).status_code == 302
    assert Case.objects.count() == 2


def test_the_same_access_is_asked_for_once(sponsor_account: SponsorAccount, stranger_account: SponsorAccount) -> None:
    wanted = {"kind": "3", "filing_number": "粤ICP备2020888888号-1"}
    for account in (sponsor_account, sponsor_account, stranger_account):
        assert page(account, "mine/begin", wanted).status_code == 302
    assert sorted(Case.objects.values_list("sponsor_account", flat=True)) == [sponsor_account.pk, stranger_account.pk]
    page(sponsor_account, "mine/begin", {**wanted, "filing_number": "粤ICP备2020888888号-2"})
    assert Case.objects.count() == 3


def test_what_is_open_about_a_filing_is_told_only_to_its_own(
    case: Case, filing: FilingRecord, stranger_account: SponsorAccount
) -> None:
    wanted = {"kind": "2", "own": str(filing.sponsor.number)}
    assert page(stranger_account, "mine/begin", wanted).status_code == 404
