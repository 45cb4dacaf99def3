"""What the demo's sponsors ask for, as they fill it in: without ids, attachments by the place of their owner."""

from __future__ import annotations

from dataclasses import replace

from beian.demo.filings import new_filing
from beian.demo.pictures import Pictures
from beian.records import AccessRecord, AttachmentRecord, FilingRecord, WebsiteRecord

FIRST = 2_000
"""Numbers from here on are of sponsors that no bureau's demo has."""


def asked(province: int, n: int, pictures: Pictures) -> FilingRecord:
    """Give the new filing `n` of those that are still at the provider."""
    return as_filled_in(new_filing(province, FIRST + n, pictures))


def as_filled_in(filing: FilingRecord) -> FilingRecord:
    """Take the provider's ids off a filing: they are given when it is submitted."""
    owners = {str(filing.sponsor.provider_id): "sponsor"}
    owners |= {str(website.provider_id): f"websites.{place}" for place, website in enumerate(filing.websites)}
    return replace(
        filing,
        sponsor=replace(filing.sponsor, provider_id=None),
        websites=tuple(_website(website) for website in filing.websites),
        attachments=tuple(_attachment(each, owners) for each in filing.attachments),
    )


def _website(website: WebsiteRecord) -> WebsiteRecord:
    return replace(
        website,
        provider_id=None,
        domains=tuple(replace(domain, provider_id=None) for domain in website.domains),
        accesses=tuple(_access(access) for access in website.accesses),
    )


def _access(access: AccessRecord) -> AccessRecord:
    return replace(access, provider_id=None, ranges=tuple(replace(each, provider_id=None) for each in access.ranges))


def _attachment(attachment: AttachmentRecord, owners: dict[str, str]) -> AttachmentRecord:
    return replace(attachment, owner=owners[attachment.owner])
