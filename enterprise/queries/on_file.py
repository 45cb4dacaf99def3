"""Filings as our copy has them."""

from __future__ import annotations

from typing import Any

from beian.filing_numbers import parse
from beian.models import Access, Node, Sponsor, Website
from beian.records import FilingRecord, NameRecord, Request
from beian.records.asking import named
from beian.records.requests import CancellationRecord, Cancelled, NewAccessRecord
from beian.records.rows import filings


def filing_of(provider: Node, sponsor_number: int) -> FilingRecord | None:
    """Give a filing of our copy by the bureau's number of its sponsor."""
    return filings(provider, [sponsor_number], isp_id=provider.isp_id).get(sponsor_number)


def filing_named_by(provider: Node, request: Request) -> FilingRecord | None:
    """Give the filing of our copy that a request is about; None for a new one, or where we hold none."""
    number = sponsor_named_by(provider, request)
    return None if number is None else filing_of(provider, number)


def sponsor_named_by(provider: Node, request: Request) -> int | None:
    """Give the bureau's number of the sponsor whose filing a request is about, as far as our copy tells."""
    name = named(request)
    if name is None:
        return None
    if isinstance(request, NewAccessRecord) or _cancels(request, Cancelled.WEBSITE):
        return _first(_named(Website.objects.held_by(provider), name).values_list("sponsor__number", flat=True))
    if _cancels(request, Cancelled.ACCESS):
        accesses = _named(Access.objects.held_by(provider), name)
        return _first(accesses.values_list("website__sponsor__number", flat=True))
    return _first(_named(Sponsor.objects.held_by(provider), name).values_list("number", flat=True))


def _cancels(request: Request, what: Cancelled) -> bool:
    return isinstance(request, CancellationRecord) and request.what == what


def _named(rows: Any, name: NameRecord) -> Any:
    """Keep the rows that a name names, by number or by filing number in any spelling."""
    if name.number is not None:
        return rows.filter(number=name.number)
    said = name.filing_number or ""
    number = parse(said)
    return rows.filter(filing_number__in={said, str(number) if number else said})


def _first(numbers: Any) -> int | None:
    found: int | None = numbers.first()
    return found
