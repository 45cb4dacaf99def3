"""Rows that go: what was cancelled leaves its holder's copy, with everything below it."""

from __future__ import annotations

from collections.abc import Iterable

from beian.models import Access, Node, ProviderId, Sponsor, Website
from beian.records.filing import FilingRecord
from beian.records.to_rows import number_of, objects_of


def remove_sponsor(holder: Node, filing: FilingRecord) -> None:
    """Take a sponsor out of `holder`'s copy, with its websites, attachments and providers' ids."""
    Sponsor.objects.held_by(holder).filter(number=number_of(filing.sponsor)).delete()
    forget_ids(holder, _numbers(filing))


def remove_websites(holder: Node, numbers: Iterable[int]) -> None:
    """Take websites out of `holder`'s copy, with all that hangs on them."""
    Website.objects.held_by(holder).filter(number__in=list(numbers)).delete()


def remove_accesses(holder: Node, numbers: Iterable[int]) -> None:
    """Take accesses out of `holder`'s copy, with their address ranges."""
    Access.objects.held_by(holder).filter(number__in=list(numbers)).delete()


def forget_gone(holder: Node, before: FilingRecord, after: FilingRecord) -> None:
    """Forget what providers call the objects that are in `before` and no longer in `after`."""
    forget_ids(holder, _numbers(before) - _numbers(after))


def forget_ids(holder: Node, numbers: Iterable[int]) -> None:
    """Free the providers' own ids of objects (bureau-issued numbers) that are gone."""
    ProviderId.objects.filter(holder=holder, number__in=list(numbers)).delete()


def _numbers(filing: FilingRecord) -> set[int]:
    return {thing.number for _, thing in objects_of(filing) if thing.number is not None}
