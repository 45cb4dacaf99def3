"""What a request is about: its operation, what it names, and the province that decides it."""

from __future__ import annotations

from beian import filing_numbers
from beian.checks.operations import Operation
from beian.records import (
    CancellationRecord,
    Cancelled,
    ChangeRecord,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    Request,
)

SPONSOR, WEBSITE, ACCESS = "sponsor", "website", "access"
WORDS = {SPONSOR: "主体", WEBSITE: "网站", ACCESS: "接入"}

_OBJECTS_OF_A_PROVINCE = 10**9

_CANCELLED = {
    Cancelled.SPONSOR: Operation.CANCEL_SPONSOR,
    Cancelled.WEBSITE: Operation.CANCEL_WEBSITE,
    Cancelled.ACCESS: Operation.CANCEL_ACCESS,
}

NAMED = {
    Operation.NEW_WEBSITE: SPONSOR,
    Operation.NEW_ACCESS: WEBSITE,
    Operation.CHANGE: SPONSOR,
    Operation.CANCEL_ACCESS: ACCESS,
    Operation.CANCEL_SPONSOR: SPONSOR,
    Operation.CANCEL_WEBSITE: WEBSITE,
}
"""Which kind of object a request names."""

NAME_FIELD = {
    Operation.NEW_WEBSITE: "sponsor",
    Operation.NEW_ACCESS: "website",
    Operation.CHANGE: "sponsor.number",
    Operation.CANCEL_ACCESS: "number",
    Operation.CANCEL_SPONSOR: "number",
    Operation.CANCEL_WEBSITE: "number",
}
"""Where in a request that name stands, as findings write it."""


def operation_of(request: Request) -> Operation:
    """Say which of the seven operations a request is."""
    match request:
        case FilingRecord():
            return Operation.NEW_FILING
        case NewWebsitesRecord():
            return Operation.NEW_WEBSITE
        case NewAccessRecord():
            return Operation.NEW_ACCESS
        case ChangeRecord():
            return Operation.CHANGE
        case CancellationRecord():
            return _CANCELLED[request.what]


def name_of(request: Request) -> NameRecord:
    """Give what a request names; for a change the sponsor, by both its numbers. Nothing for a new filing."""
    match request:
        case FilingRecord():
            return NameRecord()
        case NewWebsitesRecord():
            return request.sponsor
        case NewAccessRecord():
            return request.website
        case ChangeRecord():
            return NameRecord(number=request.sponsor.number, filing_number=request.sponsor.filing_number)
        case CancellationRecord():
            return NameRecord(number=request.number)


def home_province(request: Request) -> int | None:
    """Give the code of the province that decides: the sponsor's, as its numbers say.

    For a new filing the sponsor's address says it. `None` where what is named has no form of a
    number: there is nothing that anybody could decide (1016).
    """
    return request.sponsor.address.province if isinstance(request, FilingRecord) else province_named(name_of(request))


def province_named(name: NameRecord) -> int | None:
    """Give the code of the province in a bureau's number or a filing number, `None` where there is none."""
    if name.number is not None:
        province = name.number // _OBJECTS_OF_A_PROVINCE
        return province if province in filing_numbers.ABBREVIATIONS else None
    parsed = filing_numbers.parse(name.filing_number or "")
    return parsed.province if parsed else None


def normal(filing_number: str) -> str:
    """Write a filing number in its usual spelling; what is none stays as it is, without blanks around."""
    return str(filing_numbers.parse(filing_number) or filing_number.strip())


def spellings(filing_number: str) -> set[str]:
    """Give the forms under which a filing number may be on file: as written, as usual, and its sponsor's."""
    parsed = filing_numbers.parse(filing_number)
    forms = {filing_number.strip()}
    return forms | {str(parsed), str(parsed.of_sponsor)} if parsed else forms
