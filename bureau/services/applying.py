"""What stands beside the encrypted record of an application, so that it is found and named."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from beian.checks.keys import domain_key
from beian.records import FilingRecord
from beian.records.people import address_index, certificate_index, telephone_indexes
from bureau.models import Application


def describe(filing: FilingRecord) -> dict[str, Any]:
    """Give the searched columns of an application for `filing`; personal data as blind indexes."""
    sponsor = filing.sponsor
    people = [sponsor.person, *(website.person for website in filing.websites)]
    domains = [domain for website in filing.websites for domain in website.domains]
    return {
        "sponsor_name": sponsor.name,
        "nature": sponsor.nature,
        "certificate_type": sponsor.certificate.type,
        "certificate_index": certificate_index(sponsor.certificate.number),
        "address_index": address_index(sponsor.address.province, sponsor.address.city, sponsor.address.detail),
        "telephones": telephone_indexes(*(text for person in people for text in (person.mobile, person.telephone))),
        "domains": [domain_key(domain.name) for domain in domains],
        "first_domain": domains[0].name if domains else "",
        "province": sponsor.address.province,
        "city": sponsor.address.city,
        "websites": len(filing.websites),
    }


def claim_name(application: Application) -> str:
    """Name a pending application for those who conflict with it; no personal data."""
    return f"{application.provider_name}正在申请的备案（{timezone.localtime(application.received_at):%Y-%m-%d}受理）"
