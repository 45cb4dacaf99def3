"""Records to rows: writing a numbered filing into a holder's copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from django.utils import timezone

from beian.checks.keys import domain_key
from beian.models import (
    Access,
    AddressRange,
    Attachment,
    Content,
    Domain,
    Node,
    ObjectKind,
    PriorApproval,
    ProviderId,
    Sponsor,
    Website,
)
from beian.records.filing import (
    AccessRecord,
    AttachmentRecord,
    DomainRecord,
    FilingRecord,
    PersonRecord,
    RangeRecord,
    SponsorRecord,
    WebsiteRecord,
)
from beian.records.people import address_index, certificate_index, telephone_indexes

OWNED_BY_WEBSITE, NO_WEBSITE = 2, 0


def store_filing(holder: Node, filing: FilingRecord, *, isp_id: int | None = None) -> Sponsor:
    """Write `filing`, whose objects all have numbers, into `holder`'s copy. Call in a transaction.

    The sponsor and the websites it names become what the record says; other websites of the sponsor
    stay as they are, and so do attachments that are on file, to which those of the record are added.
    With `isp_id`, the `provider_id`s in the record are kept as that provider's. The filing password
    stays what it was.
    """
    sponsor = _store_sponsor(holder, filing.sponsor)
    numbers = [number_of(website) for website in filing.websites]
    known = {row.number: row for row in Website.objects.held_by(holder).filter(number__in=numbers)}
    since = _clear(holder, known.values()) if known else {}
    for website in filing.websites:
        _store_website(sponsor, website, known.get(number_of(website)), since)
    if filing.attachments:
        add_attachments(sponsor, filing)
    if isp_id is not None:
        _store_provider_ids(holder, filing, isp_id)
    return sponsor


def _clear(holder: Node, websites: Iterable[Website]) -> dict[int, datetime | None]:
    """Take away what is written anew with a website; gives since when each access was on file.

    Attachments of a website stay.
    """
    known = list(websites)
    since = dict(Access.objects.held_by(holder).filter(website__in=known).values_list("number", "since"))
    for model in (Domain, PriorApproval, Access):
        model.objects.held_by(holder).filter(website__in=known).delete()
    return since


def _store_sponsor(holder: Node, record: SponsorRecord) -> Sponsor:
    values = sponsor_values(record)
    sponsor, _ = Sponsor.objects.held_by(holder).update_or_create(
        number=number_of(record),
        defaults=values,
        create_defaults={**values, "holder": holder, "first_reported": moment(record.first_reported)},
    )
    return sponsor


def sponsor_values(record: SponsorRecord) -> dict[str, Any]:
    """Give the columns of a sponsor but holder, number, first report and password."""
    address, certificate = record.address, record.certificate
    return {
        "filing_number": record.filing_number,
        "name": record.name,
        "nature": record.nature,
        "superior": record.superior,
        "province": address.province,
        "city": address.city,
        "county": address.county,
        "address_detail": address.detail,
        "address_index": address_index(address.province, address.city, address.detail),
        "certificate_type": certificate.type,
        "certificate_number": certificate.number,
        "certificate_index": certificate_index(certificate.number),
        "certificate_address": certificate.address,
        "reported_by": record.reported_by,
        "remark": record.remark,
        "last_modified": moment(record.last_modified),
        "reviewer": record.reviewer,
        "reviewed": moment(record.reviewed) if record.reviewed else None,
        "certificate_serial": record.certificate_serial,
        "certificate_path": record.certificate_path,
        "certificate_expires": record.certificate_expires,
        **person_values(record.person),
    }


def person_values(person: PersonRecord) -> dict[str, Any]:
    """Give the columns of a responsible person."""
    return {
        "person_name": person.name,
        "person_certificate_type": person.certificate_type,
        "person_certificate_number": person.certificate_number,
        "person_certificate_index": certificate_index(person.certificate_number),
        "person_telephone": person.telephone,
        "person_telephones": telephone_indexes(person.telephone),
        "person_mobile": person.mobile,
        "person_mobiles": telephone_indexes(person.mobile),
        "person_email": person.email,
        "person_msn": person.msn,
        "person_qq": person.qq,
    }


def _store_website(
    sponsor: Sponsor, record: WebsiteRecord, known: Website | None, since: Mapping[int, datetime | None]
) -> None:
    holder = sponsor.holder
    website = known or Website(holder=holder, number=number_of(record), first_reported=moment(record.first_reported))
    website.sponsor = sponsor
    for column, value in website_values(record).items():
        setattr(website, column, value)
    website.save()
    website.domains.bulk_create(
        Domain(holder=holder, website=website, number=number_of(domain), name=domain.name, key=domain_key(domain.name))
        for domain in record.domains
    )
    website.approvals.bulk_create(
        PriorApproval(
            holder=holder,
            website=website,
            kind=approval.kind,
            approval_number=approval.approval_number,
            scans=msgspec.to_builtins(approval.scans),
        )
        for approval in record.approvals
    )
    joined = timezone.now() if known else None  # accesses of a new website are as old as it is
    for access in record.accesses:
        _store_access(website, access, since.get(number_of(access), joined))


def website_values(record: WebsiteRecord) -> dict[str, Any]:
    """Give the columns of a website but holder, number, sponsor and first report."""
    return {
        "filing_number": record.filing_number,
        "name": record.name,
        "services": list(record.services),
        "languages": list(record.languages),
        "home_page": record.home_page,
        "remark": record.remark,
        "last_modified": moment(record.last_modified),
        **person_values(record.person),
    }


def _store_access(website: Website, record: AccessRecord, since: datetime | None) -> None:
    access: Access = Access.objects.create_for(
        website.holder,
        number=number_of(record),
        website=website,
        isp_id=record.provider,
        locations=list(record.locations),
        methods=list(record.methods),
        since=since,
    )
    access.ranges.bulk_create(
        AddressRange(holder=website.holder, access=access, number=number_of(part), first=part.first, last=part.last)
        for part in record.ranges
    )


def add_attachments(sponsor: Sponsor, filing: FilingRecord) -> None:
    """Add the attachments of `filing` to its sponsor on file, but for those that the same object has already."""
    websites = {row.number: row for row in sponsor.websites.all()}
    known: set[tuple[int | None, str, int]] = set(
        sponsor.attachments.values_list("website_id", "content_id", "purpose")
    )
    for record in filing.attachments:
        website = websites.get(_website_named(filing, record))
        same = (website.pk if website else None, record.content.sha256, record.purpose)
        if same not in known:
            known.add(same)
            _store_attachment(sponsor, website, record)


def _store_attachment(sponsor: Sponsor, website: Website | None, record: AttachmentRecord) -> None:
    content, _ = Content.objects.get_or_create(
        sha256=record.content.sha256,
        defaults={"size": record.content.size, "media_type": record.content.media_type},
    )
    Attachment.objects.create_for(
        sponsor.holder,
        sponsor=sponsor,
        website=website,
        content=content,
        format=record.format,
        purpose=record.purpose,
        remark=record.remark,
    )


def _website_named(filing: FilingRecord, record: AttachmentRecord) -> int:
    """Find the number of the website that an attachment says it belongs to, by any of its names.

    The provider's own id first: it may be the number of another website, and only new ones have it here.
    """
    if record.owner_kind != OWNED_BY_WEBSITE:
        return NO_WEBSITE
    for website in filing.websites:
        if website.provider_id is not None and record.owner == str(website.provider_id):
            return number_of(website)
    for website in filing.websites:
        if record.owner in (str(website.number), website.filing_number):
            return number_of(website)
    return NO_WEBSITE


def objects_of(filing: FilingRecord) -> Iterator[tuple[ObjectKind, Any]]:
    """Walk every object of a filing that has a number, with its kind; parents come first."""
    yield ObjectKind.SPONSOR, filing.sponsor
    for website in filing.websites:
        yield ObjectKind.WEBSITE, website
        yield from ((ObjectKind.DOMAIN, domain) for domain in website.domains)
        for access in website.accesses:
            yield ObjectKind.ACCESS, access
            yield from ((ObjectKind.RANGE, part) for part in access.ranges)


def _store_provider_ids(holder: Node, filing: FilingRecord, isp_id: int) -> None:
    keep_ids(holder, isp_id, own_ids_of(filing))


def own_ids_of(filing: FilingRecord) -> dict[tuple[str, int], int]:
    """Give the provider's own ids in a filing: by kind of object and id the bureau-issued number."""
    return {
        (str(kind), thing.provider_id): number_of(thing)
        for kind, thing in objects_of(filing)
        if thing.provider_id is not None
    }


