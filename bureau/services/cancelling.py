"""Cancelling what is on file: an access, a website, a sponsor with all that hangs on it.

Rows go; what is left of each is the note that it was cancelled, so that its number is known for what it
was and never given out again. Asked for (注销) and forced (责令关闭) cancellations do the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from beian import reservations
from beian.checks.keys import reservation_keys
from beian.models import Cancelled as Tombstone
from beian.models import Node, ObjectKind
from beian.records import AccessRecord, CancellationRecord, Cancelled, FilingRecord, WebsiteRecord
from beian.records.applied import applied
from beian.records.removing import forget_gone, remove_accesses, remove_sponsor, remove_websites
from beian.records.rows import number_of
from interface.services import base


@dataclass(frozen=True, slots=True)
class Gone:
    """What a cancellation did to a filing: `after` is what is left of it, None where the sponsor went."""

    what: Cancelled
    number: int
    before: FilingRecord
    after: FilingRecord | None
    notes: tuple[Tombstone, ...]

    @property
    def filing_number(self) -> str:
        """The filing number that went; for an access that of its website."""
        if self.what == Cancelled.SPONSOR:
            return self.before.sponsor.filing_number or ""
        return next((website.filing_number for website in self.websites if website.filing_number), "")

    @property
    def websites(self) -> tuple[WebsiteRecord, ...]:
        """The websites that went, or whose access did, as they were."""
        return tuple(_websites(self.before, self.what, self.number))

    @property
    def accesses(self) -> tuple[AccessRecord, ...]:
        """The accesses that ended."""
        return tuple(access for website in self.websites for access in website.accesses if self._ended(access))

    def _ended(self, access: AccessRecord) -> bool:
        return self.what != Cancelled.ACCESS or access.number == self.number


def cancel(bureau: Node, before: FilingRecord, what: Cancelled, number: int, reason: str) -> Gone:
    """Take the object `number` of the filing `before` off file at its bureau. Call with the sponsor's row locked.

    Frees domains, home pages and the certificate of what goes, and the providers' ids.
    """
    left = applied(before, CancellationRecord(what=what, number=number, reason=0), isp_id=0)
    after = None if what == Cancelled.SPONSOR else left
    notes = tuple(_notes(bureau, before, what, number, reason))
    _remove_rows(bureau, before, what, number)
    forget_gone(bureau, before, left)
    _free(bureau, before, after)
    Tombstone.objects.held_by(bureau).bulk_create(notes)
    return Gone(what, number, before, after, notes)


def _remove_rows(bureau: Node, before: FilingRecord, what: Cancelled, number: int) -> None:
    if what == Cancelled.SPONSOR:
        remove_sponsor(bureau, before)
        base.forget(bureau, number)
    elif what == Cancelled.WEBSITE:
        remove_websites(bureau, [number])
    else:
        remove_accesses(bureau, [number])


def _free(bureau: Node, before: FilingRecord, after: FilingRecord | None) -> None:
    sponsor = number_of(before.sponsor)
    if after is None:
        reservations.free_all(bureau, sponsor)
    else:
        reservations.free(bureau, sponsor, set(reservation_keys(before)) - set(reservation_keys(after)))


def _notes(bureau: Node, before: FilingRecord, what: Cancelled, number: int, reason: str) -> Iterator[Tombstone]:
    """Write down each thing that goes: a sponsor with its websites and their accesses, a website with its own."""
    of = {"holder": bureau, "sponsor": before.sponsor.number, "reason": reason}
    if what == Cancelled.SPONSOR:
        yield Tombstone(kind=ObjectKind.SPONSOR, number=number, filing_number=before.sponsor.filing_number, **of)
    for website in _websites(before, what, number):
        if what != Cancelled.ACCESS:
            yield Tombstone(
                kind=ObjectKind.WEBSITE, number=number_of(website), filing_number=website.filing_number, **of
            )
        for access in website.accesses:
            if what != Cancelled.ACCESS or access.number == number:
                yield Tombstone(kind=ObjectKind.ACCESS, number=number_of(access), isp_id=access.provider, **of)


def _websites(before: FilingRecord, what: Cancelled, number: int) -> Iterator[WebsiteRecord]:
    for website in before.websites:
        has_it = any(access.number == number for access in website.accesses)
        if what == Cancelled.SPONSOR or (website.number == number if what == Cancelled.WEBSITE else has_it):
            yield website
