"""A requested filing as a page shows it: sections of labelled values, personal data masked.

What is masked stays masked until somebody reveals it with a reason (`reveal`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from beian.checks.names import dotted
from beian.records import (
    AccessRecord,
    AddressRecord,
    CertificateRecord,
    FilingRecord,
    PersonRecord,
    PriorApprovalRecord,
    RangeRecord,
    SponsorRecord,
    WebsiteRecord,
)
from beian.web.components import Term
from bureau import masks
from bureau.views.review.names import Names

REPORTED_BY = {0: "主办者自行报备", 1: "接入商代为报备"}


@dataclass(frozen=True, slots=True)
class Group:
    """Values that belong together, under a title."""

    title: str
    terms: list[Term]


@dataclass(frozen=True, slots=True)
class Site:
    """A website: its groups, the domains for the heading, and its accesses and prior approvals."""

    title: str
    domains: list[str]
    home_page: str
    groups: list[Group]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole filing. `revealed` says that personal data stands plain in it."""

    sponsor: list[Group]
    sites: list[Site]
    revealed: bool


class SheetMaker:
    """Writes a filing as a sheet: with `plain`, personal data as it is."""

    def __init__(self, names: Names, *, plain: bool) -> None:
        self.names = names
        self.plain = plain

    def sheet(self, filing: FilingRecord) -> Sheet:
        """Write `filing`."""
        return Sheet(self.sponsor(filing.sponsor), [self.site(each) for each in filing.websites], self.plain)

    def hidden(self, mask: Callable[[str], str], value: str | None) -> str:
        """Give a personal value as it may be shown."""
        if not value:
            return ""
        return value if self.plain else masks.each(mask, value)

    def sponsor(self, sponsor: SponsorRecord) -> list[Group]:
        """Write the sponsor's part."""
        terms = [
            Term("主办者名称", sponsor.name, wide=True),
            Term("单位性质", self.names.code("organisation_nature", sponsor.nature)),
            Term("主管单位", sponsor.superior or ""),
            *self.certificate(sponsor.certificate),
            *self.address(sponsor.address),
            Term("报备方式", REPORTED_BY.get(sponsor.reported_by or 0, f"未知代码 {sponsor.reported_by}")),
            Term("备注", sponsor.remark or "", wide=True),
        ]
        return [Group("主体", _filled(terms)), Group("主体负责人", self.person(sponsor.person))]

    def certificate(self, certificate: CertificateRecord) -> list[Term]:
        """Write a sponsor's certificate."""
        return [
            Term("证件类型", self.names.code("certificate_type", certificate.type)),
            Term("证件号码", self.hidden(masks.certificate_number, certificate.number), code=True),
            Term("证件住所", self.hidden(masks.postal, certificate.address), wide=True),
        ]

    def address(self, address: AddressRecord) -> list[Term]:
        """Write a postal address: the region by name, the rest masked."""
        region = self.names.region(address.province, address.city, address.county)
        return [
            Term("所在地区", region),
            Term("通信地址", self.hidden(masks.postal, address.detail)),
        ]

    def person(self, person: PersonRecord) -> list[Term]:
        """Write a responsible person."""
        return _filled(
            [
                Term("姓名", person.name or ""),
                Term("证件类型", self.names.code("certificate_type", person.certificate_type)),
                Term("证件号码", self.hidden(masks.certificate_number, person.certificate_number), code=True),
                Term("手机号码", self.hidden(masks.telephone, person.mobile), code=True),
                Term("办公电话", self.hidden(masks.telephone, person.telephone), code=True),
                Term("电子邮件", self.hidden(masks.email, person.email)),
                Term("MSN", self.hidden(masks.email, person.msn)),
                Term("QQ", self.hidden(masks.account, person.qq), code=True),
            ]
        )

    def site(self, website: WebsiteRecord) -> Site:
        """Write a website with its accesses and prior approvals."""
        content = [
            Term("网站名称", website.name, wide=True),
            Term("域名", "、".join(domain.name for domain in website.domains), wide=True, code=True),
            Term("首页地址", website.home_page or "", wide=True, code=True),
            Term("服务内容", self.names.codes("service_content", website.services)),
            Term("语言类别", self.names.codes("language", website.languages)),
            Term("备注", website.remark or "", wide=True),
        ]
        groups = [Group("网站", _filled(content)), Group("网站负责人", self.person(website.person))]
        groups += [self.access(each, place) for place, each in enumerate(website.accesses, 1)]
        groups += [self.approval(each) for each in website.approvals]
        domains = [domain.name for domain in website.domains]
        return Site(website.name, domains, website.home_page or "", groups)

    def access(self, access: AccessRecord, place: int) -> Group:
        """Write an access: addresses as dotted quads."""
        ranges = "、".join(_range(each) for each in access.ranges)
        terms = [
            Term("接入方式", self.names.codes("access_method", access.methods)),
            Term("服务器放置地", self.names.codes("server_location", access.locations)),
            Term("IP 地址", ranges, wide=True, code=True),
        ]
        return Group("接入" if place == 1 else f"接入 {place}", _filled(terms))

    def approval(self, approval: PriorApprovalRecord) -> Group:
        """Write a prior approval; its scans are among the attachments."""
        terms = [
            Term("审批内容", self.names.code("prior_approval", approval.kind)),
            Term("审批文号", approval.approval_number),
            Term("扫描件", f"{len(approval.scans)} 份" if approval.scans else "无"),
        ]
        return Group("前置审批", terms)


def regions_of(filing: FilingRecord) -> list[int | None]:
    """Give the region codes whose names a sheet needs."""
    address = filing.sponsor.address
    return [address.province, address.city, address.county]


def _filled(terms: list[Term]) -> list[Term]:
    """Leave out what was not given: an empty line says nothing and takes a place."""
    return [term for term in terms if term.value != ""]


def _range(addresses: RangeRecord) -> str:
    if addresses.first == addresses.last:
        return dotted(addresses.first)
    return f"{dotted(addresses.first)} – {dotted(addresses.last)}"
