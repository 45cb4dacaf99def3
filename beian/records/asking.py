"""What a request names, brings along, and is answered under.

What a provider reads back is fixed by the specification (filing results): `subject` ties the result
to its case, `opinion_subjects` the reviewers' opinions. The bureau writes them, the provider's system
knows its cases by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from beian.records.filing import AttachmentRecord, ContentRecord, FilingRecord
from beian.records.requests import (
    CancellationRecord,
    ChangeRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    Request,
)


def named(request: Request) -> NameRecord | None:
    """Give what a request names of the filing on file: sponsor, website or access; None for a new filing."""
    match request:
        case NewWebsitesRecord():
            return request.sponsor
        case NewAccessRecord():
            return request.website
        case ChangeRecord():
            return NameRecord(number=request.sponsor.number)
        case CancellationRecord():
            return NameRecord(number=request.number)
    return None


def subject(request: Request) -> str:
    """Give what ties the result of a request to the provider's case."""
    match request:
        case FilingRecord():
            return str(request.sponsor.provider_id)
        case NewAccessRecord(website=NameRecord(filing_number=None)):
            return str(request.access.provider_id)
    return str(named(request))


def opinion_subjects(request: Request) -> tuple[int | None, ...]:
    """Give what ties the opinions about a request to the provider's case: one opinion each."""
    match request:
        case FilingRecord():
            return (request.sponsor.provider_id,)
        case NewWebsitesRecord():
            return tuple(website.provider_id for website in request.websites)
        case NewAccessRecord():
            return (request.access.provider_id,)
        case ChangeRecord():
            return (request.sponsor.number,)
        case CancellationRecord():
            return (request.number,)


def without_password(request: Request) -> Request:
    """Give a request as it is kept: without the filing password that came with it."""
    if isinstance(request, FilingRecord) or request.filing_password is None:
        return request
    return replace(request, filing_password=None)


def attachments_of(request: Request) -> tuple[AttachmentRecord, ...]:
    """Give the attachments that came with a request."""
    return () if isinstance(request, CancellationRecord) else request.attachments


def contents_of(request: Request) -> Iterator[ContentRecord]:
    """Give each file of a request once: attachments, and scans of prior approvals."""
    contents = [attachment.content for attachment in attachments_of(request)]
    if isinstance(request, FilingRecord | NewWebsitesRecord | ChangeRecord):
        scans = (approval.scans for website in request.websites for approval in website.approvals)
        contents += (scan for some in scans for scan in some)
    yield from {content.sha256: content for content in contents}.values()
