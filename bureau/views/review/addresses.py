"""What the bureau's table of registered addresses says of the addresses that a request brings."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone

from beian.checks import Finding
from beian.checks.base import shipped_facts
from beian.checks.registered import notes_on_addresses
from beian.checks.registered_facts import load_registered
from beian.records import AccessRecord, FilingRecord, RangeRecord
from bureau.models import Application
from bureau.queries.matter import Matter


def notes(application: Application, matter: Matter) -> list[Finding]:
    """Say which new address ranges agree with the table (1062) and which do not (1063). Two queries at most.

    Nothing where the table is another bureau's, or does not know the provider.
    """
    asked = brought(matter, application.isp_id) if application.is_open else None
    if asked is None or not asked.websites:
        return []
    registered = load_registered(application.holder, isp_id=application.isp_id, filings=[asked])
    return notes_on_addresses(asked, replace(shipped_facts(timezone.localdate()), registered=registered))


def brought(matter: Matter, isp_id: int) -> FilingRecord | None:
    """Give what would stand as a filing with nothing but the ranges that are new, as its provider's own."""
    if matter.after is None:
        return None
    known = {
        (website.number, part.first, part.last)
        for website in (matter.before.websites if matter.before else ())
        for access in website.accesses
        for part in access.ranges
    }
    websites = []
    for website in matter.after.websites:
        accesses = tuple(
            replace(access, provider=None, ranges=ranges)
            for access in website.accesses
            if access.provider in (None, isp_id) and (ranges := _new(access, website.number, known))
        )
        if accesses:
            websites.append(replace(website, accesses=accesses))
    return replace(matter.after, websites=tuple(websites))


def _new(access: AccessRecord, website: int | None, known: set[tuple[int | None, int, int]]) -> tuple[RangeRecord, ...]:
    return tuple(part for part in access.ranges if (website, part.first, part.last) not in known)
