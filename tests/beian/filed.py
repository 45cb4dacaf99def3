"""Filings on file and changes of them, for tests of differences: every object has its number."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from beian.records import AccessRecord, ChangeRecord, FilingRecord, WebsiteRecord
from beian.records.rows import with_numbers
from tests import builders

CALLER, OTHER = 440000000002, 440000000003
SPONSOR = 440_000_000_000_001
FILING_NUMBER = "粤ICP备2026000001号"


def on_file(*, websites: int = 2, shared: bool = False) -> FilingRecord:
    """A filing as its rows say: numbered, without anybody's own ids. `shared`: OTHER gives an access too."""
    numbers = count(SPONSOR + 1)
    asked = builders.filing(websites=websites, sponsor=builders.sponsor(number=SPONSOR))
    filing = with_numbers(asked, lambda: next(numbers), CALLER)
    filed = tuple(
        replace(
            website,
            provider_id=None,
            filing_number=f"{FILING_NUMBER}-{suffix}",
            first_reported="2026-01-05 10:00:00",
            domains=tuple(replace(domain, provider_id=None) for domain in website.domains),
            accesses=(
                *(_anonymous(access) for access in website.accesses),
                *((_of_other(suffix, next(numbers), next(numbers)),) if shared else ()),
            ),
        )
        for suffix, website in enumerate(filing.websites, 1)
    )
    sponsor = replace(
        filing.sponsor,
        provider_id=None,
        filing_number=FILING_NUMBER,
        first_reported="2026-01-05 10:00:00",
        certificate_serial="示例证书1",
        reviewer="示例审核人",
    )
    return replace(filing, sponsor=sponsor, websites=filed, attachments=())


def _anonymous(access: AccessRecord) -> AccessRecord:
    ranges = tuple(replace(part, provider_id=None) for part in access.ranges)
    return replace(access, provider_id=None, ranges=ranges)


def _of_other(suffix: int, number: int, range_number: int) -> AccessRecord:
    part = builders.address_range(900 + suffix, number=range_number, provider_id=None)
    return builders.access(900 + suffix, number=number, provider_id=None, provider=OTHER, ranges=(part,))


def change(filing: FilingRecord, **changes: Any) -> ChangeRecord:
    """The change that says again what `filing` says, as far as the wire of a change carries it."""
    sponsor = replace(
        filing.sponsor, provider_id=None, reported_by=None, first_reported=None, certificate_serial=None, reviewer=None
    )
    websites = tuple(_as_changed(website) for website in filing.websites)
    return ChangeRecord(**({"sponsor": sponsor, "websites": websites} | changes))


def _as_changed(website: WebsiteRecord) -> WebsiteRecord:
    accesses = tuple(replace(access, provider=None) for access in website.accesses)
    return replace(website, accesses=accesses, first_reported=None)
