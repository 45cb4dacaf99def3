"""A draft becomes a record and a record a draft, and nothing is lost on either way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beian.records import (
    AccessRecord,
    AddressRecord,
    AttachmentRecord,
    CancellationRecord,
    Cancelled,
    CertificateRecord,
    ChangeRecord,
    DomainRecord,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    PersonRecord,
    PriorApprovalRecord,
    RangeRecord,
    SponsorRecord,
    WebsiteRecord,
    as_json,
    from_json,
)
from enterprise.services.contents import kind_of
from enterprise.services.drafts import draft_of, read, record_of
from enterprise.workflow import Kind
from tests import builders

CHARACTERS = "abcXYZ019-._@;:/（）中文示例公司 路号\n"
texts = st.text(CHARACTERS, min_size=1, max_size=12).map(str.strip).filter(bool)
plain = st.text("abcXYZ019-._@;:/", min_size=1, max_size=12)
codes = st.integers(1, 40)
ids = st.none() | st.integers(1, 2**53)
several = st.lists(codes, max_size=3).map(tuple)
addresses = st.integers(0, 2**32 - 1)
contents = st.binary(min_size=1, max_size=8).map(builders.content)


def some(strategy: st.SearchStrategy[Any], *, least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(strategy, min_size=least, max_size=2).map(tuple)


maybe, maybe_plain, maybe_code = st.none() | texts, st.none() | plain, st.none() | codes
people = st.builds(
    PersonRecord, name=maybe, certificate_type=maybe_code, certificate_number=maybe_plain, telephone=maybe_plain,
    mobile=maybe_plain, email=maybe_plain, msn=maybe_plain, qq=maybe_plain,
)  # fmt: skip
ranges = st.builds(RangeRecord, first=addresses, last=addresses, number=ids, provider_id=ids)
accesses = st.builds(
    AccessRecord, locations=several, methods=several, ranges=some(ranges, least=1), number=ids, provider_id=ids,
    provider=ids, reported_by=maybe_code,
)  # fmt: skip
approvals = st.builds(PriorApprovalRecord, kind=codes, approval_number=texts, scans=some(contents))
domains = st.builds(DomainRecord, name=plain, number=ids, provider_id=ids)
websites = st.builds(
    WebsiteRecord, name=texts, person=people, domains=some(domains, least=1), accesses=some(accesses),
    services=several, languages=several, approvals=some(approvals), number=ids, provider_id=ids,
    filing_number=maybe, home_page=maybe_plain, remark=maybe, first_reported=maybe, last_modified=maybe,
)  # fmt: skip
sponsors = st.builds(
    SponsorRecord,
    name=texts,
    certificate=st.builds(CertificateRecord, type=codes, number=plain, address=texts),
    address=st.builds(AddressRecord, province=codes, city=maybe_code, county=maybe_code, detail=maybe),
    person=people, number=ids, provider_id=ids, filing_number=maybe, nature=maybe_code, superior=maybe,
    reported_by=maybe_code, remark=maybe, first_reported=maybe, last_modified=maybe, certificate_serial=maybe,
    certificate_path=maybe, certificate_expires=maybe, reviewer=maybe, reviewed=maybe,
)  # fmt: skip
names = st.builds(NameRecord, number=st.integers(1, 2**53)) | st.builds(NameRecord, filing_number=texts)
attachments = st.builds(
    AttachmentRecord, format=codes, purpose=codes, content=contents, owner_kind=st.sampled_from([1, 2]),
    owner=st.integers(1, 2**53).map(str), remark=maybe,
)  # fmt: skip
requests = st.one_of(
    st.builds(
        FilingRecord, sponsor=sponsors, websites=some(websites, least=1), attachments=some(attachments), remark=maybe
    ),
    st.builds(
        ChangeRecord, sponsor=sponsors, websites=some(websites), attachments=some(attachments), odd_remarks=several
    ),
    st.builds(NewWebsitesRecord, sponsor=names, websites=some(websites, least=1), attachments=some(attachments)),
    st.builds(NewAccessRecord, website=names, access=accesses, attachments=some(attachments)),
    st.builds(
        CancellationRecord, what=st.sampled_from(Cancelled), number=st.integers(1, 2**53), reason=codes, remark=maybe
    ),
)


@settings(max_examples=300, deadline=None)
@given(requests)
def test_a_record_comes_back_from_its_draft_as_it_was(request: Any) -> None:
    found, errors = record_of(kind_of(request), from_json(as_json(draft_of(request)), dict))
    assert errors == {}
    assert found == request


def test_attachments_name_their_owner_by_place_and_keep_its_id() -> None:
    filing = builders.filing(3, websites=2)
    second = str(filing.websites[1].provider_id)
    filing = replace(filing, attachments=(*filing.attachments, builders.attachment(second, owner_kind=2, purpose=4)))
    draft = draft_of(filing)
    assert [each["owner"] for each in draft["attachments"]] == ["sponsor", "websites.1"]
    assert record_of(Kind.NEW_FILING, draft)[0] == filing
    fresh = draft_of(builders.without_ids(builders.filing(3)))
    made, _ = record_of(Kind.NEW_FILING, fresh)
    assert isinstance(made, FilingRecord)
    assert made.attachments[0].owner == "sponsor"


def test_everything_that_is_missing_is_told_at_once() -> None:
    record, errors = record_of(Kind.NEW_FILING, {"websites": [{"accesses": [{}]}]})
    assert record is None
    assert {
        "sponsor.name", "sponsor.certificate.type", "sponsor.certificate.number", "sponsor.certificate.address",
        "sponsor.address.province", "websites.0.name", "websites.0.domains", "websites.0.accesses.0.ranges",
    } <= set(errors)  # fmt: skip
    assert "websites" in record_of(Kind.NEW_FILING, {})[1]


def test_an_unfinished_draft_is_read_as_far_as_it_goes() -> None:
    reading = read(Kind.NEW_FILING, {"sponsor": {"person": {"mobile": "12"}}})
    assert isinstance(reading.request, FilingRecord)
    assert reading.request.sponsor.person.mobile == "12"


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ({"first": "198.18.0.1", "last": "198.18.0.9"}, "198.18.0.1", "198.18.0.9"),
        ({"first": "１９８．１８．０．１", "last": " 198.18.0.9 "}, "198.18.0.1", "198.18.0.9"),
        ({"first": "198.18.0.0/24", "last": "198.18.0.0/24"}, "198.18.0.0", "198.18.0.255"),
    ],
)
def test_addresses_are_read_as_they_are_written(typed: dict[str, str], first: str, last: str) -> None:
    draft = draft_of(builders.filing())
    draft["websites"][0]["accesses"][0]["ranges"] = [typed]
    record, errors = record_of(Kind.NEW_FILING, draft)
    assert errors == {}
    assert isinstance(record, FilingRecord)
    again = draft_of(record)["websites"][0]["accesses"][0]["ranges"][0]
    assert (again["first"], again["last"]) == (first, last)


@pytest.mark.parametrize("typed", ["198.18.0", "198.18.0.256", "198.18.0.1/24", "一", "1 2.3.4.5"])
def test_what_is_no_address_is_told_beside_it(typed: str) -> None:
    draft = draft_of(builders.filing())
    draft["websites"][0]["accesses"][0]["ranges"] = [{"first": typed, "last": typed}]
    assert f"“{typed}”" in record_of(Kind.NEW_FILING, draft)[1]["websites.0.accesses.0.ranges.0.first"][0]


def test_full_width_digits_and_blanks_are_forgiven_where_they_can_mean_nothing_else() -> None:
    draft = draft_of(builders.filing())
    person = draft["sponsor"]["person"]
    person |= {"mobile": "　１６００００００００１；16000000002 ", "telephone": "０２０－１２３４５６７８"}
    draft["sponsor"]["certificate"]["type"] = "１"
    record, errors = record_of(Kind.NEW_FILING, draft)
    assert errors == {}
    assert isinstance(record, FilingRecord)
    assert record.sponsor.person.mobile == "16000000001;16000000002"
    assert record.sponsor.person.telephone == "020-12345678"
    assert record.sponsor.certificate.type == 1


def test_a_filing_password_is_given_beside_the_draft_and_never_stands_in_it() -> None:
    request = CancellationRecord(what=Cancelled.WEBSITE, number=5, reason=1, filing_password="abcdefgh")
    draft = draft_of(request)
    assert "abcdefgh" not in str(draft)
    assert record_of(Kind.CANCEL_WEBSITE, draft, filing_password="abcdefgh") == (request, {})
