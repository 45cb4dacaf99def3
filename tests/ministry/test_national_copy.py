"""What a bureau approves stands at the ministry: the copy, and what the public may know of it."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.db import transaction

from beian.exchange import Refused, send
from beian.exchange.envelope import envelope_of
from beian.exchange.receiving import receive
from beian.models import Domain, Event, Node, Receipt, Sponsor, Website
from beian.records import as_json
from beian.records.rows import filings
from ministry.models import PublicFiling
from tests.ministry.filings import named, numbered, report

pytestmark = pytest.mark.django_db


def test_the_filing_stands_at_the_ministry(guangdong: Node, ministry: Node) -> None:
    record = numbered(1, websites=2)
    assert report(guangdong, record) == Receipt.HANDLED
    number = record.sponsor.number or 0
    copy = filings(ministry, [number])[number]
    assert copy.sponsor.filing_number == "粤ICP备2026000001号"
    assert [website.filing_number for website in copy.websites] == ["粤ICP备2026000001号-1", "粤ICP备2026000001号-2"]
    assert copy.sponsor.person == record.sponsor.person
    assert Event.objects.get(verb="copy", subject=str(number)).node == ministry


def test_the_bureau_s_own_copy_is_another(guangdong: Node, ministry: Node) -> None:
    report(guangdong, numbered(1))
    assert not Sponsor.objects.held_by(guangdong).exists()
    assert Sponsor.objects.held_by(ministry).count() == 1


def test_the_public_gets_one_row_a_domain(guangdong: Node) -> None:
    report(guangdong, named(numbered(1), "Example1.CN", "示例.中国"))
    rows = PublicFiling.objects.order_by("id")
    assert [(row.domain, row.domain_key) for row in rows] == [
        ("Example1.CN", "example1.cn"),
        ("示例.中国", "xn--fsq092h.xn--fiqs8s"),
    ]
    assert {row.province for row in rows} == {440000}


def test_the_public_table_has_no_column_for_persons() -> None:
    assert {field.name for field in PublicFiling._meta.get_fields()} == {
        "id",
        "sponsor_number",
        "website_number",
        "province",
        "sponsor_filing_number",
        "website_filing_number",
        "sponsor_name",
        "sponsor_key",
        "nature",
        "website_name",
        "home_page",
        "domain",
        "domain_key",
        "reviewed",
    }


def test_a_website_without_domains_is_found_by_its_number(guangdong: Node) -> None:
    report(guangdong, named(numbered(1)))
    assert PublicFiling.objects.get().domain_key == ""


def test_a_later_filing_replaces_the_earlier(guangdong: Node, ministry: Node) -> None:
    before = numbered(1, websites=2)
    report(guangdong, before)
    sponsor = replace(before.sponsor, name="示例科技集团有限公司")
    report(guangdong, replace(before, sponsor=sponsor, websites=before.websites[:1]))
    assert {row.sponsor_name for row in PublicFiling.objects.all()} == {"示例科技集团有限公司"}
    assert PublicFiling.objects.count() == 1
    assert Website.objects.held_by(ministry).count() == 1
    assert Domain.objects.held_by(ministry).count() == 1


def test_an_earlier_filing_that_comes_late_changes_nothing(guangdong: Node, ministry: Node) -> None:
    envelopes = []
    for name in ("旧名称", "新名称"):
        record = numbered(1)
        record = replace(record, sponsor=replace(record.sponsor, name=name))
        with transaction.atomic():
            body = {"filing": as_json(record)}
            message = send(guangdong, ministry, "filing", body, uuid.uuid4(), about=f"sponsor:{record.sponsor.number}")
        envelopes.append(envelope_of(message))
    assert [receive(envelope, "ministry") for envelope in reversed(envelopes)] == [
        Receipt.HANDLED,
        Receipt.SUPERSEDED,
    ]
    assert PublicFiling.objects.get().sponsor_name == "新名称"
    assert Sponsor.objects.held_by(ministry).get().name == "新名称"


def test_a_bureau_reports_its_own_filings_only(beijing: Node) -> None:
    with pytest.raises(Refused, match="无权"):
        report(beijing, numbered(1, province=440000))
    assert not PublicFiling.objects.exists()


def test_a_filing_without_numbers_is_refused(guangdong: Node, ministry: Node) -> None:
    record = numbered(1)
    websites = tuple(replace(website, number=None) for website in record.websites)
    with pytest.raises(Refused, match="缺少编号"):
        report(guangdong, replace(record, websites=websites))
    assert not Sponsor.objects.held_by(ministry).exists()
