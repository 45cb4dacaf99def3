"""Requests as applications keep them: which record each kind holds, and who decides it."""

from __future__ import annotations

from typing import Any, cast

from beian import numbers
from beian.records import (
    CancellationRecord,
    ChangeRecord,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    from_json,
)
from beian.records.asking import attachments_of, contents_of, named, opinion_subjects, subject, without_password
from beian.records.requests import Cancelled, Request
from bureau.models import Application
from bureau.workflow import Kind

__all__ = [
    "RECORDS",
    "attachments_of",
    "contents_of",
    "kind_of",
    "named",
    "opinion_subjects",
    "province_of",
    "request_from",
    "request_of",
    "subject",
    "without_password",
]

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


def province_of(request: Request) -> int | None:
    """Give the province whose bureau decides a request; None where what it names tells no province."""
    if isinstance(request, FilingRecord):
        return request.sponsor.address.province
    name = cast(NameRecord, named(request))
    if name.number is not None:
        return numbers.province_of(name.number)
    number = numbers.parse(name.filing_number or "")
    return number.province if number else None
