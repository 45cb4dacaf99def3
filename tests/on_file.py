"""Filings on file at a bureau, put there as an approval does, for tests about what comes after."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from django.contrib.auth.hashers import make_password
from django.db import transaction

from beian import numbers
from beian.checks.facts import stored_key
from beian.checks.keys import reservation_keys
from beian.filing_password import digest
from beian.models import Node, Reservation, Sponsor
from beian.records import FilingRecord
from beian.records.rows import filings, objects_of, store_filing, with_numbers

PASSWORD = "Geheim12"


def on_file(bureau: Node, filing: FilingRecord, isp_id: int) -> FilingRecord:
    """Put `filing` on file at `bureau` with numbers and reservations; gives it as that provider sees it.

    Every access without a provider is given by `isp_id`, whose ids are kept. The filing password is
    `PASSWORD`.
    """
    with transaction.atomic():
        number = numbers.issue_filing_number(bureau, 2026)
        first = numbers.issue_objects(bureau, sum(1 for _ in objects_of(filing)))
        numbered = with_numbers(filing, count(first).__next__, isp_id)
        sponsor = replace(numbered.sponsor, filing_number=str(number))
        numbers.issue_website_suffix(bureau, first, len(numbered.websites))
        websites = tuple(
            replace(website, filing_number=f"{number}-{place}") for place, website in enumerate(numbered.websites, 1)
        )
        stored = store_filing(bureau, replace(numbered, sponsor=sponsor, websites=websites), isp_id=isp_id)
        Sponsor.objects.held_by(bureau).filter(pk=stored.pk).update(
            filing_password_hash=make_password(digest(PASSWORD))
        )
        for kind, key in reservation_keys(filing):
            Reservation.objects.create(
                holder=bureau, kind=kind, key=stored_key(kind, key), sponsor=stored.number, taken_by=str(number)
            )
    return filings(bureau, [stored.number], isp_id=isp_id)[stored.number]
