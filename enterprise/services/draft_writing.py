"""The parts of a record as a form shows them: the way back of `draft_parts`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from beian.checks.names import dotted
from beian.records import (
    AccessRecord,
    AttachmentRecord,
    PersonRecord,
    RangeRecord,
    SponsorRecord,
    WebsiteRecord,
    as_json,
)
from enterprise.services.draft_parts import KEPT_OF_SPONSOR, KEPT_OF_WEBSITE

Draft = dict[str, Any]
_SPONSOR, _WEBSITE = 1, 2
_HIGHEST = 2**32 - 1


def typed_filing(
    sponsor: SponsorRecord, websites: Sequence[WebsiteRecord], attachments: Iterable[AttachmentRecord]
) -> Draft:
    """Give sponsor, websites and attachments."""
    own = sponsor.number or sponsor.provider_id
    return {
        "sponsor": typed_sponsor(sponsor),
        "websites": [typed_website(each) for each in websites],
        "attachments": typed_attachments(attachments, str(own) if own else None, websites),
    }


def typed_sponsor(sponsor: SponsorRecord) -> Draft:
    """Give a sponsor."""
    certificate, address = sponsor.certificate, sponsor.address
    return _said(
        {
            "name": sponsor.name,
            "nature": _code(sponsor.nature),
            "superior": sponsor.superior,
            "remark": sponsor.remark,
            "certificate": {
                "type": str(certificate.type),
                "number": certificate.number,
                "address": certificate.address,
            },
            "address": _said(
                {
                    "province": str(address.province),
                    "city": _code(address.city),
                    "county": _code(address.county),
                    "detail": address.detail,
                }
            ),
            "person": typed_person(sponsor.person),
            "number": sponsor.number,
            "provider_id": sponsor.provider_id,
            "reported_by": sponsor.reported_by,
            **{name: getattr(sponsor, name) for name in KEPT_OF_SPONSOR},
        }
    )


def typed_person(person: PersonRecord) -> Draft:
    """Give a responsible person."""
    values = as_json(person)
    return _said(values | {"certificate_type": _code(person.certificate_type)})


def typed_website(website: WebsiteRecord) -> Draft:
    """Give a website with its domains, approvals and accesses."""
    return _said(
        {
            "name": website.name,
            "person": typed_person(website.person),
            "domains": [_said(as_json(each)) for each in website.domains],
            "accesses": [typed_access(each) for each in website.accesses],
            "services": _codes(website.services),
            "languages": _codes(website.languages),
            "approvals": [as_json(each) | {"kind": str(each.kind)} for each in website.approvals],
            "home_page": website.home_page,
            "remark": website.remark,
            "number": website.number,
            "provider_id": website.provider_id,
            **{name: getattr(website, name) for name in KEPT_OF_WEBSITE},
        }
    )


def typed_access(access: AccessRecord) -> Draft:
    """Give an access with dotted addresses."""
    return _said(
        {
            "locations": _codes(access.locations),
            "methods": _codes(access.methods),
            "ranges": [_typed_range(each) for each in access.ranges],
            "number": access.number,
            "provider_id": access.provider_id,
            "provider": access.provider,
            "reported_by": access.reported_by,
        }
    )


def typed_attachments(
    attachments: Iterable[AttachmentRecord],
    named: str | None,
    websites: Sequence[WebsiteRecord],
    place: str = "sponsor",
) -> list[Draft]:
    """Give attachments with the place of their owner; one that belongs to nothing here keeps what it names.

    `named` is how the object at `place` is named.
    """
    owners = {(_WEBSITE, str(each.number or each.provider_id)): f"websites.{n}" for n, each in enumerate(websites)}
    if named is not None:
        owners[(_SPONSOR if place == "sponsor" else _WEBSITE, named)] = place
    return [
        _said(as_json(each) | {"owner": owners.get((each.owner_kind, each.owner), each.owner)}) for each in attachments
    ]


def _typed_range(each: RangeRecord) -> Draft:
    return _said(as_json(each) | {"first": _address(each.first), "last": _address(each.last)})


def _address(number: int) -> str:
    """Write an address dotted; a number that is none stays one."""
    return dotted(number) if 0 <= number <= _HIGHEST else str(number)


def _code(code: int | None) -> str | None:
    return None if code is None else str(code)


def _codes(codes: Iterable[int]) -> list[str]:
    return [str(code) for code in codes]


def _said(values: Draft) -> Draft:
    """Leave out what is not said."""
    return {key: value for key, value in values.items() if value is not None}
