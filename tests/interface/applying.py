"""A provider's copy of what its bureau holds, kept by nothing but what it downloads."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from beian.models import Node, Sponsor, Website
from beian.records import Cancelled, FilingRecord
from beian.records.notices import CancelledNotice, Concerned
from beian.records.rows import filings, store_filings
from interface.documents.download import DownloadDocument


class UnknownObject(Exception):
    """A parcel names what no parcel before it brought."""


class Copy:
    """The rows of a provider, and the codes that it knows. Empty at first."""

    def __init__(self, holder: Node) -> None:
        self.holder = holder
        self.isp_id = holder.isp_id
        self.codes: set[tuple[str, int]] = set()

    def apply(self, document: DownloadDocument) -> None:
        """Do what a document says. Raises `UnknownObject`."""
        self.codes |= {("unit", unit.number) for unit in document.units}
        self.codes |= {(table.table, entry.code) for table in document.code_tables for entry in table.entries}
        with transaction.atomic():
            self._replace((*document.synchronised, *document.filings))
            for notice in document.cancelled:
                self._cancel(notice)
        self._know(document)

    def filings(self) -> dict[int, FilingRecord]:
        """All filings of the copy, by sponsor's number."""
        numbers = Sponsor.objects.held_by(self.holder).values_list("number", flat=True)
        return filings(self.holder, numbers, isp_id=self.isp_id)

    def _replace(self, found: Sequence[FilingRecord]) -> None:
        for table, code in (each for filing in found for each in _codes_of(filing)):
            if (table, code) not in self.codes:
                raise UnknownObject(f"{table} {code}")
        store_filings(self.holder, found, isp_id=self.isp_id)
        websites = Website.objects.held_by(self.holder)
        websites = websites.filter(sponsor__number__in=[filing.sponsor.number for filing in found])
        websites.exclude(number__in=[website.number for filing in found for website in filing.websites]).delete()

    def _cancel(self, notice: CancelledNotice) -> None:
        if notice.what == Cancelled.SPONSOR:
            self._sponsor(notice.number).delete()
        else:
            self._website(notice.number).delete()

    def _know(self, document: DownloadDocument) -> None:
        """Look for everything that notices name."""
        for task in document.check_tasks:
            self._sponsor(task.filing.sponsor.number)
            for website in task.filing.websites:
                self._website(website.number)
        for inspected in document.sponsor_inspections:
            self._sponsor(inspected.number)
        of_websites = (document.access_inspections, document.shell_inspections, document.liveness_inspections)
        for each in (each for found in of_websites for each in found):
            self._website(each.number)
        for correction in document.corrections:
            found = self._sponsor if correction.what == Concerned.SPONSOR else self._website
            found(correction.number)

    def _sponsor(self, number: int | None) -> Sponsor:
        found = Sponsor.objects.held_by(self.holder).filter(number=number).first()
        if found is None:
            raise UnknownObject(f"sponsor {number}")
        return found

    def _website(self, number: int | None) -> Website:
        found = Website.objects.held_by(self.holder).filter(number=number).first()
        if found is None:
            raise UnknownObject(f"website {number}")
        return found


def _codes_of(filing: FilingRecord) -> set[tuple[str, int]]:
    """The codes that a filing names, by their tables."""
    sponsor, address = filing.sponsor, filing.sponsor.address
    named = {("region", code) for code in (address.province, address.city, address.county)}
    named |= {("certificate_type", sponsor.certificate.type), ("organisation_nature", sponsor.nature)}
    for website in filing.websites:
        named.add(("certificate_type", website.person.certificate_type))
        named |= {("service_content", code) for code in website.services}
        named |= {("language", code) for code in website.languages}
        named |= {("prior_approval", approval.kind) for approval in website.approvals}
        for access in website.accesses:
            named.add(("unit", access.provider))
            named |= {("server_location", code) for code in access.locations}
            named |= {("access_method", code) for code in access.methods}
    return {(table, code) for table, code in named if code is not None}
