"""Many filings to rows at once: what a holder does not have yet is copied into its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from django.db.models import Q

from beian.checks.keys import domain_key
from beian.copying import Rows, take_ids
from beian.models import Access, AddressRange, Domain, Node, PriorApproval, ProviderId, Sponsor, Website
from beian.records.filing import AccessRecord, FilingRecord, WebsiteRecord
from beian.records.to_rows import (
    keep_ids,
    moment,
    number_of,
    own_ids_of,
    sponsor_values,
    store_filing,
    website_values,
)


def store_filings(holder: Node, filings: Iterable[FilingRecord], *, isp_id: int | None = None) -> None:
    """Write filings into `holder`'s copy, each as `store_filing` would. Call in a transaction.

    Of which sponsor and websites are new to `holder`, they are copied; the others are written one by one.
    """
    new, others = _new_and_others(holder, list(filings))
    if new:
        for rows in NewFilings(holder, new).tables:
            rows.flush()
    for filing in others:
        store_filing(holder, filing)
    if isp_id is not None:
        own = {each: number for filing in (*new, *others) for each, number in own_ids_of(filing).items()}
        _keep_ids(holder, isp_id, own)


def _new_and_others(holder: Node, filings: Sequence[FilingRecord]) -> tuple[list[FilingRecord], list[FilingRecord]]:
    """Sort out the filings that can be copied: nothing of them is there, and no attachment must be looked for."""
    sponsors = {number_of(filing.sponsor) for filing in filings}
    websites = {number_of(website) for filing in filings for website in filing.websites}
    there = set(Sponsor.objects.held_by(holder).filter(number__in=sponsors).values_list("number", flat=True))
    there |= set(Website.objects.held_by(holder).filter(number__in=websites).values_list("number", flat=True))
    new: list[FilingRecord] = []
    others: list[FilingRecord] = []
    for filing in filings:
        numbers = {number_of(filing.sponsor), *(number_of(website) for website in filing.websites)}
        can_be_copied = there.isdisjoint(numbers) and not filing.attachments
        (new if can_be_copied else others).append(filing)
        there |= numbers
    return new, others


class NewFilings:
    """Filings of which nothing is there yet, as rows of `holder` on their way into the tables.

    Attachments are left to the caller; `sponsor_keys` has the primary keys by sponsor's number.
    """

    def __init__(self, holder: Node, filings: Sequence[FilingRecord]) -> None:
        websites = [website for filing in filings for website in filing.websites]
        accesses = sum(len(website.accesses) for website in websites)
        self._holder = holder.pk
        self._sponsors, self._websites, self._accesses = Rows(Sponsor), Rows(Website), Rows(Access)
        self._domains, self._approvals, self._ranges = Rows(Domain), Rows(PriorApproval), Rows(AddressRange)
        self._website_ids, self._access_ids = iter(take_ids(Website, len(websites))), iter(take_ids(Access, accesses))
        self.sponsor_keys: dict[int, int] = {}
        for key, filing in zip(take_ids(Sponsor, len(filings)), filings, strict=True):
            self._sponsor(key, filing)

    @property
    def tables(self) -> list[Rows]:
        """The rows of each table, parents first."""
        return [self._sponsors, self._websites, self._accesses, self._domains, self._approvals, self._ranges]

    def _sponsor(self, key: int, filing: FilingRecord) -> None:
        sponsor = filing.sponsor
        self.sponsor_keys[number_of(sponsor)] = key
        self._sponsors.add(
            id=key,
            holder_id=self._holder,
            number=number_of(sponsor),
            first_reported=moment(sponsor.first_reported),
            **sponsor_values(sponsor),
        )
        for website in filing.websites:
            self._website(key, website)

    def _website(self, sponsor: int, website: WebsiteRecord) -> None:
        key = next(self._website_ids)
        self._websites.add(
            id=key,
            holder_id=self._holder,
            sponsor_id=sponsor,
            number=number_of(website),
            first_reported=moment(website.first_reported),
            **website_values(website),
        )
        for domain in website.domains:
            self._domains.add(
                holder_id=self._holder,
                website_id=key,
                number=number_of(domain),
                name=domain.name,
                key=domain_key(domain.name),
            )
        for approval in website.approvals:
            self._approvals.add(
                holder_id=self._holder,
                website_id=key,
                kind=approval.kind,
                approval_number=approval.approval_number,
                scans=msgspec.to_builtins(approval.scans),
            )
        for access in website.accesses:
            self._access(key, access)

    def _access(self, website: int, access: AccessRecord) -> None:
        key = next(self._access_ids)
        self._accesses.add(
            id=key,
            holder_id=self._holder,
            website_id=website,
            number=number_of(access),
            isp_id=access.provider,
            locations=access.locations,
            methods=access.methods,
        )
        for part in access.ranges:
            self._ranges.add(
                holder_id=self._holder, access_id=key, number=number_of(part), first=part.first, last=part.last
            )


def _keep_ids(holder: Node, isp_id: int, own: Mapping[tuple[str, int], int]) -> None:
    """Keep a provider's own ids; where none of them is known yet, and none of the objects, they are copied."""
    of_provider = ProviderId.objects.filter(holder=holder, isp_id=isp_id)
    ids = {provider_id for _, provider_id in own}
    if of_provider.filter(Q(number__in=set(own.values())) | Q(provider_id__in=ids)).exists():
        keep_ids(holder, isp_id, own)
        return
    rows = Rows(ProviderId)
    for (kind, provider_id), number in own.items():
        rows.add(holder_id=holder.pk, isp_id=isp_id, kind=kind, provider_id=provider_id, number=number)
    rows.flush()
