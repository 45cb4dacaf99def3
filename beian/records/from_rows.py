"""Rows to records: filings as their holder has them, read in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from beian.models import Access, AddressRange, Domain, Node, ObjectKind, PriorApproval, ProviderId, Sponsor, Website
from beian.models.filing import PersonColumns
from beian.records.filing import (
    AccessRecord,
    AddressRecord,
    CertificateRecord,
    ContentRecord,
    DomainRecord,
    FilingRecord,
    PersonRecord,
    PriorApprovalRecord,
    RangeRecord,
    SponsorRecord,
    WebsiteRecord,
)

OwnIds = Mapping[tuple[str, int], int]


def filings(holder: Node, sponsors: Iterable[int], *, isp_id: int | None = None) -> dict[int, FilingRecord]:
    """Give the filings of `sponsors` (bureau-issued numbers) in `holder`'s copy, by sponsor number.

    With `isp_id`, as that provider may see them: only websites to which it gives access, each with
    all its accesses, and only its own ids. Sponsors that are not on file, or have no such website,
    are missing from the answer.
    """
    wanted = sorted(set(sponsors))
    rows = list(Sponsor.objects.held_by(holder).filter(number__among=wanted))
    websites = Website.objects.held_by(holder).filter(sponsor__id__among=_keys(rows)).order_by("number")
    if isp_id is not None:
        websites = websites.filter(accesses__isp_id=isp_id).distinct()
    parts = _Parts(holder, rows, list(websites), isp_id)
    found: dict[int, FilingRecord] = {}
    for sponsor in rows:
        own = parts.websites_of.get(sponsor.pk, [])
        if own or isp_id is None:
            found[sponsor.number] = FilingRecord(
                sponsor=_sponsor(sponsor, parts.own_ids), websites=tuple(parts.website(row) for row in own)
            )
    return found


def filing_for_provider(holder: Node, sponsor_number: int, isp_id: int) -> FilingRecord | None:
    """Give one filing as the provider `isp_id` may see it; None where it gives no access to any of it."""
    return filings(holder, [sponsor_number], isp_id=isp_id).get(sponsor_number)


class _Parts:
    """The children of some websites, loaded together and sorted by parent."""

    def __init__(self, holder: Node, sponsors: list[Sponsor], websites: list[Website], isp_id: int | None) -> None:
        self.sponsors = sponsors
        keys = _keys(websites)
        self.websites_of = _grouped(websites, "sponsor_id")
        # As tuples, which are made in a fraction of a row's time: these are most of what there is.
        domains = Domain.objects.held_by(holder).filter(website__id__among=keys).order_by("number")
        self.domains = _grouped(domains.values_list("website_id", "number", "name", named=True), "website_id")
        accesses = Access.objects.held_by(holder).filter(website__id__among=keys).order_by("number")
        found: list[Any] = list(
            accesses.values_list("id", "website_id", "number", "isp_id", "locations", "methods", named=True)
        )
        self.accesses = _grouped(found, "website_id")
        ranges = AddressRange.objects.held_by(holder).filter(access__id__among=[row.id for row in found])
        self.ranges = _grouped(
            ranges.order_by("number").values_list("access_id", "number", "first", "last", named=True), "access_id"
        )
        self.approvals = _grouped(PriorApproval.objects.held_by(holder).filter(website__id__among=keys), "website_id")
        self.own_ids = self._own_ids(holder, isp_id) if isp_id is not None else {}

    def _own_ids(self, holder: Node, isp_id: int) -> OwnIds:
        numbers = [sponsor.number for sponsor in self.sponsors]
        for rows in (self.websites_of, self.domains, self.accesses, self.ranges):
            numbers += [row.number for row in _all(rows)]
        ids = ProviderId.objects.filter(holder=holder, isp_id=isp_id, number__among=numbers)
        return {
            (kind, number): own
            for kind, number, own in ids.values_list("kind", "number", "provider_id")
            if number is not None
        }

    def website(self, row: Website) -> WebsiteRecord:
        return WebsiteRecord(
            number=row.number,
            provider_id=self.own_ids.get((ObjectKind.WEBSITE, row.number)),
            filing_number=row.filing_number,
            name=row.name,
            approvals=tuple(_approval(approval) for approval in self.approvals.get(row.pk, [])),
            services=tuple(row.services),
            languages=tuple(row.languages),
            domains=tuple(self._domain(domain) for domain in self.domains.get(row.pk, [])),
            accesses=tuple(self._access(access) for access in self.accesses.get(row.pk, [])),
            person=_person(row),
            home_page=row.home_page,
            remark=row.remark,
            first_reported=_moment(row.first_reported),
            last_modified=_moment(row.last_modified),
        )

    def _domain(self, row: Any) -> DomainRecord:
        own = self.own_ids.get((ObjectKind.DOMAIN, row.number))
        return DomainRecord(number=row.number, provider_id=own, name=row.name)

    def _access(self, row: Any) -> AccessRecord:
        return AccessRecord(
            number=row.number,
            provider_id=self.own_ids.get((ObjectKind.ACCESS, row.number)),
            provider=row.isp_id,
            locations=tuple(row.locations),
            methods=tuple(row.methods),
            ranges=tuple(self._range(part) for part in self.ranges.get(row.id, [])),
        )

    def _range(self, row: Any) -> RangeRecord:
        own = self.own_ids.get((ObjectKind.RANGE, row.number))
        return RangeRecord(number=row.number, provider_id=own, first=row.first, last=row.last)


def _keys(rows: Iterable[Any]) -> list[int]:
    return [row.pk for row in rows]


def _grouped(rows: Iterable[Any], attribute: str) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, attribute)].append(row)
    return groups


def _all(groups: Mapping[int, list[Any]]) -> Iterable[Any]:
    return (row for rows in groups.values() for row in rows)


def _moment(moment: datetime | None) -> str | None:
    """Write a time as it travels: Shanghai time, `YYYY-MM-DD hh:mm:ss`."""
    return None if moment is None else timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")


def _sponsor(row: Sponsor, own_ids: OwnIds) -> SponsorRecord:
    return SponsorRecord(
        number=row.number,
        provider_id=own_ids.get((ObjectKind.SPONSOR, row.number)),
        filing_number=row.filing_number,
        name=row.name,
        nature=row.nature,
        superior=row.superior,
        address=AddressRecord(province=row.province, city=row.city, county=row.county, detail=row.address_detail),
        certificate=CertificateRecord(
            type=row.certificate_type, number=row.certificate_number, address=row.certificate_address
        ),
        person=_person(row),
        reported_by=row.reported_by,
        remark=row.remark,
        first_reported=_moment(row.first_reported),
        last_modified=_moment(row.last_modified),
        certificate_serial=row.certificate_serial,
        certificate_path=row.certificate_path,
        certificate_expires=row.certificate_expires,
        reviewer=row.reviewer,
        reviewed=_moment(row.reviewed),
    )


def _person(row: PersonColumns) -> PersonRecord:
    return PersonRecord(
        name=row.person_name,
        certificate_type=row.person_certificate_type,
        certificate_number=row.person_certificate_number,
        telephone=row.person_telephone,
        mobile=row.person_mobile,
        email=row.person_email,
        msn=row.person_msn,
        qq=row.person_qq,
    )


def _approval(row: PriorApproval) -> PriorApprovalRecord:
    return PriorApprovalRecord(
        kind=row.kind,
        approval_number=row.approval_number,
        scans=tuple(ContentRecord(**scan) for scan in row.scans),
    )
