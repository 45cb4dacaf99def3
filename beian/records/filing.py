"""What a filing says, as plain values: the form that every tier works with.

A record carries no database row and no XML. Two kinds of identifier stand side by side: `number`,
issued by a bureau and unique in the country, and `provider_id`, the provider's own. Either is
missing where nobody has given one yet. Codes (certificate type, region, language ...) are the ids
of the code tables; dates are ISO strings as they travel.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRecord:
    """An attached file by its content: the bytes themselves lie in the attachment store.

    `media_type` is what the bytes are ("image/jpeg", "image/png"), whatever they were said to be;
    "" where they are neither, "invalid" where they did not arrive as base64. `sha256` is hex.
    """

    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """A responsible person (负责人). Telephone, mobile and e-mail may hold several values, `;` between."""

    name: str | None = None
    certificate_type: int | None = None
    certificate_number: str | None = None
    telephone: str | None = None
    mobile: str | None = None
    email: str | None = None
    msn: str | None = None
    qq: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRecord:
    """A postal address (通信地址): region codes of GB/T 2260, then the rest in words."""

    province: int
    city: int | None = None
    county: int | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRecord:
    """The certificate (证件) of a sponsor: `address` is the one printed on it (证件住所)."""

    type: int
    number: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorRecord:
    """The sponsor (主体): an organisation or a person who answers for websites."""

    name: str
    certificate: CertificateRecord
    address: AddressRecord
    person: PersonRecord
    number: int | None = None
    provider_id: int | None = None
    filing_number: str | None = None
    nature: int | None = None
    superior: str | None = None
    reported_by: int | None = None
    remark: str | None = None
    first_reported: str | None = None
    last_modified: str | None = None
    certificate_serial: str | None = None
    certificate_path: str | None = None
    certificate_expires: str | None = None
    reviewer: str | None = None
    reviewed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorApprovalRecord:
    """A prior approval (前置审批): its kind, its number, scans of the document."""

    kind: int
    approval_number: str
    scans: tuple[ContentRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRecord:
    """A domain (域名) of a website, as it was written."""

    name: str
    number: int | None = None
    provider_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeRecord:
    """An address range (IP地址段): both ends included, unsigned 32-bit, first octet highest."""

    first: int
    last: int
    number: int | None = None
    provider_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRecord:
    """An access (接入): where a provider hosts a website and under which addresses.

    `provider` is the identifier of the provider that gives it; missing in an upload, where it is
    the caller. `reported_by` (0 the sponsor, 1 on its behalf) is said of a single access only by
    check tasks and their results.
    """

    locations: tuple[int, ...]
    methods: tuple[int, ...]
    ranges: tuple[RangeRecord, ...]
    number: int | None = None
    provider_id: int | None = None
    provider: int | None = None
    reported_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebsiteRecord:
    """A website (网站) of a sponsor, with its domains and accesses."""

    name: str
    person: PersonRecord
    domains: tuple[DomainRecord, ...]
    accesses: tuple[AccessRecord, ...]
    services: tuple[int, ...] = ()
    languages: tuple[int, ...] = ()
    approvals: tuple[PriorApprovalRecord, ...] = ()
    number: int | None = None
    provider_id: int | None = None
    filing_number: str | None = None
    home_page: str | None = None
    remark: str | None = None
    first_reported: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRecord:
    """An attachment (附件) and the object it belongs to.

    `owner_kind` is 1 for the sponsor, 2 for a website; `owner` is that object's identifier as it
    was written: an id in decimal, or a filing number.
    """

    format: int
    purpose: int
    content: ContentRecord
    owner_kind: int
    owner: str
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingRecord:
    """A sponsor with websites and attachments: what a new filing asks for and a parcel carries."""

    sponsor: SponsorRecord
    websites: tuple[WebsiteRecord, ...]
    attachments: tuple[AttachmentRecord, ...] = ()
    remark: str | None = None
