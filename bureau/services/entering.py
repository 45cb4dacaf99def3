"""Entering what was granted: numbers for what is new, and the rows of what differs."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from django.utils import timezone

from beian import numbers
from beian.models import Cancelled, Node, ObjectKind, User
from beian.numbers import FilingNumber
from beian.records import FilingRecord, SponsorRecord, WebsiteRecord
from beian.records.differences import alike
from beian.records.removing import forget_gone
from beian.records.rows import add_attachments, number_of, objects_of, store_filing, with_numbers


def enter(bureau: Node, before: FilingRecord, after: FilingRecord, *, isp_id: int, reviewer: User) -> FilingRecord:
    """Make the filing `before` what `after` says; gives it with its numbers. Call with the sponsor's row locked.

    Only the sponsor and the websites that differ are written and dated; other websites, attachments on
    file and other providers' ids are not touched. New attachments are added, the caller's ids kept.
    """
    after = _dated(before, _numbered(bureau, before, after, isp_id), reviewer)
    known = {website.number: website for website in before.websites}
    written = tuple(website for website in after.websites if website != known.get(website.number))
    sponsor = store_filing(bureau, replace(after, websites=written, attachments=()), isp_id=isp_id)
    if after.attachments:
        add_attachments(sponsor, after)
    forget_gone(bureau, before, after)
    return after


def _numbered(bureau: Node, before: FilingRecord, after: FilingRecord, isp_id: int) -> FilingRecord:
    """Give every object of `after` its number, and new websites the filing numbers that come next."""
    missing = sum(1 for _, thing in objects_of(after) if thing.number is None)
    if missing:
        first = numbers.issue_objects(bureau, missing)
        after = with_numbers(after, count(first).__next__, isp_id)
    new = [website for website in after.websites if website.filing_number is None]
    if not new:
        return after
    sponsor = number_of(after.sponsor)
    suffix = numbers.issue_website_suffix(bureau, sponsor, len(new), above=_highest_suffix(bureau, sponsor, before))
    given = {website.number: suffix + place for place, website in enumerate(new)}
    websites = tuple(
        replace(website, filing_number=_website_number(after.sponsor, given[website.number]))
        if website.number in given
        else website
        for website in after.websites
    )
    return replace(after, websites=websites)


def _highest_suffix(bureau: Node, sponsor: int, before: FilingRecord) -> int:
    """Give the highest suffix that was ever in use: migrated filings came with some that nobody here counted."""
    gone = Cancelled.objects.held_by(bureau).filter(sponsor=sponsor, kind=ObjectKind.WEBSITE)
    written = [*gone.values_list("filing_number", flat=True), *(website.filing_number for website in before.websites)]
    parsed = (numbers.parse(number or "") for number in written)
    return max((number.website or 0 for number in parsed if number), default=0)


def _website_number(sponsor: SponsorRecord, suffix: int) -> str:
    number = numbers.parse(sponsor.filing_number or "")
    if number is None:
        return f"{sponsor.filing_number or number_of(sponsor)}-{suffix}"
    return str(FilingNumber(number.province, number.digits, suffix, number.licence))


def _dated(before: FilingRecord, after: FilingRecord, reviewer: User) -> FilingRecord:
    """Date what differs; the sponsor's part also names who reviewed it."""
    moment = timezone.localtime().strftime("%Y-%m-%d %H:%M:%S")
    sponsor = after.sponsor
    if not alike(before.sponsor, sponsor):
        sponsor = replace(sponsor, last_modified=moment, reviewed=moment, reviewer=reviewer.name or None)
    known = {website.number: website for website in before.websites}
    return replace(
        after, sponsor=sponsor, websites=tuple(_dated_website(known, each, moment) for each in after.websites)
    )


def _dated_website(known: dict[int | None, WebsiteRecord], website: WebsiteRecord, moment: str) -> WebsiteRecord:
    old = known.get(website.number)
    if old is None:
        return replace(website, first_reported=moment, last_modified=moment)
    return website if alike(old, website) else replace(website, last_modified=moment)
