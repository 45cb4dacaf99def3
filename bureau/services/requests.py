"""Requests as applications keep them: which record each kind holds, and by what it is known.

What a provider reads back is fixed by the specification (filing results): `subject` ties the result
to its case, `opinion_subjects` the reviewers' opinions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from beian import numbers
from beian.records import (
    AttachmentRecord,
    CancellationRecord,
    ChangeRecord,
    ContentRecord,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    from_json,
)
from beian.records.requests import Cancelled, Request
from bureau.models import Application
from bureau.workflow import Kind

RECORDS: dict[int, type[Any]] = {
    Kind.NEW_FILING: FilingRecord,
    Kind.NEW_WEBSITE: NewWebsitesRecord,
    Kind.NEW_ACCESS: NewAccessRecord,
    Kind.CHANGE: ChangeRecord,
    Kind.CANCEL_ACCESS: CancellationRecord,
    Kind.CANCEL_SPONSOR: CancellationRecord,
    Kind.CANCEL_WEBSITE: CancellationRecord,
}
"""The record that an application of each kind keeps."""

_CANCELLING = {
    Cancelled.SPONSOR: Kind.CANCEL_SPONSOR,
    Cancelled.WEBSITE: Kind.CANCEL_WEBSITE,
    Cancelled.ACCESS: Kind.CANCEL_ACCESS,
}
_OTHERS = {NewWebsitesRecord: Kind.NEW_WEBSITE, NewAccessRecord: Kind.NEW_ACCESS, ChangeRecord: Kind.CHANGE}


def request_of(application: Application) -> Request:
    """Read what an application asks for."""
    return request_from(application.kind, application.record)


def request_from(kind: int, record: Any) -> Request:
    """Read the JSON of a request of `kind`. Raises `msgspec.ValidationError`."""
    return cast(Request, from_json(record, RECORDS[kind]))


def kind_of(request: Request) -> Kind:
    """Give the kind of application that a request becomes."""
    if isinstance(request, CancellationRecord):
        return _CANCELLING[request.what]
    return _OTHERS.get(type(request), Kind.NEW_FILING)


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


def province_of(request: Request) -> int | None:
    """Give the province whose bureau decides a request; None where what it names tells no province."""
    if isinstance(request, FilingRecord):
        return request.sponsor.address.province
    name = cast(NameRecord, named(request))
    if name.number is not None:
        return numbers.province_of(name.number)
    number = numbers.parse(name.filing_number or "")
    return number.province if number else None


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
