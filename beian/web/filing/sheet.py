"""A filing as a page shows it: sections of labelled values, personal data masked.

What is masked stays masked until somebody reveals it with a reason (`reveal`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from beian.records import AccessRecord, FilingRecord, PriorApprovalRecord, SponsorRecord, WebsiteRecord
from beian.web.components import Term
from beian.web.filing.fields import ACCESS, APPROVAL, PERSON, SPONSOR, WEBSITE, Field
from beian.web.filing.names import Names


@dataclass(frozen=True, slots=True)
class Group:
    """Values that belong together, under a title."""

    title: str
    terms: list[Term]


@dataclass(frozen=True, slots=True)
class Site:
    """A website: its groups, the domains for the heading, its filing number where it has one."""

    title: str
    domains: list[str]
    home_page: str
    groups: list[Group]
    filing_number: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole filing, or a part of one."""

    sponsor: list[Group] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)


class SheetMaker:
    """Writes a filing as a sheet: with `plain`, personal data as it is."""

    def __init__(self, names: Names, *, plain: bool) -> None:
        self.names = names
        self.plain = plain

    def sheet(self, filing: FilingRecord) -> Sheet:
        """Write `filing`."""
        return Sheet(self.sponsor(filing.sponsor), [self.site(each) for each in filing.websites])

    def sponsor(self, sponsor: SponsorRecord) -> list[Group]:
        """Write the sponsor's part."""
        return [
            Group("主体", self.terms(SPONSOR, sponsor)),
            Group("主体负责人", self.terms(PERSON, sponsor.person)),
        ]

    def site(self, website: WebsiteRecord) -> Site:
        """Write a website with its accesses and prior approvals."""
        groups = [Group("网站", self.terms(WEBSITE, website)), Group("网站负责人", self.terms(PERSON, website.person))]
        groups += [self.access(each, place) for place, each in enumerate(website.accesses, 1)]
        groups += [self.approval(each) for each in website.approvals]
        domains = [domain.name for domain in website.domains]
        return Site(website.name, domains, website.home_page or "", groups, website.filing_number or "")

    def access(self, access: AccessRecord, place: int = 1) -> Group:
        """Write an access: addresses as dotted quads."""
        return Group(self.access_title(access, place), self.terms(ACCESS, access))

    def access_title(self, access: AccessRecord, place: int = 1) -> str:
        """Name an access: by its provider, where the record says which."""
        if access.provider is not None:
            return f"接入：{self.names.provider(access.provider)}"
        return "接入" if place == 1 else f"接入 {place}"

    def approval(self, approval: PriorApprovalRecord) -> Group:
        """Write a prior approval; its scans are among the attachments."""
        return Group("前置审批", self.terms(APPROVAL, approval))

    def terms(self, fields: Iterable[Field], record: Any) -> list[Term]:
        """Write the fields that were given: an empty line says nothing and takes a place."""
        written = ((each, each.text(self.names, record, plain=self.plain)) for each in fields)
        return [Term(each.label, text, wide=each.wide, code=each.code) for each, text in written if text]


def regions_of(*filings: FilingRecord | None) -> list[int | None]:
    """Give the region codes whose names the sheets of `filings` need."""
    addresses = [filing.sponsor.address for filing in filings if filing is not None]
    return [code for each in addresses for code in (each.province, each.city, each.county)]


def providers_of(*filings: FilingRecord | None) -> set[int]:
    """Give the providers that the accesses in `filings` name."""
    sites = (website for filing in filings if filing is not None for website in filing.websites)
    return {access.provider for site in sites for access in site.accesses if access.provider is not None}
