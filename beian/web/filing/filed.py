"""A filing on file as a page shows it: the sheet of what was asked, with the numbers that it was given."""

from __future__ import annotations

from dataclasses import replace

from beian.records import AccessRecord, SponsorRecord, WebsiteRecord
from beian.web.components import Term
from beian.web.filing.sheet import Group, SheetMaker, Site


class FiledMaker(SheetMaker):
    """Writes what the bureau gave beside what the provider said."""

    def sponsor(self, sponsor: SponsorRecord) -> list[Group]:
        """Write the sponsor's part, with its electronic certificate where there is one."""
        first, *others = super().sponsor(sponsor)
        terms = [
            Term("电子证书", sponsor.certificate_serial or "", code=True),
            Term("证书有效期", sponsor.certificate_expires or ""),
        ]
        return [Group(first.title, [*first.terms, *(term for term in terms if term.value)]), *others]

    def site(self, website: WebsiteRecord) -> Site:
        """Write a website with its numbers and dates."""
        site = super().site(website)
        first, *others = site.groups
        terms = [
            Term("网站备案号", website.filing_number or "无", code=True),
            Term("网站编号", website.number, code=True),
            Term("首次备案", (website.first_reported or "")[:10]),
            Term("最近变更", (website.last_modified or "")[:10]),
        ]
        return replace(site, groups=[Group(first.title, [*terms, *first.terms]), *others])

    def access(self, access: AccessRecord, place: int = 1) -> Group:
        """Write an access with its number."""
        group = super().access(access, place)
        return Group(group.title, [Term("接入编号", access.number, code=True), *group.terms])
