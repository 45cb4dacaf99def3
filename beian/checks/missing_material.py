"""What of the material of a verification in person did not come along (真实性核验材料)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from beian import filing_numbers
from beian.checks.base import Facts
from beian.checks.keys import compact
from beian.checks.verification import Verification
from beian.records import AttachmentRecord, FilingRecord, PersonRecord, WebsiteRecord
from beian.records.matching import WEBSITE

FORM, PHOTO = 1, 5
"""Purposes of attachments: the verification form (真实性核验单), the photo taken on the spot."""

_OF_WEBSITE = 2


@dataclass(frozen=True, slots=True)
class Missing:
    """A piece of material that should be there.

    `purpose` is its code; `place` whom it is of, in Chinese, and `field` the path of that part.
    `demanded` where it is to be handed in, else the provider has to keep it and may hand it in.
    """

    purpose: int
    place: str
    field: tuple[str, ...]
    words: str
    demanded: bool


def missing_material(
    required: Verification,
    after: FilingRecord,
    attachments: Iterable[AttachmentRecord],
    facts: Facts,
    *,
    demanded: Collection[int] = (FORM,),
) -> tuple[Missing, ...]:
    """Say what lacks among `attachments` of a request whose granting gives `after`.

    Nothing where nobody had to come in person. Otherwise one form for the filing, and a photo of each
    responsible person who had to come: of any website's where only the sponsor changed, once where one
    person answers for several. Owners may be named by the provider's id, the bureau's id or filing number.
    `demanded` are the purposes that the bureau wants handed in; work plan No. 64 wants the form, and lets
    the provider keep the rest (seed, Q&A 3.1).
    """
    if not required.required:
        return ()
    given = tuple(attachments)
    found: list[tuple[int, str, tuple[str, ...]]] = []
    if not any(each.purpose == FORM for each in given):
        found.append((FORM, "主体", ("sponsor",)))
    found += [(PHOTO, place, field) for place, field in _unphotographed(required, after, given)]
    return tuple(
        Missing(purpose, place, field, f"缺少{_purpose(facts, purpose)}", purpose in demanded)
        for purpose, place, field in found
    )


def _unphotographed(
    required: Verification, after: FilingRecord, given: tuple[AttachmentRecord, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give place and path of the responsible persons of whom a photo lacks."""
    photos = [each for each in given if each.purpose == PHOTO]
    came = _who_came(required, after)
    if not came:
        if not photos:
            yield "网站负责人", ("websites",)
        return
    seen = {_identity(site.person) for site in after.websites if any(_is_of(each, site) for each in photos)}
    for site in came:
        if _identity(site.person) not in seen:
            seen.add(_identity(site.person))
            yield f"网站{WEBSITE.name(site)}·负责人", ("websites", WEBSITE.step(site), "person")


def _who_came(required: Verification, after: FilingRecord) -> list[WebsiteRecord]:
    steps = {reason.field[1] for reason in required.required if reason.field[0] == "websites"}
    return [site for site in after.websites if WEBSITE.step(site) in steps]


def _is_of(attachment: AttachmentRecord, website: WebsiteRecord) -> bool:
    if attachment.owner_kind != _OF_WEBSITE:
        return False
    if attachment.owner in {str(own) for own in (website.number, website.provider_id) if own is not None}:
        return True
    said = filing_numbers.parse(attachment.owner)
    return said is not None and said == filing_numbers.parse(website.filing_number or "")


def _identity(person: PersonRecord) -> tuple[str | None, str]:
    return person.name, compact(person.certificate_number or "")


def _purpose(facts: Facts, purpose: int) -> str:
    entry = facts.entry("attachment_purpose", purpose)
    return entry.name if entry else f"用途为{purpose}的附件"
