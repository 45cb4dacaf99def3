"""Rows ⇄ records: the two directions under one name."""

from beian.records.from_rows import filing_for_provider, filings
from beian.records.many_to_rows import store_filings
from beian.records.to_rows import (
    Unnumbered,
    add_attachments,
    keep_ids,
    number_of,
    objects_of,
    store_filing,
    with_numbers,
)

__all__ = [
    "Unnumbered",
    "add_attachments",
    "filing_for_provider",
    "filings",
    "keep_ids",
    "number_of",
    "objects_of",
    "store_filing",
    "store_filings",
    "with_numbers",
]
