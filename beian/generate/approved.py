"""A synthetic filing as its approval leaves it: filing numbers, times, a reviewer. And the picture attached to all."""

from __future__ import annotations

import datetime
import io
import random
from dataclasses import replace

from django.utils import timezone
from PIL import Image

from beian import store
from beian.calendar import SHANGHAI
from beian.numbers import FilingNumber
from beian.records import ContentRecord, FilingRecord

FIRST_YEAR = 2020
"""Since then filing numbers have a year of four digits."""

A_YEAR, REVIEW = datetime.timedelta(days=365), datetime.timedelta(days=20)
REVIEWER = "合成审核员"


def approved(filing: FilingRecord, province: int, year: int, serial: int, chance: random.Random) -> FilingRecord:
    """Give a numbered filing as approved in `year` under that serial."""
    digits = f"{year}{serial:06d}"
    first, reviewed = _moments(year, chance)
    sponsor = replace(
        filing.sponsor,
        filing_number=str(FilingNumber(province, digits)),
        first_reported=first,
        last_modified=reviewed,
        reviewer=REVIEWER,
        reviewed=reviewed,
    )
    websites = tuple(
        replace(
            website,
            filing_number=str(FilingNumber(province, digits, place)),
            first_reported=first,
            last_modified=reviewed,
        )
        for place, website in enumerate(filing.websites, start=1)
    )
    return replace(filing, sponsor=sponsor, websites=websites)


def verification_form() -> ContentRecord:
    """Store the one picture that all generated filings share: blank, and small."""
    buffer = io.BytesIO()
    Image.new("RGB", (400, 560), "#fdfcf8").save(buffer, "JPEG")
    return store.put(buffer.getvalue())


def _moments(year: int, chance: random.Random) -> tuple[str, str]:
    """Give when a filing of that year was reported and reviewed, both in the past."""
    begin = datetime.datetime(year, 1, 1, tzinfo=SHANGHAI)
    span = min(A_YEAR, timezone.now() - begin)
    first = begin + chance.random() * (span - min(REVIEW, span))
    reviewed = first + chance.random() * min(REVIEW, span)
    return f"{first:%Y-%m-%d %H:%M:%S}", f"{reviewed:%Y-%m-%d %H:%M:%S}"
