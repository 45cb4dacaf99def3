"""What was typed, made into a record, and a record made into what a form shows.

A draft is nested JSON with the attribute names of the records. Values that somebody typed are strings, as they
were typed; what nobody types (ids, contents of files) stands as the record has it. Addresses are dotted.
Attachments name their owner by place (`sponsor`, `websites.0`).

`read` goes as far as it gets: an incomplete draft gives a record too, with gaps filled by empty values, so that
the rules can say what is wrong with the rest while somebody is still typing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from beian.records import (
    AccessRecord,
    AttachmentRecord,
    CancellationRecord,
    Cancelled,
    ChangeRecord,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    SponsorRecord,
    WebsiteRecord,
    as_json,
)
from enterprise.services.contents import RECORDS, CaseRequest
from enterprise.services.draft_parts import Reader
from enterprise.services.draft_writing import typed_access, typed_attachments, typed_filing, typed_website
from enterprise.workflow import Kind

Draft = dict[str, Any]
Errors = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft as a record as far as it goes, and what cannot be read or is missing: path → messages."""

    request: CaseRequest | None
    errors: Errors


def record_of(kind: int, draft: Draft, *, filing_password: str | None = None) -> tuple[CaseRequest | None, Errors]:
    """Make the record of a draft; None with every defect, by path, where it is not complete or not readable.

    Whether what it says is right is for the rules (`enterprise.services.judging`). A filing password is never
    part of a draft: it is given beside it.
    """
    reading = read(kind, draft, filing_password=filing_password)
    return (None if reading.errors else reading.request), reading.errors


def read(kind: int, draft: Draft, *, filing_password: str | None = None) -> Reading:
    """Read a draft as far as it goes. Kinds that no form fills in (materials, results) are taken as they stand."""
    reader = Reader()
    make = _READERS.get(kind)
    if make is None:
        return _as_it_stands(kind, draft)
    return Reading(make(reader, draft, filing_password), reader.errors)


def draft_of(request: CaseRequest) -> Draft:
    """Give a record as a draft. `record_of` of it is the same record, but for the filing password."""
    match request:
        case FilingRecord():
            return typed_filing(request.sponsor, request.websites, request.attachments) | _without_none(
                {"remark": request.remark}
            )
        case ChangeRecord():
            found = typed_filing(request.sponsor, request.websites, request.attachments)
            return found | ({"odd_remarks": list(request.odd_remarks)} if request.odd_remarks else {})
        case NewWebsitesRecord():
            websites = [typed_website(each) for each in request.websites]
            attachments = typed_attachments(request.attachments, str(request.sponsor), request.websites)
            return {"sponsor": _named(request.sponsor), "websites": websites, "attachments": attachments}
        case NewAccessRecord():
            attachments = typed_attachments(request.attachments, str(request.website), (), "website")
            named = _named(request.website)
            return {"website": named, "access": typed_access(request.access), "attachments": attachments}
        case CancellationRecord():
            what = {"what": str(int(request.what)), "number": str(request.number), "reason": str(request.reason)}
            return what | _without_none({"remark": request.remark})
    found_json: Draft = as_json(request)
    return found_json


def _filing(reader: Reader, draft: Draft, password: str | None) -> FilingRecord:
    sponsor, websites, attachments = _parts(reader, draft)
    reader.at_least_one(draft, "websites", "请至少填写一个网站。")
    return FilingRecord(
        sponsor=sponsor, websites=websites, attachments=attachments, remark=reader.text(draft, "", "remark")
    )


def _change(reader: Reader, draft: Draft, password: str | None) -> ChangeRecord:
    sponsor, websites, attachments = _parts(reader, draft)
    return ChangeRecord(
        sponsor=sponsor,
        websites=websites,
        attachments=attachments,
        filing_password=password,
        odd_remarks=tuple(draft.get("odd_remarks") or ()),
    )


def _parts(
    reader: Reader, draft: Draft
) -> tuple[SponsorRecord, tuple[WebsiteRecord, ...], tuple[AttachmentRecord, ...]]:
    sponsor = reader.sponsor(draft.get("sponsor"), "sponsor")
    websites = reader.websites(draft)
    return sponsor, websites, reader.attachments(draft, sponsor, websites)


def _new_websites(reader: Reader, draft: Draft, password: str | None) -> NewWebsitesRecord:
    websites = reader.websites(draft)
    reader.at_least_one(draft, "websites", "请至少填写一个网站。")
    name = _name(reader, draft, "sponsor", "请选择要增加网站的备案主体。")
    return NewWebsitesRecord(
        sponsor=name,
        websites=websites,
        attachments=reader.attachments(draft, None, websites, str(name)),
        filing_password=password,
    )


def _new_access(reader: Reader, draft: Draft, password: str | None) -> NewAccessRecord:
    name = _name(reader, draft, "website", "请填写网站备案号。")
    access: AccessRecord = reader.access(draft.get("access"), "access")
    attachments = reader.attachments(draft, None, (), str(name))
    return NewAccessRecord(website=name, access=access, attachments=attachments, filing_password=password)


def _cancellation(reader: Reader, draft: Draft, password: str | None) -> CancellationRecord:
    what = reader.number(draft, "", "what", required="请选择要注销的对象。")
    if what not in set(Cancelled):
        reader.wrong("what", "请选择要注销的对象。")
        what = Cancelled.SPONSOR
    return CancellationRecord(
        what=Cancelled(what),
        number=reader.number(draft, "", "number", required="请选择要注销的对象。") or 0,
        reason=reader.number(draft, "", "reason", required="请选择注销原因。") or 0,
        remark=reader.text(draft, "", "remark"),
        filing_password=password,
    )


def _name(reader: Reader, draft: Draft, part: str, missing: str) -> NameRecord:
    """Read what names an object on file: its number, else its filing number."""
    value = reader.part(draft.get(part))
    number = reader.number(value, part, "number")
    filing_number = reader.text(value, part, "filing_number")
    if number is None and filing_number is None:
        reader.wrong(f"{part}.filing_number", missing)
        return NameRecord(filing_number="")
    return NameRecord(number=number, filing_number=filing_number)


def _named(name: NameRecord) -> Draft:
    return _without_none({"number": name.number, "filing_number": name.filing_number})


def _as_it_stands(kind: int, draft: Draft) -> Reading:
    try:
        return Reading(msgspec.convert(draft, RECORDS[kind]), {})
    except msgspec.ValidationError as error:
        return Reading(None, {"": [f"{error}"]})


def _without_none(values: Draft) -> Draft:
    return {key: value for key, value in values.items() if value is not None}


_READERS: dict[int, Callable[[Reader, Draft, str | None], CaseRequest]] = {
    Kind.NEW_FILING: _filing,
    Kind.NEW_WEBSITE: _new_websites,
    Kind.NEW_ACCESS: _new_access,
    Kind.CHANGE: _change,
    Kind.CANCEL_ACCESS: _cancellation,
    Kind.CANCEL_SPONSOR: _cancellation,
    Kind.CANCEL_WEBSITE: _cancellation,
}
