"""What is asked, written as a filing, so that one set of rules judges new filings and everything after.

A request says a part of a filing. The rest is filled with what stands on file, because rules look at
it (is the sponsor a person? do the addresses overlap with another provider's?); what they find there
is not this request's fault and is not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from beian.checks.base import Facts, Finding
from beian.checks.keys import reservation_keys
from beian.checks.requests.known import Known, OwnIds, Standing
from beian.checks.requests.naming import normal
from beian.checks.website import name_keys
from beian.records import (
    AccessRecord,
    AddressRecord,
    CertificateRecord,
    ChangeRecord,
    FilingRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    PersonRecord,
    Request,
    SponsorRecord,
    WebsiteRecord,
)

OWNED_BY_SPONSOR, OWNED_BY_WEBSITE = 1, 2

EVERYTHING = ("sponsor", "websites", "attachments")
"""The paths of a filing."""

# Says nothing, so that no rule finds anything in it.
UNKNOWN_SPONSOR = SponsorRecord(
    name="",
    certificate=CertificateRecord(type=0, number="", address=""),
    address=AddressRecord(province=0),
    person=PersonRecord(),
)
UNKNOWN_WEBSITE = WebsiteRecord(name="", person=PersonRecord(), domains=(), accesses=())


@dataclass(frozen=True, slots=True)
class Shape:
    """What is asked as a filing.

    `asked` are the paths below which something is asked, but for those below `besides`: the rest stands
    on file. What is found there is told only where a rule says so, and then of `stands_for` (path and
    place in words). `renamed` are beginnings of paths and places that the request calls otherwise.
    """

    filing: FilingRecord
    asked: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    stands_for: tuple[str, str] = ("", "")
    renamed: tuple[tuple[str, str], ...] = ()

    def told(self, finding: Finding, *, of_what_stands: bool) -> Finding | None:
        """Give a finding as the request would have it, `None` where it is none of its business."""
        if self._is_asked(finding.about):
            return replace(finding, about=self._called(finding.about), place=self._called(finding.place))
        if not of_what_stands:
            return None
        about, place = self.stands_for
        return replace(finding, about=about, place=place)

    def _is_asked(self, about: str) -> bool:
        if not about:
            return True
        return _lies_below(about, self.asked) and not _lies_below(about, self.besides)

    def _called(self, path: str) -> str:
        for old, new in self.renamed:
            if path.startswith(old):
                return new + path.removeprefix(old)
        return path


def _lies_below(about: str, paths: tuple[str, ...]) -> bool:
    return any(about == path or about.startswith(f"{path}.") for path in paths)


def shape_of(request: Request, standing: Standing | None, isp_id: int) -> Shape:
    """Write a request as a filing; `standing` is the object that it names, where that is on file."""
    filing = standing.filing if standing else None
    match request:
        case FilingRecord():
            return Shape(request, asked=EVERYTHING)
        case NewWebsitesRecord():
            return _of_new_websites(request, filing)
        case NewAccessRecord():
            return _of_new_access(request, standing)
        case ChangeRecord():
            return _of_change(request, filing, isp_id)
        case _:
            return Shape(FilingRecord(sponsor=_sponsor(filing), websites=()))


def _sponsor(filing: FilingRecord | None) -> SponsorRecord:
    return filing.sponsor if filing else UNKNOWN_SPONSOR


def _of_new_websites(request: NewWebsitesRecord, filing: FilingRecord | None) -> Shape:
    shaped = FilingRecord(sponsor=_sponsor(filing), websites=request.websites, attachments=request.attachments)
    return Shape(shaped, asked=("websites", "attachments"), stands_for=("sponsor", "主体"))


def _of_new_access(request: NewAccessRecord, standing: Standing | None) -> Shape:
    website = (standing and standing.website) or UNKNOWN_WEBSITE
    shaped = FilingRecord(
        sponsor=_sponsor(standing.filing if standing else None),
        websites=(replace(website, accesses=(request.access, *website.accesses)),),
        attachments=request.attachments,
    )
    return Shape(
        shaped,
        asked=("websites.0.accesses.0", "attachments"),
        stands_for=("website", "网站"),
        renamed=(("websites.0.accesses.0", "access"), ("网站1·接入1", "接入")),
    )


def _of_change(request: ChangeRecord, filing: FilingRecord | None, isp_id: int) -> Shape:
    on_file = {website.number: website for website in filing.websites} if filing else {}
    websites = tuple(_with_others(each, on_file.get(each.number), isp_id) for each in request.websites)
    shaped = FilingRecord(sponsor=request.sponsor, websites=websites, attachments=request.attachments)
    others = tuple(
        f"websites.{place}.accesses.{index}"
        for place, website in enumerate(websites)
        for index, access in enumerate(website.accesses)
        if access.provider is not None
    )
    return Shape(shaped, asked=EVERYTHING, besides=others)


def _with_others(asked: WebsiteRecord, on_file: WebsiteRecord | None, isp_id: int) -> WebsiteRecord:
    """Give a changed website with other providers' accesses marked as theirs, those not named behind.

    None behind where it names one in vain: any may be meant (1016).
    """
    if on_file is None:
        return asked
    standing = {access.number: access for access in on_file.accesses}
    named = tuple(
        replace(access, provider=_other_provider(standing.get(access.number), isp_id)) for access in asked.accesses
    )
    numbers = {access.number for access in named}
    others = [each for number, each in standing.items() if number not in numbers and numbers <= standing.keys()]
    return replace(asked, accesses=(*named, *others))


def _other_provider(access: AccessRecord | None, isp_id: int) -> int | None:
    return access.provider if access and access.provider != isp_id else None


def facts_about(known: Known, request: Request, shape: Shape, filing: FilingRecord | None, *, here: bool) -> Facts:
    """Give the facts as one request sees them: what its own filing holds is no conflict with it.

    Of a filing that another bureau holds (not `here`) only the provider's own ids are used.
    """
    if isinstance(request, FilingRecord):
        return known.facts
    named = {website.number for website in request.websites} if isinstance(request, ChangeRecord) else set()
    own_ids = _own_ids(filing, named, known.called) if filing else frozenset()
    if filing is None or not here:
        return replace(known.facts, own_ids=own_ids, owners={})
    others = _others(filing, named)
    return replace(
        known.facts,
        own_keys=_own_keys(filing, others) if isinstance(request, ChangeRecord) else frozenset(),
        own_ids=own_ids,
        bearers=_bearers(others),
        owners=_owners(filing, request, shape),
    )


def _others(filing: FilingRecord, named: set[int | None]) -> list[WebsiteRecord]:
    """Give the websites that a request does not name; none where it names one in vain: any may be meant (1016)."""
    numbers = {website.number for website in filing.websites}
    return [website for website in filing.websites if website.number not in named] if named <= numbers else []


def _own_keys(filing: FilingRecord, others: list[WebsiteRecord]) -> frozenset[tuple[str, str]]:
    """Give what the filing holds and a change may keep; what a website holds that is not in it stays there."""
    kept_elsewhere = reservation_keys(replace(filing, websites=tuple(others)))[1:]
    return frozenset(reservation_keys(filing)) - frozenset(kept_elsewhere)


def _own_ids(filing: FilingRecord, changed: set[int | None], own: OwnIds) -> frozenset[tuple[str, int]]:
    """Give the provider's own ids of domains and address ranges of the changed websites."""
    websites = [website for website in filing.websites if website.number in changed]
    numbers = {domain.number for website in websites for domain in website.domains}
    numbers |= {part.number for website in websites for access in website.accesses for part in access.ranges}
    return frozenset(key for number in numbers if number is not None for key in own.get(number, ()))


def _bearers(websites: list[WebsiteRecord]) -> dict[str, str]:
    return {
        name: f"{website.filing_number or website.name}" for website in websites for name in name_keys(website.name)
    }


def _owners(filing: FilingRecord, request: Request, shape: Shape) -> dict[int, frozenset[str]]:
    """Give the names that attachments of a request may give of their owner, by kind of owner."""
    if isinstance(request, NewWebsitesRecord):
        websites = {str(website.provider_id) for website in request.websites}
    else:
        named = {website.number for website in shape.filing.websites}
        websites = {name for website in filing.websites if website.number in named for name in _names(website)}
    return {OWNED_BY_SPONSOR: frozenset(_names(filing.sponsor)), OWNED_BY_WEBSITE: frozenset(websites)}


def _names(record: SponsorRecord | WebsiteRecord) -> Iterator[str]:
    if record.number is not None:
        yield str(record.number)
    if record.filing_number:
        yield normal(record.filing_number)
