"""What the demo's providers ask of filings that stand: changes, additions, cancellations, and what came of some.

Each request is made from the provider's copy, as a provider's own system makes it, and uploaded like any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from beian import store
from beian.demo import filings as made
from beian.demo import names, past
from beian.demo.pictures import Pictures
from beian.models import Access, Node, Sponsor
from beian.records import (
    AttachmentRecord,
    CancellationRecord,
    Cancelled,
    ChangeRecord,
    ContentRecord,
    DomainRecord,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
)
from beian.records.rows import filing_for_provider, number_of
from interface.documents.upload import write_upload
from interface.models import ProviderAccount
from interface.services import base, mailbox

FETCHED = 9
FIRST, LAST = past.REQUESTED[440000]
"""Days ago on which the copies were fetched, and on which there were requests."""

(ABROAD,) = past.REQUESTED[310000]
"""Days ago on which a provider of another province asked for an access."""

STOPPED, REPLACED = 1, 3
"""Codes of reasons for cancelling: no longer run, domain given up."""


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests of one provider about filings of its province. `password` opens them all."""

    account: ProviderAccount
    pictures: Pictures
    password: str

    def fetch(self) -> None:
        """Fetch and acknowledge all that waits: from now on the provider knows these filings."""
        while parcel := mailbox.hand_out(self.account):
            mailbox.acknowledge(self.account, parcel.file_name)

    def first(self) -> bytes:
        """Give a document of two changes: one to be approved, one to be refused."""
        mailed, named, *_ = self._known()
        return self._document(changes=(self._mail(mailed, "office"), self._responsible(named, 1, materials=False)))

    def last(self) -> bytes:
        """Give a document of requests of every kind, one with a mistake, one made from a copy that is out of date."""
        mailed, named, moved, extended, closed, ended, spoiled, *_ = self._known()
        return self._document(
            changes=(
                self._mail(mailed, "contact"),
                self._responsible(named, 1, materials=True),
                self._moved(moved),
                self._spoiled(spoiled),
            ),
            new_websites=(self._website(extended),),
            cancellations=(
                self._cancelled(Cancelled.WEBSITE, closed, STOPPED, "域名转让给其他单位"),
                self._cancelled(Cancelled.SPONSOR, ended, REPLACED, None),
            ),
        )

    def access(self, bureau: Node) -> bytes:
        """Give a document with a new access to a website of the province of `bureau`."""
        site = Access.objects.held_by(bureau).exclude(isp_id=self.account.isp_id).order_by("-number")[3].website
        place = names.PLACES[self.account.bureau.province][0]
        access = made.new_filing(place.province, 77, self.pictures).websites[0].accesses[0]
        request = NewAccessRecord(
            website=NameRecord(filing_number=site.filing_number), access=access, filing_password=self.password
        )
        return self._document(new_accesses=(request,))

    def _document(self, **asked: Sequence[object]) -> bytes:
        return write_upload(requesting_provider=self.account.isp_id, load=store.get, **asked)  # type: ignore[arg-type]

    def _known(self) -> list[FilingRecord]:
        """Give the provider's copies: what it acknowledged, else what it could fetch; organisations, oldest first."""
        bureau, isp_id = self.account.bureau, self.account.isp_id
        home = Sponsor.objects.held_by(bureau).filter(province=bureau.province, websites__accesses__isp_id=isp_id)
        organisations = home.exclude(certificate_type=made.IDENTITY_CARD).distinct().order_by("number")
        numbers = organisations.values_list("number", flat=True)[:12]
        copies = (
            base.acknowledged_filing(self.account, number) or filing_for_provider(bureau, number, isp_id)
            for number in numbers
        )
        return [each for each in copies if each is not None]

    def _mail(self, filing: FilingRecord, box: str) -> ChangeRecord:
        person = filing.sponsor.person
        mail = f"{box}@{(person.email or '').partition('@')[2]}"
        return _change(replace(filing, sponsor=replace(filing.sponsor, person=replace(person, email=mail))))

    def _responsible(self, filing: FilingRecord, n: int, *, materials: bool) -> ChangeRecord:
        """Another person answers for the first website: that one comes in person."""
        first = filing.websites[0]
        place = names.PLACES[self.account.bureau.province][n]
        person = replace(
            made.responsible(70_000 + n, place, n),
            telephone=first.person.telephone,
            email=f"web@{first.domains[0].name}",
        )
        changed = _change(replace(filing, websites=(replace(first, person=person), *filing.websites[1:])))
        if not materials:
            return changed
        number, site = str(filing.sponsor.number), str(first.number)
        attachments = (
            _attached(made.FORM, self.pictures.forms[n], made.OF_SPONSOR, number),
            _attached(made.WEBSITE_PERSON, self.pictures.cards[n], made.OF_WEBSITE, site),
            _attached(made.PORTRAIT, self.pictures.portraits[n], made.OF_WEBSITE, site),
        )
        return replace(changed, attachments=attachments)

    def _moved(self, filing: FilingRecord) -> ChangeRecord:
        """The sponsor moved within its city, and its website got another domain and another address."""
        first = filing.websites[0]
        detail = f"{names.STREETS[0]}88号6栋1201室"
        sponsor = replace(filing.sponsor, address=replace(filing.sponsor.address, detail=detail))
        domains = (*first.domains, DomainRecord(name=f"new-{first.domains[0].name}", provider_id=988_001))
        own = first.accesses[0]
        ranges = (replace(own.ranges[0], last=own.ranges[0].first + 7), *own.ranges[1:])
        website = replace(first, domains=domains, accesses=(replace(own, ranges=ranges), *first.accesses[1:]))
        return _change(replace(filing, sponsor=sponsor, websites=(website, *filing.websites[1:])))

    def _spoiled(self, filing: FilingRecord) -> ChangeRecord:
        person = replace(filing.sponsor.person, mobile="12000000001")
        return _change(replace(filing, sponsor=replace(filing.sponsor, person=person)))

    def _website(self, filing: FilingRecord) -> NewWebsitesRecord:
        province = self.account.bureau.province
        website = made.new_filing(province, 700, self.pictures).websites[0]
        number, own = str(filing.sponsor.number), str(website.provider_id)
        return NewWebsitesRecord(
            sponsor=NameRecord(filing_number=filing.sponsor.filing_number),
            websites=(website,),
            attachments=(
                _attached(made.FORM, self.pictures.forms[0], made.OF_SPONSOR, number),
                _attached(made.WEBSITE_PERSON, self.pictures.cards[0], made.OF_WEBSITE, own),
                _attached(made.PORTRAIT, self.pictures.portraits[0], made.OF_WEBSITE, own),
            ),
        )

    def _cancelled(self, what: Cancelled, filing: FilingRecord, reason: int, remark: str | None) -> CancellationRecord:
        return CancellationRecord(
            what=what,
            number=number_of(filing.sponsor if what == Cancelled.SPONSOR else filing.websites[0]),
            reason=reason,
            remark=remark,
            filing_password=self.password if what == Cancelled.SPONSOR else None,
        )


def _change(filing: FilingRecord) -> ChangeRecord:
    """Say a filing as a change does: without what the bureau alone says."""
    sponsor = replace(
        filing.sponsor,
        reported_by=None,
        first_reported=None,
        last_modified=None,
        certificate_serial=None,
        certificate_path=None,
        certificate_expires=None,
        reviewer=None,
        reviewed=None,
    )
    websites = tuple(
        replace(
            website,
            first_reported=None,
            last_modified=None,
            accesses=tuple(replace(access, provider=None) for access in website.accesses),
        )
        for website in filing.websites
    )
    return ChangeRecord(sponsor=sponsor, websites=websites)


def _attached(purpose: int, content: ContentRecord, owner_kind: int, owner: str) -> AttachmentRecord:
    return AttachmentRecord(format=made.JPEG, purpose=purpose, content=content, owner_kind=owner_kind, owner=owner)
