"""Loading what rules of requests need: filings, tombstones, marks, passwords; in a fixed number of queries."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test.utils import CaptureQueriesContext

from beian.checks import Facts
from beian.checks.material import Material, Owner, check_material
from beian.checks.request_facts import load_material_facts, load_request_facts
from beian.checks.requests import Known, ask, check_request
from beian.models import Access, Cancelled, Node, ProviderId, RegisteredRange, Reservation, Sponsor
from beian.records import (
    CancellationRecord,
    ChangeRecord,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    Request,
)
from beian.records import Cancelled as What
from beian.records.rows import filings
from interface.models import ProviderAccount
from tests import builders
from tests.beian.test_checks.standing import as_sent, number_of
from tests.builders import changed
from tests.on_file import PASSWORD, on_file

OTHER = 440000000003
Load = Callable[..., Known]


@pytest.fixture
def held(guangdong: Node, account: ProviderAccount, code_tables: None) -> FilingRecord:
    """A filing of two websites, both hosted by the provider, as its rows have it."""
    filed = on_file(guangdong, builders.filing(1, websites=2), account.isp_id)
    return filings(guangdong, [number_of(filed.sponsor)])[number_of(filed.sponsor)]


@pytest.fixture
def load(guangdong: Node, account: ProviderAccount, code_tables: None) -> Load:
    def loaded(*requests: Request, **values: object) -> Known:
        return load_request_facts(guangdong, isp_id=account.isp_id, requests=requests, **values)  # type: ignore[arg-type]

    return loaded


def codes(request: Request, known: Known) -> list[int]:
    return [finding.code for finding in check_request(ask(request, known))]


def said(request: Request, known: Known) -> str:
    return "\n".join(finding.description() for finding in check_request(ask(request, known)))


def a_change(held: FilingRecord) -> ChangeRecord:
    sponsor = dataclasses.replace(held.sponsor, provider_id=None, first_reported=None, last_modified=None)
    return ChangeRecord(sponsor=sponsor, websites=tuple(as_sent(website) for website in held.websites))


def a_cancellation(what: What, number: int | None, password: str | None = None) -> CancellationRecord:
    return CancellationRecord(what=what, number=number or 0, reason=1, filing_password=password)


def an_access(held: FilingRecord, password: str = PASSWORD, n: int = 77) -> NewAccessRecord:
    return NewAccessRecord(
        website=NameRecord(number=held.websites[0].number), access=builders.access(n), filing_password=password
    )


def all_kinds(held: FilingRecord, n: int) -> list[Request]:
    return [
        NewWebsitesRecord(sponsor=NameRecord(number=held.sponsor.number), websites=(builders.website(n),)),
        an_access(held, n=n),
        a_change(held),
        a_cancellation(What.ACCESS, held.websites[0].accesses[0].number),
        a_cancellation(What.WEBSITE, held.websites[0].number),
        a_cancellation(What.SPONSOR, held.sponsor.number, PASSWORD),
    ]


def test_a_change_as_it_is_on_file_has_no_fault(load: Load, held: FilingRecord) -> None:
    assert codes(a_change(held), load(a_change(held))) == []


def test_what_stands_is_found_by_number_and_by_filing_number(load: Load, held: FilingRecord) -> None:
    for name in (NameRecord(number=held.sponsor.number), NameRecord(filing_number=held.sponsor.filing_number)):
        request = NewWebsitesRecord(sponsor=name, websites=(builders.website(901),))
        asked = ask(request, load(request))
        assert asked.on_file == held
        assert check_request(asked) == []


def test_another_bureau_s_copy_is_not_seen(load: Load, beijing: Node, held: FilingRecord) -> None:
    theirs = on_file(beijing, builders.filing(2), 110000000002)
    request = a_cancellation(What.SPONSOR, theirs.sponsor.number, PASSWORD)
    assert load(request).on_file.filings == {}


def test_1029_says_since_when(load: Load, held: FilingRecord) -> None:
    Access.objects.held_by(Node.objects.get(province=440000, kind="bureau")).update(
        since=datetime(2026, 3, 1, tzinfo=UTC)
    )
    assert "自2026-03-01起" in said(an_access(held), load(an_access(held)))


def test_the_password_is_checked_for_a_new_access_and_a_sponsor_s_end(load: Load, held: FilingRecord) -> None:
    for password, expected in ((PASSWORD, False), ("falsch12", True), (PASSWORD.upper(), True)):
        access = an_access(held, password)
        sponsor = a_cancellation(What.SPONSOR, held.sponsor.number, password)
        known = load(access, sponsor)
        assert (1018 in codes(access, known), 1018 in codes(sponsor, known)) == (expected, expected)


def test_tombstones_are_found_by_number_and_filing_number(load: Load, guangdong: Node) -> None:
    number = 440_000 * 10**9 + 7
    Cancelled.objects.create_for(
        guangdong, kind="sponsor", number=number, filing_number="粤ICP备2026000007号", sponsor=number
    )
    Cancelled.objects.create_for(
        guangdong, kind="website", number=number + 1, filing_number="粤ICP备2026000007号-1", sponsor=number
    )
    for request in (
        a_cancellation(What.SPONSOR, number, PASSWORD),
        a_cancellation(What.WEBSITE, number + 1),
        NewAccessRecord(
            website=NameRecord(filing_number="粤ICP备2026000007号-1"), access=builders.access(7), filing_password="x"
        ),
    ):
        assert codes(request, load(request)) == [1049]


def mark(holder: Node, kind: str, key: str, **values: object) -> None:
    Reservation.objects.create(holder=holder, kind=kind, key=key, taken_by="示例接入商正在申请的备案", **values)


def test_marks_of_pending_requests_exclude_but_not_the_application_itself(
    load: Load, guangdong: Node, held: FilingRecord
) -> None:
    mark(guangdong, "cancellation", f"website:{held.websites[0].number}", application=5)
    request = a_cancellation(What.WEBSITE, held.websites[0].number)
    assert codes(request, load(request)) == [1030]
    assert codes(request, load(request, except_application=5)) == []


def test_a_pending_change_of_the_same_website_is_1017(load: Load, guangdong: Node, held: FilingRecord) -> None:
    request = changed(a_change(held), "websites.0.name", "示例新站")
    mark(guangdong, "change", f"website:{held.websites[1].number}", application=5)
    assert codes(request, load(request)) == []
    mark(guangdong, "change", f"website:{held.websites[0].number}", application=6)
    assert codes(request, load(request)) == [1017]


def test_the_provider_s_own_id_is_recognised(load: Load, held: FilingRecord, account: ProviderAccount) -> None:
    own = builders.filing(1).sponsor.provider_id
    request = a_cancellation(What.SPONSOR, own)
    assert str(held.sponsor.number) in said(request, load(request))
    ProviderId.objects.create(
        holder=account.bureau, isp_id=account.isp_id, kind="sponsor", provider_id=99, application=5
    )
    request = a_cancellation(What.SPONSOR, 99)
    assert "尚在审核" in said(request, load(request))


def test_registered_addresses_are_those_of_the_provider_s_bureau(
    load: Load, guangdong: Node, held: FilingRecord
) -> None:
    part = builders.address_range(901)
    request = NewWebsitesRecord(sponsor=NameRecord(number=held.sponsor.number), websites=(builders.website(901),))
    assert codes(request, load(request)) == []
    RegisteredRange.objects.create_for(guangdong, isp_id=440000000002, first=1, last=2)
    assert codes(request, load(request)) == [1023]
    RegisteredRange.objects.create_for(guangdong, isp_id=OTHER, first=part.first - 5, last=part.last + 5)
    assert codes(request, load(request)) == []
    guangdong.refuses_unregistered = True
    assert codes(request, load(request)) == [1063]


def test_the_number_of_queries_does_not_grow_with_the_document(
    guangdong: Node,
    account: ProviderAccount,
    load: Load,
    django_assert_num_queries: Callable[[int], CaptureQueriesContext],
) -> None:
    many = [on_file(guangdong, builders.filing(n), account.isp_id) for n in range(1, 21)]
    Sponsor.objects.held_by(guangdong).update(filing_password_hash=None)
    for some in (many[:1], many):
        requests = [request for n, held in enumerate(some) for request in all_kinds(held, 1_000 + n)]
        with django_assert_num_queries(22):
            known = load(*requests)
        assert all(ask(request, known).target for request in requests)


def test_new_filings_in_the_document_are_judged_with_the_same_facts(load: Load, held: FilingRecord) -> None:
    again, new = builders.filing(1), builders.filing(5)
    known = load(again, new)
    assert {1003, 1005} <= set(codes(again, known))
    assert codes(new, known) == []


def test_material_belongs_to_filings_and_to_pending_applications(
    guangdong: Node, account: ProviderAccount, held: FilingRecord, facts: Facts
) -> None:
    ProviderId.objects.create(holder=guangdong, isp_id=account.isp_id, kind="sponsor", provider_id=99, application=5)
    named = {
        str(held.sponsor.number): Owner(filing=held),
        "99": Owner(application=5),
        str(builders.filing(1).sponsor.provider_id): Owner(filing=held),
        "1": None,
    }
    attachments = [builders.attachment(owner) for owner in named]
    known = load_material_facts(guangdong, isp_id=account.isp_id, attachments=attachments)
    assert [Material(each, known).owner for each in attachments] == list(named.values())
    assert [bool(check_material(each, known)) for each in attachments] == [False, False, False, True]
    assert number_of(held.sponsor) in known.on_file.filings
