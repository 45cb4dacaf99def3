"""Filings on file: numbered, with what they reserve, and with the public's row of each domain."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import count

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from beian import numbers
from beian.checks.facts import stored_key
from beian.checks.keys import domain_key, reservation_keys
from beian.copying import Rows
from beian.generate.approved import FIRST_YEAR, approved
from beian.generate.records import Maker
from beian.models import (
    Attachment,
    Counter,
    Node,
    ProviderId,
    Reservation,
)
from beian.records import FilingRecord
from beian.records.many_to_rows import NewFilings
from beian.records.to_rows import number_of, objects_of, with_numbers


def on_file(bureau: Node, maker: Maker, ns: range, providers: Sequence[int], copies: Sequence[Node] = ()) -> int:
    """Put the filings `ns` on file at `bureau`, and at the nodes `copies`; gives the number of rows.

    One transaction. Numbers come from the counters, so that what is approved later gets others.
    """
    with transaction.atomic():
        filings = _numbered(bureau, maker, ns, providers)
        tables = [_copy(holder, filings) for holder in (bureau, *copies)]
        tables += [_reserved(bureau, filings), _provider_ids(bureau, filings), _suffixes(bureau, filings)]
        tables += [_published(bureau, filings)]
        return sum(rows.flush() for some in tables for rows in some)


def _numbered(bureau: Node, maker: Maker, ns: range, providers: Sequence[int]) -> list[FilingRecord]:
    year = _emptiest_year(bureau)
    chance = random.Random(f"{maker.seed} {ns.start}")  # noqa: S311
    plain = [maker.filing(n) for n in ns]
    serials = count(numbers.issue_filing_serials(bureau, year, len(plain)))
    take = count(numbers.issue_objects(bureau, sum(1 for filing in plain for _ in objects_of(filing)))).__next__
    return [
        approved(
            with_numbers(filing, take, providers[n % len(providers)]), bureau.province, year, next(serials), chance
        )
        for n, filing in zip(ns, plain, strict=True)
    ]


def _emptiest_year(bureau: Node) -> int:
    """Choose the year of which the fewest numbers are given out."""
    given = dict(Counter.objects.filter(node=bureau, series__startswith="filing:").values_list("series", "value"))
    years = range(FIRST_YEAR, timezone.localdate().year + 1)
    return min(years, key=lambda year: given.get(f"filing:{year}", 0))


def _copy(holder: Node, filings: Sequence[FilingRecord]) -> list[Rows]:
    """The rows of one holder's copy of some filings; attachments belong to sponsors here."""
    new, attachments = NewFilings(holder, filings), Rows(Attachment)
    for filing in filings:
        for attachment in filing.attachments:
            attachments.add(
                holder_id=holder.pk,
                sponsor_id=new.sponsor_keys[number_of(filing.sponsor)],
                content_id=attachment.content.sha256,
                format=attachment.format,
                purpose=attachment.purpose,
            )
    return [*new.tables, attachments]


def _reserved(bureau: Node, filings: Sequence[FilingRecord]) -> list[Rows]:
    rows, now = Rows(Reservation), timezone.now()
    for filing in filings:
        for kind, key in reservation_keys(filing):
            rows.add(
                holder_id=bureau.pk,
                kind=kind,
                key=stored_key(kind, key),
                taken_by=filing.sponsor.filing_number,
                taken_at=now,
                sponsor=number_of(filing.sponsor),
            )
    return [rows]


def _provider_ids(bureau: Node, filings: Sequence[FilingRecord]) -> list[Rows]:
    rows = Rows(ProviderId)
    for filing in filings:
        isp_id = filing.websites[0].accesses[0].provider
        for kind, thing in objects_of(filing):
            rows.add(holder_id=bureau.pk, isp_id=isp_id, kind=kind, provider_id=thing.provider_id, number=thing.number)
    return [rows]


def _suffixes(bureau: Node, filings: Sequence[FilingRecord]) -> list[Rows]:
    """Count the websites of each sponsor, so that the next one gets the next suffix."""
    rows = Rows(Counter)
    for filing in filings:
        rows.add(node_id=bureau.pk, series=f"website:{number_of(filing.sponsor)}", value=len(filing.websites))
    return [rows]


def _published(bureau: Node, filings: Sequence[FilingRecord]) -> list[Rows]:
    """Fill the public's table where the ministry's system is installed beside.

    Names are made in the form by which the public query looks for them.
    """
    if not apps.is_installed("ministry"):
        return []
    model: type[models.Model] = apps.get_model("ministry", "PublicFiling")
    rows = Rows(model)
    for filing in filings:
        sponsor = filing.sponsor
        for website in filing.websites:
            for domain in website.domains:
                rows.add(
                    sponsor_number=sponsor.number,
                    website_number=website.number,
                    province=bureau.province,
                    sponsor_filing_number=sponsor.filing_number,
                    website_filing_number=website.filing_number,
                    sponsor_name=sponsor.name,
                    sponsor_key=sponsor.name,
                    nature=sponsor.nature,
                    website_name=website.name,
                    home_page=website.home_page,
                    domain=domain.name,
                    domain_key=domain_key(domain.name),
                    reviewed=(sponsor.reviewed or "")[:10],
                )
    return [rows]
