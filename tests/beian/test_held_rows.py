"""Filing rows are reached through their holder, and belong to one holder throughout."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from beian.models import Access, AddressRange, Domain, Node, Sponsor, Unscoped, Website
from beian.records.rows import filings, store_filing, with_numbers
from tests.builders import filing


def stored(node: Node, seed: int = 1) -> Sponsor:
    """File the builders' filing at `node`."""
    numbers = iter(range(node.province * 10**9 + seed * 1000, node.province * 10**9 + seed * 1000 + 999))
    return store_filing(node, with_numbers(filing(seed), numbers.__next__, 440000000002), isp_id=440000000002)


@pytest.mark.parametrize("model", [Sponsor, Website, Access, Domain, AddressRange])
def test_a_query_without_a_holder_is_refused(model: type, db: None) -> None:
    with pytest.raises(Unscoped, match="held_by"):
        model.objects.all()  # type: ignore[attr-defined]


def test_each_holder_has_its_own_copy(guangdong: Node, ministry: Node) -> None:
    stored(guangdong)
    assert Sponsor.objects.held_by(guangdong).count() == 1
    assert Sponsor.objects.held_by(ministry).count() == 0


def test_children_are_reached_from_their_parent(guangdong: Node) -> None:
    sponsor = stored(guangdong)
    website = sponsor.websites.get()
    assert website.domains.count() >= 1
    assert website.accesses.get().ranges.count() >= 1


def test_children_of_a_parent_stay_its_own_where_the_holder_is_named(guangdong: Node, ministry: Node) -> None:
    first, second = stored(guangdong, 1), stored(guangdong, 2)
    for sponsor in (first, second):
        own = [website.sponsor_id for website in sponsor.websites.held_by(guangdong)]
        assert own == [sponsor.pk]
        assert not sponsor.websites.held_by(ministry)


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_child_of_another_holder(guangdong: Node, ministry: Node) -> None:
    sponsor = stored(guangdong)
    with pytest.raises(IntegrityError, match="same_holder"):
        Website.objects.create_for(
            ministry, number=7, sponsor=sponsor, name="x", first_reported=timezone.now(), last_modified=timezone.now()
        )


def test_what_was_stored_reads_back(guangdong: Node) -> None:
    sponsor = stored(guangdong)
    found = filings(guangdong, [sponsor.number], isp_id=440000000002)[sponsor.number]
    asked = filing(1)
    assert found.sponsor.name == asked.sponsor.name
    assert found.sponsor.person == asked.sponsor.person
    assert found.sponsor.certificate == asked.sponsor.certificate
    assert found.sponsor.address == asked.sponsor.address
    assert found.sponsor.provider_id == asked.sponsor.provider_id
    for got, want in zip(found.websites, asked.websites, strict=True):
        assert (got.name, got.person, got.services, got.languages) == (
            want.name,
            want.person,
            want.services,
            want.languages,
        )
        assert [d.name for d in got.domains] == [d.name for d in want.domains]
        assert [(r.first, r.last) for a in got.accesses for r in a.ranges] == [
            (r.first, r.last) for a in want.accesses for r in a.ranges
        ]


def test_another_provider_sees_neither_the_filing_nor_foreign_ids(guangdong: Node) -> None:
    sponsor = stored(guangdong)
    assert filings(guangdong, [sponsor.number], isp_id=440000000009) == {}
    whole = filings(guangdong, [sponsor.number])[sponsor.number]
    assert whole.sponsor.provider_id is None


def test_many_filings_take_as_many_queries_as_one(guangdong: Node) -> None:
    from django.test.utils import CaptureQueriesContext

    sponsors = [stored(guangdong, seed).number for seed in (1, 2, 3)]
    with CaptureQueriesContext(
        connection,
    ) as one:
        filings(guangdong, sponsors[:1], isp_id=440000000002)
    with CaptureQueriesContext(connection) as all_of_them:
        filings(guangdong, sponsors, isp_id=440000000002)
    assert len(one) == len(all_of_them)
