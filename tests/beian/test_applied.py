"""Filings as they would stand when a request is granted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from beian.records import (
    CancellationRecord,
    Cancelled,
    ChangeRecord,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    Request,
)
from beian.records.applied import NotOnFile, applied
from beian.records.differences import difference
from tests import builders
from tests.beian.filed import CALLER, OTHER, SPONSOR, change, on_file
from tests.builders import changed


def asked(path: str, value: Any, *, filing: FilingRecord | None = None) -> ChangeRecord:
    """A change of `filing` that says one thing otherwise."""
    wanted: ChangeRecord = changed(change(filing or on_file()), path, value)
    return wanted


def after(request: Request, *, filing: FilingRecord | None = None) -> FilingRecord:
    return applied(filing or on_file(), request, CALLER)


def test_a_change_that_says_nothing_new_changes_nothing() -> None:
    assert after(change(on_file())) == on_file()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("sponsor.name", "示例新名"),
        ("sponsor.nature", 3),
        ("sponsor.superior", "示例新上级"),
        ("sponsor.remark", "示例备注"),
        ("sponsor.address.detail", "示例新路1号"),
        ("sponsor.certificate.address", "示例新址"),
        ("sponsor.certificate.number", builders.credit_code(77)),
        ("sponsor.person.name", "示例新人"),
        ("sponsor.person.mobile", "16009999999;16009999998"),
        ("websites.1.name", "示例新站"),
        ("websites.1.home_page", "http://example102.cn/new"),
        ("websites.1.remark", "示例备注"),
        ("websites.1.services", (1, 2)),
        ("websites.1.languages", (2,)),
        ("websites.1.person.email", "new@example102.cn"),
        ("websites.1.accesses.0.locations", (6,)),
        ("websites.1.accesses.0.methods", (1,)),
    ],
)
def test_a_field_that_a_change_names_becomes_what_it_says(path: str, value: Any) -> None:
    assert after(asked(path, value)) == changed(on_file(), path, value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("sponsor.reported_by", 1),
        ("sponsor.first_reported", "2030-01-01 00:00:00"),
        ("sponsor.certificate_serial", "示例伪造"),
        ("sponsor.filing_number", "粤ICP备2026999999号"),
        ("websites.0.filing_number", "粤ICP备2026999999号-1"),
        ("websites.0.first_reported", "2030-01-01 00:00:00"),
    ],
)
def test_a_field_that_no_change_can_carry_stays_as_on_file(path: str, value: Any) -> None:
    assert after(asked(path, value)) == on_file()


@pytest.mark.parametrize("path", ["sponsor.superior", "sponsor.address.detail", "websites.0.home_page"])
def test_an_optional_field_left_out_is_not_touched(path: str) -> None:
    assert after(asked(path, None)) == on_file()


def test_a_code_said_twice_is_one_code() -> None:
    assert after(asked("websites.0.services", (9, 8, 9))) == changed(on_file(), "websites.0.services", (9, 8))


def test_codes_in_another_order_stay_as_they_are() -> None:
    filing = changed(on_file(), "websites.0.services", (8, 9))
    assert after(asked("websites.0.services", (9, 8), filing=filing), filing=filing) == filing


def test_prior_approvals_left_out_are_not_touched_and_given_ones_are_complete() -> None:
    first, second, third = (builders.approval(n) for n in (1, 2, 3))
    filing = changed(on_file(), "websites.0.approvals", (first, second))
    assert after(asked("websites.0.approvals", (), filing=filing), filing=filing) == filing
    found = after(asked("websites.0.approvals", (second, third), filing=filing), filing=filing)
    assert found.websites[0].approvals == (second, third)


def test_a_new_responsible_person_brings_the_whole_identity() -> None:
    nobody = replace(on_file().websites[0].person, name="示例新人", certificate_type=None, certificate_number=None)
    found = after(asked("websites.0.person", nobody)).websites[0].person
    assert (found.name, found.certificate_type, found.certificate_number) == ("示例新人", None, None)


def test_a_new_postal_address_is_taken_whole() -> None:
    address = replace(on_file().sponsor.address, city=440100, county=None)
    assert after(asked("sponsor.address", address)).sponsor.address == address


def test_websites_and_accesses_that_a_change_lacks_stay() -> None:
    filing = on_file(shared=True)
    only_second = change(filing, websites=change(filing).websites[1:])
    wanted = changed(
        changed(only_second, "websites.0.accesses", only_second.websites[0].accesses[:1]), "websites.0.name", "新"
    )
    assert after(wanted, filing=filing) == changed(filing, "websites.1.name", "新")


def test_the_list_of_domains_of_a_named_website_is_complete() -> None:
    filing = changed(
        on_file(),
        "websites.0.domains",
        (builders.domain(7, number=7, provider_id=None), builders.domain(8, number=8, provider_id=None)),
    )
    wanted = asked("websites.0.domains", (builders.domain(9), builders.domain(8, provider_id=None)), filing=filing)
    assert after(wanted, filing=filing).websites[0].domains == (filing.websites[0].domains[1], builders.domain(9))


def test_a_moved_range_keeps_its_number_and_a_new_one_has_none() -> None:
    part = on_file().websites[0].accesses[0].ranges[0]
    moved, new = replace(part, first=part.first + 50, last=part.last + 50), builders.address_range(70)
    found = after(asked("websites.0.accesses.0.ranges", (new, moved))).websites[0].accesses[0].ranges
    assert found == (moved, new)
    assert [each.number for each in found] == [part.number, None]


def test_a_range_without_a_number_is_known_by_its_ends() -> None:
    part = on_file().websites[0].accesses[0].ranges[0]
    wanted = asked("websites.0.accesses.0.ranges", (replace(part, number=None, provider_id=77),))
    assert after(wanted).websites[0].accesses[0].ranges == (replace(part, provider_id=77),)


def test_a_number_that_nothing_has_is_not_taken_over() -> None:
    wanted = asked("websites.0.domains", (builders.domain(9, number=999),))
    assert [each.number for each in after(wanted).websites[0].domains] == [None]


def test_own_ids_in_a_change_become_the_callers() -> None:
    wanted = asked("websites.0.domains.0.provider_id", 31)
    found = after(wanted)
    assert found == changed(on_file(), "websites.0.domains.0.provider_id", 31)
    assert difference(on_file(), found) == ()


def test_an_access_of_another_provider_is_never_touched() -> None:
    filing = on_file(shared=True)
    assert filing.websites[0].accesses[1].provider == OTHER
    assert after(asked("websites.0.accesses.1.methods", (1,), filing=filing), filing=filing) == filing


def test_a_change_adds_neither_websites_nor_accesses() -> None:
    wanted = change(on_file())
    wanted = replace(wanted, websites=(*wanted.websites, builders.website(9, number=999)))
    wanted = changed(wanted, "websites.0.accesses", (*wanted.websites[0].accesses, builders.access(9, number=998)))
    assert after(wanted) == on_file()


def test_of_attachments_only_new_ones_come() -> None:
    known, new = builders.attachment(str(SPONSOR)), builders.attachment(str(SPONSOR), purpose=2)
    filing = changed(on_file(), "attachments", (known,))
    assert after(change(on_file(), attachments=(known, new)), filing=filing).attachments == (new,)


def test_new_websites_come_without_numbers_and_given_by_the_caller() -> None:
    new = (builders.website(3), builders.website(4, number=12))
    form = builders.attachment(str(new[0].provider_id), owner_kind=2)
    request = NewWebsitesRecord(sponsor=NameRecord(number=SPONSOR), websites=new, attachments=(form,))
    found = after(request)
    assert found.websites[:2] == on_file().websites
    assert [(each.number, each.provider_id, each.accesses[0].provider) for each in found.websites[2:]] == [
        (None, new[0].provider_id, CALLER),
        (None, new[1].provider_id, CALLER),
    ]
    assert found.attachments == (form,)


@pytest.mark.parametrize("called", ["number", "粤ICP备2026000001号-2", "粤icp备 2026000001号－2"])
def test_a_new_access_joins_the_website_that_it_names(called: str) -> None:
    second = on_file().websites[1]
    name = NameRecord(number=second.number) if called == "number" else NameRecord(filing_number=called)
    found = after(NewAccessRecord(website=name, access=builders.access(9)))
    assert found.websites[1] == replace(second, accesses=(*second.accesses, builders.access(9, provider=CALLER)))
    assert found.websites[0] == on_file().websites[0]


@pytest.mark.parametrize("name", [NameRecord(number=5), NameRecord(filing_number="粤ICP备2026000001号")])
def test_a_new_access_to_a_website_that_is_not_there_is_an_error(name: NameRecord) -> None:
    with pytest.raises(NotOnFile, match=str(name)):
        after(NewAccessRecord(website=name, access=builders.access(9)))


def test_what_cancellations_take_along() -> None:
    filing = on_file(shared=True)
    first, second = filing.websites

    def without(what: Cancelled, number: int | None) -> FilingRecord:
        return after(CancellationRecord(what=what, number=number or 0, reason=1), filing=filing)

    assert without(Cancelled.SPONSOR, filing.sponsor.number).websites == ()
    assert without(Cancelled.WEBSITE, first.number).websites == (second,)
    access = without(Cancelled.ACCESS, second.accesses[0].number)
    assert access.websites == (first, replace(second, accesses=second.accesses[1:]))


@pytest.mark.parametrize("what", Cancelled)
def test_a_cancellation_of_what_is_gone_changes_nothing(what: Cancelled) -> None:
    once = after(CancellationRecord(what=what, number=on_file().websites[0].number or 0, reason=1))
    assert after(CancellationRecord(what=what, number=on_file().websites[0].number or 0, reason=1), filing=once) == once


def test_a_new_filing_stands_as_asked_given_by_the_caller() -> None:
    found = applied(on_file(), builders.filing(), CALLER)
    assert found == changed(builders.filing(), "websites.0.accesses.0.provider", CALLER)
