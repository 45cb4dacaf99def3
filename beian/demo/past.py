"""What the demo's managed providers uploaded in the last weeks: a bureau and a provider tell the same past.

Between the documents of new filings came, on some days, one of requests about filings that stand: it
takes a number too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from beian.demo.filings import new_filing, spoil
from beian.demo.pictures import Pictures
from beian.records import FilingRecord

DAYS_AGO = (44, 41, 38, 35, 33, 31, 28, 26, 24, 21, 17, 13, 9, 6, 4, 2, 1, 0)
"""How many days ago a document of new filings came; the last are still in the queue."""

PER_DOCUMENT = {440000: 4, 110000: 1, 310000: 1}
"""Filings in each, by province."""

REQUESTED = {440000: (6, 2), 110000: (), 310000: (1,)}
"""Days ago on which a document of requests followed, by province."""

ILLUSTRATED_WITHIN = 25
OF_ANOTHER_PROVINCE = (21, 58)


@dataclass(frozen=True, slots=True)
class Document:
    """A document of new filings: its number, when it was uploaded, what stood in it."""

    sequence: int
    days: int
    moment: datetime
    filings: tuple[FilingRecord, ...]


def documents(province: int, pictures: Pictures, now: datetime) -> Iterator[Document]:
    """Give what was uploaded from a province, oldest first. Of what is long decided the form alone is attached."""
    count, made = PER_DOCUMENT[province], 0
    for place, days in enumerate(DAYS_AGO, start=1):
        moment = min(_office_hour(now - timedelta(days=days), made), now - timedelta(minutes=20))
        filings = tuple(_filing(province, made + n, pictures) for n in range(count))
        if days > ILLUSTRATED_WITHIN:
            filings = tuple(replace(filing, attachments=filing.attachments[:1]) for filing in filings)
        requests_before = sum(1 for asked in REQUESTED[province] if asked > days)
        yield Document(place + requests_before, days, moment, filings)
        made += count


def total(province: int) -> int:
    """Give how many documents were uploaded from a province, those of requests counted."""
    return len(DAYS_AGO) + len(REQUESTED[province])


def _filing(province: int, n: int, pictures: Pictures) -> FilingRecord:
    """Give a filing; every ninth has mistakes, some in Guangdong belong to another province."""
    if province == 440000 and n in OF_ANOTHER_PROVINCE:
        return new_filing(110000, 900 + n, pictures)
    record = new_filing(province, n, pictures)
    return spoil(record, n // 9 % 4, new_filing(province, n - 1, pictures)) if n % 9 == 8 else record


def _office_hour(moment: datetime, n: int) -> datetime:
    """Move a time into office hours of its day."""
    local = timezone.localtime(moment)
    return local.replace(hour=9 + n % 8, minute=n * 7 % 60, second=n * 13 % 60)
