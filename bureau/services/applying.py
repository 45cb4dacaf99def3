"""What stands beside the encrypted record of an application, so that it is found and named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone

from beian.checks.keys import domain_key
from beian.records import (
    CancellationRecord,
    Cancelled,
    ChangeRecord,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    SponsorRecord,
    WebsiteRecord,
)
from beian.records.people import address_index, certificate_index, telephone_indexes
from beian.records.requests import Request
from bureau.models import Application
from bureau.services.requests import named

NAME_LIMIT = 255


def describe(filing: FilingRecord) -> dict[str, Any]:
    """Give the searched columns of an application for `filing`; personal data as blind indexes."""
    return {**_of_sponsor(filing.sponsor), **_of_websites(filing.sponsor, filing.websites)}


def describe_request(request: Request, on_file: FilingRecord | None, after: FilingRecord | None) -> dict[str, Any]:
    """Give the searched columns for any request.

    They say what it is about: its sponsor, and those websites that it adds, changes or takes away,
    with their domains as they were and as they would be. Where nothing is on file here, what the
    request itself says stands for it.
    """
    if isinstance(request, FilingRecord):
        return describe(request)
    sponsor = _sponsor(request, on_file, after)
    websites = websites_concerned(request, after) or websites_concerned(request, on_file) or _asked(request)
    columns = {
        **(_of_sponsor(sponsor) if sponsor else {"sponsor_name": str(named(request))[:NAME_LIMIT]}),
        **_of_websites(sponsor, websites),
        "target": on_file.sponsor.number if on_file else _sponsor_number(request),
    }
    were = [domain_key(domain.name) for website in websites_concerned(request, on_file) for domain in website.domains]
    columns["domains"] = list(dict.fromkeys([*columns["domains"], *were]))
    return columns


def claim_name(application: Application) -> str:
    """Name a pending application for those who conflict with it; no personal data."""
    return _claim_name(application.provider_name, application.received_at)


@lru_cache(maxsize=64)
def _claim_name(provider_name: str, received_at: datetime) -> str:
    """Write the name; it is the same for all records of a document."""
    return f"{provider_name}正在申请的备案（{timezone.localtime(received_at):%Y-%m-%d}受理）"


def _of_sponsor(sponsor: SponsorRecord) -> dict[str, Any]:
    address, certificate = sponsor.address, sponsor.certificate
    return {
        "sponsor_name": sponsor.name,
        "nature": sponsor.nature,
        "certificate_type": certificate.type,
        "certificate_index": certificate_index(certificate.number),
        "address_index": address_index(address.province, address.city, address.detail),
        "province": address.province,
        "city": address.city,
    }


def _of_websites(sponsor: SponsorRecord | None, websites: Sequence[WebsiteRecord]) -> dict[str, Any]:
    people = [*([sponsor.person] if sponsor else []), *(website.person for website in websites)]
    domains = [domain for website in websites for domain in website.domains]
    return {
        "telephones": telephone_indexes(*(text for person in people for text in (person.mobile, person.telephone))),
        "domains": [domain_key(domain.name) for domain in domains],
        "first_domain": domains[0].name if domains else "",
        "websites": len(websites),
    }


def _sponsor(request: Request, on_file: FilingRecord | None, after: FilingRecord | None) -> SponsorRecord | None:
    if found := after or on_file:
        return found.sponsor
    return request.sponsor if isinstance(request, ChangeRecord) else None


def _sponsor_number(request: Request) -> int | None:
    """Give the sponsor's number, where the request itself says it."""
    match request:
        case NewWebsitesRecord():
            return request.sponsor.number
        case ChangeRecord():
            return request.sponsor.number
        case CancellationRecord(what=Cancelled.SPONSOR):
            return request.number
    return None


def _asked(request: Request) -> tuple[WebsiteRecord, ...]:
    return request.websites if isinstance(request, NewWebsitesRecord | ChangeRecord) else ()


def websites_concerned(request: Request, filing: FilingRecord | None) -> tuple[WebsiteRecord, ...]:
    """Give those websites of `filing` that a request is about."""
    concerns = _concerns(request)
    return tuple(website for website in filing.websites if concerns(website)) if filing else ()


def _concerns(request: Request) -> Callable[[WebsiteRecord], bool]:
    match request:
        case NewWebsitesRecord():
            return lambda website: website.number is None
        case NewAccessRecord(website=NameRecord() as name):
            return lambda website: _is(website.number, name.number) or _is(website.filing_number, name.filing_number)
        case ChangeRecord():
            numbers = {website.number for website in request.websites}
            return lambda website: website.number in numbers
        case CancellationRecord(what=Cancelled.WEBSITE, number=number):
            return lambda website: website.number == number
        case CancellationRecord(what=Cancelled.ACCESS, number=number):
            return lambda website: any(access.number == number for access in website.accesses)
    return lambda website: True


def _is(one: object, other: object) -> bool:
    """Whether two names are there and the same."""
    return one is not None and one == other
