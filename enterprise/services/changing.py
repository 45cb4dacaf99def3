"""A change of a filing (变更备案), written from our copy: what differs, and the record that says so.

The wire takes whole objects: the sponsor, and each website that is named, with our own access alone. So a
change names the websites that differ, and where none does the first, as the schema wants one. Another
provider's access left out stays as it is (docs/changes.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils import timezone

from beian import numbers
from beian.checks import shipped_facts
from beian.checks.verification import Verification, verification
from beian.models import Node
from beian.records import (
    AccessRecord,
    ChangeRecord,
    FilingRecord,
    WebsiteRecord,
    from_json,
)
from beian.records.applied import applied
from beian.records.differences import Difference, alike, difference
from beian.services.refusals import Invalid
from enterprise.models import Case

CHANGEABLE_CERTIFICATES = range(1, 12)
"""A change may hold no other certificate types (the limit of V.3.0's schema)."""

_BLOCK = 16


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change comes to: the record for the wire, what differs, and what has to be verified for it."""

    request: ChangeRecord
    before: FilingRecord
    after: FilingRecord
    difference: Difference
    verification: Verification


def own_part(provider: Node, filing: FilingRecord | None) -> FilingRecord | None:
    """Give of a filing what this provider may change: the websites it gives access to, with its own accesses."""
    if filing is None:
        return None
    websites = tuple(
        replace(website, accesses=own)
        for website in filing.websites
        if (own := tuple(each for each in website.accesses if each.provider == provider.isp_id))
    )
    return replace(filing, websites=websites) if websites else None


def base_of(case: Case) -> FilingRecord:
    """Give the filing that a change began from."""
    base: FilingRecord = from_json(case.base, FilingRecord)
    return base


def changed(case: Case, wanted: ChangeRecord) -> Changed:
    """Say what the change `wanted` comes to. Raises `Invalid` where it is about anything but what it began from."""
    before = base_of(case)
    _refuse_strangers(before, wanted)
    request = replace(wanted, websites=_differing(before, wanted.websites))
    after = applied(before, request, case.provider.isp_id)
    facts = shipped_facts(timezone.localdate())
    return Changed(request, before, after, difference(before, after), verification(before, after, facts))


def refuse_nothing(found: Changed) -> None:
    """Refuse a change that changes nothing. Raises `Invalid`."""
    if not found.difference:
        raise Invalid({"": ["没有修改任何内容：与备案现有内容一致的变更不用提交。"]})


def with_own_ids(provider: Node, request: ChangeRecord) -> ChangeRecord:
    """Give every domain and range an id of ours: the wire has no change without. Inside a transaction."""
    ids = _fresh(provider)
    websites = tuple(_identified(website, ids) for website in request.websites)
    return replace(request, websites=websites)


def _refuse_strangers(before: FilingRecord, wanted: ChangeRecord) -> None:
    known = {website.number for website in before.websites}
    accesses = {access.number for website in before.websites for access in website.accesses}
    named = [website.number for website in wanted.websites]
    reached = [access.number for website in wanted.websites for access in website.accesses]
    if wanted.sponsor.number != before.sponsor.number or set(named) - known or set(reached) - accesses:
        raise Invalid({"": ["变更不能增加网站或接入，也不能换到别的备案；请办理新增网站或新增接入。"]})


def _differing(before: FilingRecord, websites: tuple[WebsiteRecord, ...]) -> tuple[WebsiteRecord, ...]:
    as_it_was = {website.number: website for website in before.websites}
    return tuple(each for each in websites if not alike(as_it_was[each.number], each)) or websites[:1]


def _fresh(provider: Node) -> Iterator[int]:
    while True:
        first = numbers.issue_own(provider, _BLOCK)
        yield from range(first, first + _BLOCK)


def _identified(website: WebsiteRecord, ids: Iterator[int]) -> WebsiteRecord:
    domains = tuple(each if each.provider_id else replace(each, provider_id=next(ids)) for each in website.domains)
    accesses = tuple(_identified_access(each, ids) for each in website.accesses)
    return replace(website, domains=domains, accesses=accesses)


def _identified_access(access: AccessRecord, ids: Iterator[int]) -> AccessRecord:
    ranges = tuple(each if each.provider_id else replace(each, provider_id=next(ids)) for each in access.ranges)
    return replace(access, ranges=ranges)