def keep_ids(holder: Node, isp_id: int, own: Mapping[tuple[str, int], int]) -> None:
    """Keep a provider's own ids: by kind of object and id the bureau-issued number.

    What it calls by another id now loses the old one.
    """
    of_provider = ProviderId.objects.filter(holder=holder, isp_id=isp_id)
    known = of_provider.filter(number__in=set(own.values())).values_list("pk", "kind", "provider_id")
    if renamed := [pk for pk, kind, provider_id in known if (kind, provider_id) not in own]:
        ProviderId.objects.filter(pk__in=renamed).delete()
    ProviderId.objects.bulk_create(
        (
            ProviderId(holder=holder, isp_id=isp_id, kind=kind, provider_id=provider_id, number=number)
            for (kind, provider_id), number in own.items()
        ),
        update_conflicts=True,
        unique_fields=["holder", "isp_id", "kind", "provider_id"],
        update_fields=["number"],
    )


def with_numbers(filing: FilingRecord, take: Callable[[], int], isp_id: int) -> FilingRecord:
    """Give `filing` with a number from `take` for every object that has none, its accesses as `isp_id`'s."""
    websites = tuple(
        replace(
            website,
            number=website.number or take(),
            domains=tuple(replace(domain, number=domain.number or take()) for domain in website.domains),
            accesses=tuple(
                replace(
                    access,
                    number=access.number or take(),
                    provider=access.provider or isp_id,
                    ranges=tuple(replace(part, number=part.number or take()) for part in access.ranges),
                )
                for access in website.accesses
            ),
        )
        for website in filing.websites
    )
    return replace(filing, sponsor=replace(filing.sponsor, number=filing.sponsor.number or take()), websites=websites)


class Unnumbered(ValueError):
    """An object that is to be stored has no number yet."""


def number_of(record: SponsorRecord | WebsiteRecord | AccessRecord | DomainRecord | RangeRecord) -> int:
    """Give the bureau-issued number of a record. Raises `Unnumbered`."""
    if record.number is None:
        raise Unnumbered(type(record).__name__)
    return record.number


def moment(text: str | None) -> datetime:
    """Read a Shanghai time as it travels; now where there is none."""
    if text is None:
        return timezone.now()
    return timezone.make_aware(datetime.fromisoformat(text))
