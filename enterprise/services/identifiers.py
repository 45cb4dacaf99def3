"""The provider's own ids of objects: given once, to every object that has none.

While a request is being filled in, an attachment names its owner by place: `sponsor`, `websites.0`.
With the ids there, it names it as the wire does (spec, rules of the fields).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from beian import numbers
from beian.models import Node
from beian.records import (
    AccessRecord,
    ChangeRecord,
    FilingRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    WebsiteRecord,
)
from enterprise.services.contents import CaseRequest

Owning = TypeVar("Owning", FilingRecord, NewWebsitesRecord, ChangeRecord)
_BLOCK = 16
_SPONSOR, _WEBSITES = "sponsor", "websites."


def with_ids(provider: Node, request: CaseRequest) -> CaseRequest:
    """Give `request` with an id for every object that is new and has none. Call inside a transaction."""
    ids = _fresh(provider)
    match request:
        case FilingRecord():
            sponsor = request.sponsor
            if sponsor.provider_id is None:
                sponsor = replace(sponsor, provider_id=next(ids))
            return _owned(replace(request, sponsor=sponsor, websites=_websites(request.websites, ids)))
        case NewWebsitesRecord():
            return _owned(replace(request, websites=_websites(request.websites, ids)))
        case ChangeRecord():
            return _owned(replace(request, websites=_websites(request.websites, ids)))
        case NewAccessRecord():
            return replace(request, access=_access(request.access, ids))
    return request


def _fresh(provider: Node) -> Iterator[int]:
    while True:
        first = numbers.issue_own(provider, _BLOCK)
        yield from range(first, first + _BLOCK)


def _owned(request: Owning) -> Owning:
    """Give the request with attachments that name their owners as the wire does."""
    owners = {_SPONSOR: _sponsor_name(request)}
    for index, website in enumerate(request.websites):
        owners[f"{_WEBSITES}{index}"] = str(website.number or website.provider_id)
    attachments = tuple(replace(each, owner=owners.get(each.owner, each.owner)) for each in request.attachments)
    return replace(request, attachments=attachments)


def _sponsor_name(request: Owning) -> str:
    if isinstance(request, NewWebsitesRecord):
        return str(request.sponsor)
    return str(request.sponsor.number or request.sponsor.provider_id)


def _websites(websites: tuple[WebsiteRecord, ...], ids: Iterator[int]) -> tuple[WebsiteRecord, ...]:
    return tuple(_website(website, ids) for website in websites)


def _website(website: WebsiteRecord, ids: Iterator[int]) -> WebsiteRecord:
    domains = tuple(
        domain if domain.provider_id or domain.number else replace(domain, provider_id=next(ids))
        for domain in website.domains
    )
    accesses = tuple(_access(access, ids) for access in website.accesses)
    own = website.provider_id if website.provider_id or website.number else next(ids)
    return replace(website, provider_id=own, domains=domains, accesses=accesses)


def _access(access: AccessRecord, ids: Iterator[int]) -> AccessRecord:
    ranges = tuple(
        each if each.provider_id or each.number else replace(each, provider_id=next(ids)) for each in access.ranges
    )
    own = access.provider_id if access.provider_id or access.number else next(ids)
    return replace(access, provider_id=own, ranges=ranges)
