"""What a case asks for, as the record that travels, and what lists and answers know it by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from beian.checks.keys import domain_key
from beian.checks.operations import Operation
from beian.checks.requests.naming import operation_of
from beian.records import (
    AttachmentRecord,
    CancellationRecord,
    ChangeRecord,
    CheckResultRecord,
    FilingRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    PersonRecord,
    UnfiledHandlingRecord,
    WebsiteRecord,
    from_json,
)
from beian.records.asking import opinion_subjects, subject
from beian.records.people import certificate_index, telephone_indexes
from beian.records.requests import Request
from enterprise.models import Case
from enterprise.workflow import Kind

CaseRequest = Request | AttachmentRecord | CheckResultRecord | UnfiledHandlingRecord
"""What a case uploads. Verification material is one attachment a case."""

RECORDS: dict[int, type[Any]] = {
    Kind.NEW_FILING: FilingRecord,
    Kind.NEW_WEBSITE: NewWebsitesRecord,
    Kind.NEW_ACCESS: NewAccessRecord,
    Kind.CHANGE: ChangeRecord,
    Kind.CANCEL_ACCESS: CancellationRecord,
    Kind.CANCEL_SPONSOR: CancellationRecord,
    Kind.CANCEL_WEBSITE: CancellationRecord,
    Kind.MATERIAL: AttachmentRecord,
    Kind.CHECK_RESULT: CheckResultRecord,
    Kind.UNFILED_HANDLING: UnfiledHandlingRecord,
}
"""The record that a case of each kind holds."""

SECTIONS: dict[int, str] = {
    Kind.NEW_FILING: "filings",
    Kind.NEW_WEBSITE: "new_websites",
    Kind.NEW_ACCESS: "new_accesses",
    Kind.CHANGE: "changes",
    Kind.CANCEL_ACCESS: "cancellations",
    Kind.CANCEL_SPONSOR: "cancellations",
    Kind.CANCEL_WEBSITE: "cancellations",
    Kind.MATERIAL: "materials",
    Kind.CHECK_RESULT: "check_results",
    Kind.UNFILED_HANDLING: "unfiled_handlings",
}
"""The argument of `interface.documents.upload.write_upload` that takes the records of each kind."""

SILENT = frozenset({Kind.MATERIAL, Kind.CHECK_RESULT, Kind.UNFILED_HANDLING})
"""Of these the bureau says nothing when they are in order: they end as acknowledged."""


@dataclass(frozen=True, slots=True)
class Address:
    """Under what answers come back: `answered_as` is the kind on the wire, None where no answer is owed."""

    subject: str
    answered_as: int | None
    opinion_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Searchable:
    """What a case is found by; personal data as blind indexes."""

    sponsor_name: str
    certificate_index: str | None
    telephones: tuple[str, ...]
    domains: tuple[str, ...]


def request_of(case: Case) -> CaseRequest:
    """Read what a submitted case asks for. Raises `msgspec.ValidationError` where nothing was submitted."""
    return cast(CaseRequest, from_json(case.request, RECORDS[case.kind]))


def kind_of(request: CaseRequest) -> Kind:
    """Give the kind of case that a record belongs to."""
    match request:
        case AttachmentRecord():
            return Kind.MATERIAL
        case CheckResultRecord():
            return Kind.CHECK_RESULT
        case UnfiledHandlingRecord():
            return Kind.UNFILED_HANDLING
    return Kind(operation_of(request))


def address_of(request: CaseRequest) -> Address:
    """Say under what the bureau's answer to a request comes back (spec, filing results)."""
    match request:
        case AttachmentRecord():
            return Address(request.owner, None, ())
        case CheckResultRecord():
            return Address(str(request.filing.sponsor.number), None, ())
        case UnfiledHandlingRecord():
            return Address(request.domain, None, ())
    known = tuple(each for each in opinion_subjects(request) if each is not None)
    return Address(subject(request), int(operation_of(request)), known)


def answered_as(kind: int) -> int:
    """Give the kind on the wire under which a case of `kind` may be answered; material as a change."""
    return int(Operation.CHANGE) if kind == Kind.MATERIAL else kind


def searchable(request: CaseRequest) -> Searchable:
    """Give what lists find a request by; empty where it only names something by number."""
    match request:
        case FilingRecord() | ChangeRecord():
            sponsor = request.sponsor
            people = [sponsor.person, *(website.person for website in request.websites)]
            index = certificate_index(sponsor.certificate.number)
            return Searchable(sponsor.name, index, _telephones(people), _domains(request.websites))
        case NewWebsitesRecord():
            people = [website.person for website in request.websites]
            return Searchable("", None, _telephones(people), _domains(request.websites))
        case CheckResultRecord():
            return Searchable(request.filing.sponsor.name, None, (), _domains(request.filing.websites))
        case UnfiledHandlingRecord():
            return Searchable("", None, (), (domain_key(request.domain),))
    return Searchable("", None, (), ())


def _telephones(people: list[PersonRecord]) -> tuple[str, ...]:
    return tuple(telephone_indexes(*(text for each in people for text in (each.mobile, each.telephone))))


def _domains(websites: tuple[WebsiteRecord, ...]) -> tuple[str, ...]:
    return tuple(domain_key(domain.name) for website in websites for domain in website.domains)


__all__ = [
    "RECORDS",
    "SECTIONS",
    "SILENT",
    "Address",
    "CancellationRecord",
    "CaseRequest",
    "Searchable",
    "address_of",
    "answered_as",
    "kind_of",
    "request_of",
    "searchable",
]
