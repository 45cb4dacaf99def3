"""Numbers: filing numbers (备案号) and object numbers, issued here and nowhere else.

A counter row per node and series is locked for the rest of the transaction, so two approvals wait
for each other instead of taking the same number. A transaction that fails leaves no gap; one that
is refused later does. Gaps are allowed, repeats are not.
"""

from __future__ import annotations

from django.db import connection

from beian.filing_numbers import ABBREVIATIONS, ALSO_READ, PROVINCES, FilingNumber, parse
from beian.models import Counter, Node

__all__ = [
    "ABBREVIATIONS",
    "ALSO_READ",
    "OBJECTS_PER_PROVINCE",
    "PROVIDERS_PER_PROVINCE",
    "PROVINCES",
    "FilingNumber",
    "issue_filing_number",
    "issue_filing_serials",
    "issue_generated",
    "issue_objects",
    "issue_own",
    "issue_reference",
    "issue_references",
    "issue_website_suffix",
    "parse",
    "province_of",
    "province_of_provider",
]

OBJECTS_PER_PROVINCE = 10**9
PROVIDERS_PER_PROVINCE = 10**6
"""An identifier of a provider is the province's code, then so many serials (interface, who is calling)."""

LAST_SERIAL = 999_999


def province_of(number: int) -> int:
    """Give the province code that an object number (sponsor, website ...) begins with."""
    return number // OBJECTS_PER_PROVINCE


def province_of_provider(isp_id: int) -> int:
    """Give the province code that a provider's identifier begins with."""
    return isp_id // PROVIDERS_PER_PROVINCE


def issue_filing_number(bureau: Node, year: int) -> FilingNumber:
    """Issue the next sponsor's number of `bureau` in `year`. Call inside a transaction."""
    serial = issue_filing_serials(bureau, year, 1)
    return FilingNumber(bureau.province, f"{year}{serial:06d}")


def issue_filing_serials(bureau: Node, year: int, count: int) -> int:
    """Issue `count` sponsors' numbers in a row; gives the serial of the first. Call inside a transaction."""
    first = _take(bureau, f"filing:{year}", count)
    if first + count - 1 > LAST_SERIAL:
        raise OverflowError(f"{bureau} has issued all numbers of {year}")
    return first


def issue_website_suffix(bureau: Node, sponsor_number: int, count: int = 1, *, above: int = 0) -> int:
    """Issue `count` suffixes for websites of a sponsor, higher than `above`; gives the first.

    Never given out again, whatever becomes of the website.
    """
    return _take(bureau, f"website:{sponsor_number}", count, above)


def issue_objects(bureau: Node, count: int) -> int:
    """Issue `count` object numbers in a row, unique in the country; gives the first."""
    return bureau.province * OBJECTS_PER_PROVINCE + _take(bureau, "object", count)


def issue_generated(bureau: Node, count: int) -> int:
    """Issue `count` numbers of synthetic filings (`generate_data`); gives the first."""
    return _take(bureau, "generated", count)


def issue_own(provider: Node, count: int) -> int:
    """Issue `count` of a provider's own ids in a row; gives the first. Call inside a transaction."""
    return _take(provider, "own", count)


def issue_reference(provider: Node, year: int) -> str:
    """Issue the number (受理号) under which a provider's office keeps a case: `2026-000042`."""
    return issue_references(provider, year, 1)[0]


def issue_references(provider: Node, year: int, count: int) -> list[str]:
    """Issue the numbers of `count` cases. Call inside a transaction."""
    first = _take(provider, f"case:{year}", count)
    return [f"{year}-{serial:06d}" for serial in range(first, first + count)]


def _take(node: Node, series: str, count: int, above: int = 0) -> int:
    """Advance a counter by `count`, beginning above `above`, and give the first of the numbers taken."""
    if not connection.in_atomic_block:
        raise RuntimeError("numbers are issued inside a transaction")
    Counter.objects.get_or_create(node=node, series=series)
    counter = Counter.objects.select_for_update().get(node=node, series=series)
    counter.value = max(counter.value, above) + count
    counter.save(update_fields=["value"])
    return counter.value - count + 1
