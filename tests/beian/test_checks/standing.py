"""A filing on file in Guangdong, and requests about it that no rule finds fault with.

Two websites: the first has accesses by the provider that asks and by another, the second by the asking
one alone; a third belongs to the other provider alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from beian.checks import Facts
from beian.checks.base import Taken
from beian.checks.keys import reservation_keys
from beian.checks.requests import Known, OnFile
from beian.records import (
    AccessRecord,
    CancellationRecord,
    Cancelled,
    ChangeRecord,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    WebsiteRecord,
)
from tests import builders

ISP, OTHER = 440000000002, 440000000003
PASSWORD = "Geheim12"
BASE = 440_000 * 10**9


def _access(n: int, provider: int) -> AccessRecord:
    part = builders.address_range(n, number=BASE + 5_000 + n, provider_id=None)
    return builders.access(n, number=BASE + 4_000 + n, provider_id=None, provider=provider, ranges=(part,))


def _website(seed: int, place: int, *providers: int) -> WebsiteRecord:
    n = seed * 100 + place
    return builders.website(
        n,
        number=BASE + 2_000 + n,
        provider_id=None,
        filing_number=f"粤ICP备2026{seed:06d}号-{place}",
        domains=(builders.domain(n, number=BASE + 3_000 + n, provider_id=None),),
        accesses=tuple(_access(n * 10 + index, provider) for index, provider in enumerate(providers)),
        first_reported="2026-03-01 10:00:00",
        last_modified="2026-03-01 10:00:00",
    )


def filing(seed: int = 1, *, organisation: bool = True) -> FilingRecord:
    """A filing as its rows have it."""
    sponsor = builders.sponsor(
        seed,
        organisation=organisation,
        number=BASE + seed,
        provider_id=None,
        filing_number=f"粤ICP备2026{seed:06d}号",
        first_reported="2026-03-01 10:00:00",
        last_modified="2026-03-01 10:00:00",
    )
    websites = (_website(seed, 1, ISP, OTHER), _website(seed, 2, ISP), _website(seed, 3, OTHER))
    return FilingRecord(sponsor=sponsor, websites=websites)


ON_FILE = filing()
SPONSOR, WEBSITE = ON_FILE.sponsor, ON_FILE.websites[0]
OWN, FOREIGN = WEBSITE.accesses
ONLY = ON_FILE.websites[1].accesses[0]


def number_of(record: Any) -> int:
    """The bureau's number of a record on file."""
    assert record.number is not None
    return int(record.number)


def known(facts: Facts, *filings: FilingRecord, **values: Any) -> Known:
    """What a bureau knows that has these filings (else `ON_FILE`) and nothing pending."""
    held = filings or (ON_FILE,)
    for each in held:
        for key in reservation_keys(each):
            facts.taken[key] = Taken(str(each.sponsor.filing_number))
    passwords: Mapping[tuple[int, str], bool | None] = {(number_of(each.sponsor), PASSWORD): True for each in held}
    return Known(**{"facts": facts, "on_file": OnFile(held), "passwords": passwords} | values)


def new_websites(**changes: Any) -> NewWebsitesRecord:
    """A website for the sponsor on file, with the verification form of the sponsor and a photo of the website's."""
    attachments = (
        builders.attachment(str(SPONSOR.number)),
        builders.attachment("2000901", owner_kind=2, purpose=5),
    )
    values = {
        "sponsor": NameRecord(number=SPONSOR.number),
        "websites": (builders.website(901), builders.website(902)),
        "attachments": attachments,
        "filing_password": "whatever",
    }
    values["attachments"] = tuple(
        dataclasses.replace(each, owner=str(builders.website(901).provider_id)) if each.owner_kind == 2 else each
        for each in attachments
    )
    return NewWebsitesRecord(**values | changes)  # type: ignore[arg-type]


def new_access(**changes: Any) -> NewAccessRecord:
    """An access to the third website, which so far only the other provider hosts."""
    values = {
        "website": NameRecord(filing_number=ON_FILE.websites[2].filing_number),
        "access": builders.access(77),
        "attachments": (builders.attachment(str(ON_FILE.websites[2].filing_number), owner_kind=2, purpose=5),),
        "filing_password": PASSWORD,
    }
    return NewAccessRecord(**values | changes)  # type: ignore[arg-type]


def as_sent(website: WebsiteRecord, *, own_ids: bool = True) -> WebsiteRecord:
    """A website on file as a change names it: accesses without providers, parts with the provider's own ids."""
    return dataclasses.replace(
        website,
        first_reported=None,
        last_modified=None,
        domains=tuple(
            dataclasses.replace(each, provider_id=number_of(each) % 10_000 if own_ids else None)
            for each in website.domains
        ),
        accesses=tuple(
            dataclasses.replace(
                access,
                provider=None,
                ranges=tuple(
                    dataclasses.replace(part, provider_id=number_of(part) % 10_000 if own_ids else None)
                    for part in access.ranges
                ),
            )
            for access in website.accesses
        ),
    )


def change(**changes: Any) -> ChangeRecord:
    """A change that names the sponsor and its first two websites, and would have nothing otherwise."""
    values = {
        "sponsor": dataclasses.replace(SPONSOR, first_reported=None, last_modified=None),
        "websites": tuple(as_sent(website) for website in ON_FILE.websites[:2]),
        "attachments": (builders.attachment(str(SPONSOR.filing_number)),),
    }
    return ChangeRecord(**values | changes)  # type: ignore[arg-type]


def cancel(what: Cancelled, number: int, **changes: Any) -> CancellationRecord:
    """A cancellation with a known reason and the filing password."""
    values = {"what": what, "number": number, "reason": 1, "filing_password": PASSWORD}
    return CancellationRecord(**values | changes)  # type: ignore[arg-type]


def cancel_access(number: int = number_of(OWN), **changes: Any) -> CancellationRecord:
    """The cancelling of the provider's own access to the first website."""
    return cancel(Cancelled.ACCESS, number, **changes)


def cancel_website(number: int = number_of(WEBSITE), **changes: Any) -> CancellationRecord:
    """The cancelling of the first website."""
    return cancel(Cancelled.WEBSITE, number, **changes)


def cancel_sponsor(number: int = number_of(SPONSOR), **changes: Any) -> CancellationRecord:
    """The cancelling of the sponsor."""
    return cancel(Cancelled.SPONSOR, number, **changes)
