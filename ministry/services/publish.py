"""Keeping the public's table in step with the national copy."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime

from beian.checks.keys import domain_key
from beian.numbers import province_of
from beian.records import DomainRecord, FilingRecord, SponsorRecord, WebsiteRecord
from ministry.models import PublicFiling

NO_DOMAIN = DomainRecord(name="")


def sponsor_key(name: str) -> str:
    """Give the form by which a name is looked for: half width, lower case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def publish(filing: FilingRecord) -> None:
    """Put what the public may know of `filing` in place of what it knew. Call in a transaction.

    `filing` is the sponsor's whole filing with its numbers: websites that it does not name vanish.
    Raises `ValueError` where a number is missing.
    """
    unpublish(_numbered(filing.sponsor.number))
    PublicFiling.objects.bulk_create(_rows(filing))


def unpublish(sponsor_number: int) -> None:
    """Take a sponsor that is no longer on file out of the public's table."""
    PublicFiling.objects.filter(sponsor_number=sponsor_number).delete()


def _rows(filing: FilingRecord) -> Iterator[PublicFiling]:
    for website in filing.websites:
        domains = {domain_key(domain.name): domain for domain in website.domains} or {"": NO_DOMAIN}
        yield from (_row(filing.sponsor, website, domain, key) for key, domain in domains.items())


def _row(sponsor: SponsorRecord, website: WebsiteRecord, domain: DomainRecord, key: str) -> PublicFiling:
    number = _numbered(sponsor.number)
    return PublicFiling(
        sponsor_number=number,
        website_number=_numbered(website.number),
        province=province_of(number),
        sponsor_filing_number=sponsor.filing_number or "",
        website_filing_number=website.filing_number or "",
        sponsor_name=sponsor.name,
        sponsor_key=sponsor_key(sponsor.name),
        nature=sponsor.nature,
        website_name=website.name,
        home_page=website.home_page or "",
        domain=domain.name,
        domain_key=key,
        reviewed=_day(sponsor.reviewed),
    )


def _numbered(number: int | None) -> int:
    if number is None:
        raise ValueError("only numbered filings are published")
    return number


def _day(moment: str | None) -> date | None:
    return datetime.fromisoformat(moment).date() if moment else None
