"""Filings as a bureau sends them to the ministry: numbered and reviewed."""

from __future__ import annotations

import uuid
from dataclasses import replace
from itertools import count
from typing import Any

from django.db import transaction

from beian.exchange import send
from beian.exchange.envelope import envelope_of
from beian.exchange.receiving import receive
from beian.models import Node, Receipt
from beian.numbers import OBJECTS_PER_PROVINCE, FilingNumber
from beian.records import DomainRecord, FilingRecord, as_json
from beian.records.rows import with_numbers
from tests.builders import filing

ISP_ID = 440000000002


def numbered(n: int = 1, *, province: int = 440000, **changes: Any) -> FilingRecord:
    """Give filing `n` as approved: 粤ICP备2026000001号 for n = 1, its websites -1, -2 ..."""
    number = FilingNumber(province, f"2026{n:06d}")
    first = province * OBJECTS_PER_PROVINCE + n * 1000
    record = with_numbers(filing(n, **changes), count(first).__next__, ISP_ID)
    sponsor = replace(record.sponsor, filing_number=str(number), reviewed="2026-03-02 10:32:00", reviewer="示例审核员")
    websites = tuple(
        replace(website, filing_number=str(replace(number, website=place)))
        for place, website in enumerate(record.websites, 1)
    )
    return replace(record, sponsor=sponsor, websites=websites, attachments=())


def named(record: FilingRecord, *domains: str) -> FilingRecord:
    """Give `record` with these domains at its first website."""
    first, *others = record.websites
    base = 10 * record.sponsor.number if record.sponsor.number else 0
    rows = tuple(DomainRecord(name=name, number=base + place) for place, name in enumerate(domains))
    return replace(record, websites=(replace(first, domains=rows), *others))


def report(bureau: Node, record: FilingRecord) -> Receipt:
    """Let `bureau` send `record`, and the ministry take it."""
    with transaction.atomic():
        message = send(
            bureau,
            Node.objects.get(code="ministry"),
            "filing",
            {"filing": as_json(record)},
            uuid.uuid4(),
            about=f"sponsor:{record.sponsor.number}",
        )
    return receive(envelope_of(message), "ministry")
