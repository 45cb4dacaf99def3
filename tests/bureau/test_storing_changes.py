"""A filing that is stored again keeps what the record does not speak of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beian.models import Access, Attachment, Node, ProviderId, Sponsor, Website
from beian.records.removing import forget_gone
from beian.records.rows import filings, store_filing
from tests.builders import access, address_range, attachment, changed, domain, filing, jpeg_bytes
from tests.conftest import ISP_ID
from tests.on_file import on_file

pytestmark = pytest.mark.django_db
OTHER_ISP = 440000000003


def test_a_website_that_is_stored_again_keeps_its_attachments(guangdong: Node) -> None:
    asked = filing(1)
    owner = str(asked.websites[0].provider_id)
    stored = on_file(guangdong, replace(asked, attachments=(attachment(owner, owner_kind=2),)), ISP_ID)
    website = Website.objects.held_by(guangdong).get()
    store_filing(guangdong, changed(stored, "websites.0.name", "新的名称"))
    assert Attachment.objects.held_by(guangdong).get().website == website
    assert filings(guangdong, [stored.sponsor.number or 0])[stored.sponsor.number or 0].websites[0].name == "新的名称"


def test_the_same_attachment_is_added_once_and_another_beside_it(guangdong: Node) -> None:
    stored = on_file(guangdong, filing(1), ISP_ID)
    own = str(stored.sponsor.number)
    again, other = attachment(own), attachment(own, data=jpeg_bytes(5))
    store_filing(guangdong, replace(stored, attachments=(again, other, other)))
    assert Attachment.objects.held_by(guangdong).count() == 2


def test_an_attachment_of_a_new_website_goes_to_no_other_whose_number_its_own_id_is(guangdong: Node) -> None:
    stored = on_file(guangdong, filing(1), OTHER_ISP)
    known = stored.websites[0]
    new = replace(filing(2).websites[0], provider_id=known.number, number=440_000_900_000_001)
    new = replace(new, domains=(), accesses=())
    asked = replace(stored, websites=(replace(known, provider_id=None), new))
    store_filing(guangdong, replace(asked, attachments=(attachment(str(known.number), owner_kind=2),)))
    owner = Attachment.objects.held_by(guangdong).latest("id").website
    assert owner is not None
    assert owner.number == new.number


def test_first_report_and_password_stay(guangdong: Node) -> None:
    stored = on_file(guangdong, filing(1), ISP_ID)
    before = Sponsor.objects.held_by(guangdong).get()
    store_filing(guangdong, changed(stored, "sponsor.first_reported", "2001-01-01 00:00:00"))
    after = Sponsor.objects.held_by(guangdong).get()
    assert (after.first_reported, after.filing_password_hash) == (before.first_reported, before.filing_password_hash)


def test_lists_become_what_the_record_says(guangdong: Node) -> None:
    stored = on_file(guangdong, filing(1), ISP_ID)
    new = replace(stored.websites[0].domains[0], name="example-new.cn")
    store_filing(guangdong, changed(stored, "websites.0.domains", (new, domain(9, number=440000000000900))))
    domains = filings(guangdong, [stored.sponsor.number or 0])[stored.sponsor.number or 0].websites[0].domains
    assert [each.name for each in domains] == ["example-new.cn", "example9.cn"]


def test_other_websites_of_the_sponsor_stay(guangdong: Node) -> None:
    stored = on_file(guangdong, filing(1, websites=2), ISP_ID)
    store_filing(guangdong, replace(stored, websites=stored.websites[:1]))
    assert Website.objects.held_by(guangdong).count() == 2


def test_other_providers_ids_survive_and_a_new_own_one_replaces_the_old(guangdong: Node) -> None:
    stored = on_file(guangdong, filing(1), ISP_ID)
    number = stored.websites[0].number or 0
    ProviderId.objects.create(holder=guangdong, isp_id=OTHER_ISP, kind="website", provider_id=7, number=number)
    store_filing(guangdong, changed(stored, "websites.0.provider_id", 77), isp_id=ISP_ID)
    ids = ProviderId.objects.filter(kind="website", number=number).values_list("isp_id", "provider_id")
    assert set(ids) == {(OTHER_ISP, 7), (ISP_ID, 77)}


def test_ids_of_what_is_gone_are_free_again(guangdong: Node) -> None:
    stored = on_file(guangdong, filing(1), ISP_ID)
    forget_gone(guangdong, stored, changed(stored, "websites.0.domains", ()))
    kinds = set(ProviderId.objects.values_list("kind", flat=True))
    assert "domain" not in kinds
    assert kinds >= {"sponsor", "website", "access", "range"}


def test_an_access_keeps_the_day_on_which_it_joined(guangdong: Node) -> None:
    stored = on_file(guangdong, filing(1), ISP_ID)
    joining = access(
        90, number=440000000000990, provider=OTHER_ISP, ranges=(address_range(90, number=440000000000991),)
    )
    joined = changed(stored, "websites.0.accesses", (*stored.websites[0].accesses, joining))
    store_filing(guangdong, joined)
    first, second = Access.objects.held_by(guangdong).order_by("number").values_list("since", flat=True)
    assert first is None  # as old as its website
    assert second is not None
    store_filing(guangdong, changed(joined, "websites.0.name", "新的名称"))
    assert list(Access.objects.held_by(guangdong).order_by("number").values_list("since", flat=True)) == [None, second]
