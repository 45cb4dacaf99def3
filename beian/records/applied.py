"""Filings as they would stand when a request is granted."""

from __future__ import annotations

from dataclasses import replace

from beian.filing_numbers import parse
from beian.records.filing import AccessRecord, FilingRecord, WebsiteRecord
from beian.records.merging import merged, new_attachments
from beian.records.requests import (
    CancellationRecord,
    Cancelled,
    ChangeRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    Request,
)


class NotOnFile(LookupError):
    """A request names a website that the filing does not have."""


def applied(on_file: FilingRecord, request: Request, isp_id: int) -> FilingRecord:
    """Give the filing as it would stand if `request` of the provider `isp_id` were granted.

    New websites and accesses have no numbers yet; their accesses are given by `isp_id`. A change is
    merged into what is on file without knowing what the provider started from
    (`beian.records.merging.merged` does). A cancelled sponsor leaves a filing without websites. For a
    new filing what is on file does not matter. Of attachments only new ones are there. Raises `NotOnFile`
    for a new access to a website that is not there; what cancellations and changes name in vain is
    passed over.
    """
    match request:
        case FilingRecord():
            return replace(request, websites=tuple(_given_by(isp_id, website) for website in request.websites))
        case NewWebsitesRecord():
            added = tuple(_given_by(isp_id, website) for website in request.websites)
            attachments = new_attachments(on_file, request.attachments)
            return replace(on_file, websites=on_file.websites + added, attachments=attachments)
        case NewAccessRecord():
            return _with_access(on_file, request, isp_id)
        case ChangeRecord():
            return merged(None, on_file, request, isp_id).filing
        case CancellationRecord():
            return _without(on_file, request)


def is_called(website: WebsiteRecord, name: NameRecord) -> bool:
    """Tell whether `name` names `website`: by its number, or by its filing number in any spelling."""
    if name.number is not None:
        return name.number == website.number
    said = parse(name.filing_number or "")
    return said is not None and said == parse(website.filing_number or "")


def _given_by(isp_id: int, website: WebsiteRecord) -> WebsiteRecord:
    """Give a new website as it would be filed: unnumbered, its accesses given by `isp_id`."""
    return replace(
        website, number=None, accesses=tuple(replace(access, provider=isp_id) for access in website.accesses)
    )


def _with_access(on_file: FilingRecord, request: NewAccessRecord, isp_id: int) -> FilingRecord:
    if not any(is_called(website, request.website) for website in on_file.websites):
        raise NotOnFile(str(request.website))
    new = replace(request.access, number=None, provider=isp_id)
    return replace(
        on_file,
        websites=tuple(
            replace(website, accesses=(*website.accesses, new)) if is_called(website, request.website) else website
            for website in on_file.websites
        ),
        attachments=new_attachments(on_file, request.attachments),
    )


def _without(on_file: FilingRecord, request: CancellationRecord) -> FilingRecord:
    websites: tuple[WebsiteRecord, ...] = ()
    if request.what == Cancelled.WEBSITE:
        websites = tuple(website for website in on_file.websites if website.number != request.number)
    elif request.what == Cancelled.ACCESS:
        websites = tuple(
            replace(website, accesses=_others(website.accesses, request.number)) for website in on_file.websites
        )
    return replace(on_file, websites=websites, attachments=())


def _others(accesses: tuple[AccessRecord, ...], number: int) -> tuple[AccessRecord, ...]:
    return tuple(access for access in accesses if access.number != number)
