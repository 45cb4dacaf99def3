"""Upload documents: what a provider asks for, read by the bureau and written by the provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from beian.records import (
    AttachmentRecord,
    CancellationRecord,
    ChangeRecord,
    CheckResultRecord,
    FilingRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    UnfiledHandlingRecord,
)
from interface import schemas
from interface.documents.checking import CHECK_RESULT
from interface.documents.fields import Load, Shape, Store
from interface.documents.filings import ATTACHMENT, NEW_FILING
from interface.documents.kinds import PLACES, Branch, RecordKind, counts, limited
from interface.documents.parsing import DOES_NOT_FIT, DocumentDefect, content, fitting, line_of, parse
from interface.documents.requests import CANCELLATION, CHANGE, NEW_ACCESS, NEW_WEBSITES
from interface.documents.unfiled import UNFILED_HANDLING
from interface.documents.writing import as_bytes, document

MOST_RECORDS = 1_000

# What a document says, by the attribute of `UploadDocument`, in the order in which bureaus take it up.
SECTIONS: dict[str, tuple[RecordKind, Shape[Any]]] = {
    "new_filings": (RecordKind.NEW_FILING, NEW_FILING),
    "new_websites": (RecordKind.NEW_WEBSITE, NEW_WEBSITES),
    "new_accesses": (RecordKind.NEW_ACCESS, NEW_ACCESS),
    "changes": (RecordKind.CHANGE, CHANGE),
    "cancellations": (RecordKind.CANCELLATION, CANCELLATION),
    "materials": (RecordKind.VERIFICATION_MATERIAL, ATTACHMENT),
    "check_results": (RecordKind.CHECK_RESULT, CHECK_RESULT),
    "unfiled_handlings": (RecordKind.UNFILED_HANDLING, UNFILED_HANDLING),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadDocument:
    """What an upload says.

    `counts` has every kind of record that is there, also those that are not read yet: so that a
    caller can refuse them (5011) instead of losing them.
    """

    version: str
    branch: Branch
    requesting_provider: int
    new_filings: tuple[FilingRecord, ...] = ()
    new_websites: tuple[NewWebsitesRecord, ...] = ()
    new_accesses: tuple[NewAccessRecord, ...] = ()
    changes: tuple[ChangeRecord, ...] = ()
    cancellations: tuple[CancellationRecord, ...] = ()
    materials: tuple[AttachmentRecord, ...] = ()
    check_results: tuple[CheckResultRecord, ...] = ()
    unfiled_handlings: tuple[UnfiledHandlingRecord, ...] = ()
    counts: Mapping[RecordKind, int]

    @property
    def kinds(self) -> tuple[RecordKind, ...]:
        """The kinds of records that are there."""
        return tuple(self.counts)


def read_upload(xml: bytes | Path | BinaryIO, store: Store) -> UploadDocument:
    """Read an upload document; attached files are given to `store` as they are met.

    Raises `DocumentDefect`: 5008, 5004 or 5001 (also for more than 1,000 records), before anything
    is stored. Who may send it (5003, 5009) and what is open yet (5011) is for the caller to judge.
    """
    root = fitting(parse(content(xml)), schemas.upload())
    found = counts(root)
    if limited(found) > MOST_RECORDS:
        message = f"一个文档至多{MOST_RECORDS}条记录，实有{limited(found)}条"
        raise DocumentDefect(DOES_NOT_FIT, message, line_of(root))
    branch = root[0]
    return UploadDocument(
        version=root.get("version", ""),
        branch=Branch(str(branch.tag)),
        requesting_provider=int(branch.findtext("Qqdwid", "")),
        counts=found,
        **{
            attribute: tuple(shape.read(element, store) for element in root.iterfind(PLACES[kind]))
            for attribute, (kind, shape) in SECTIONS.items()
            if kind in found
        },
    )


def write_upload(
    filings: Iterable[FilingRecord] = (),
    *,
    new_websites: Iterable[NewWebsitesRecord] = (),
    new_accesses: Iterable[NewAccessRecord] = (),
    changes: Iterable[ChangeRecord] = (),
    cancellations: Iterable[CancellationRecord] = (),
    materials: Iterable[AttachmentRecord] = (),
    check_results: Iterable[CheckResultRecord] = (),
    unfiled_handlings: Iterable[UnfiledHandlingRecord] = (),
    requesting_provider: int,
    load: Load,
) -> bytes:
    """Write an upload document, in GBK; `filings` are new ones, `load` gives the attached files.

    Raises `CannotExpress` where a record does not fit the schema.
    """
    asked: dict[str, Iterable[Any]] = {
        "new_filings": filings,
        "new_websites": new_websites,
        "new_accesses": new_accesses,
        "changes": changes,
        "cancellations": cancellations,
        "materials": materials,
        "check_results": check_results,
        "unfiled_handlings": unfiled_handlings,
    }
    root = document("UploadData")
    branch = etree.SubElement(root, Branch.WEBSITES)
    for attribute, (kind, shape) in SECTIONS.items():
        _write_section(branch, PLACES[kind], shape, asked[attribute], load)
    etree.SubElement(branch, "Qqdwid").text = str(requesting_provider)
    return as_bytes(root, schemas.upload())


def _write_section(branch: etree._Element, place: str, shape: Shape[Any], records: Iterable[Any], load: Load) -> None:
    """Add the records of one kind to `branch`, in a section of their own; no records, no section."""
    _, name, wire = place.split("/")
    section = None
    for record in records:
        section = etree.SubElement(branch, name) if section is None else section
        shape.write(etree.SubElement(section, wire), record, load)
