"""Upload documents: what a provider asks for, read by the bureau and written by the provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from beian.records import FilingRecord
from interface import schemas
from interface.documents.fields import Load, Store
from interface.documents.filings import NEW_FILING
from interface.documents.kinds import PLACES, Branch, RecordKind, counts, limited
from interface.documents.parsing import DOES_NOT_FIT, DocumentDefect, content, fitting, line_of, parse
from interface.documents.writing import as_bytes, document

MOST_RECORDS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadDocument:
    """What an upload says.

    `counts` has every kind of record that is there, also those that are not read yet: so that a
    caller can refuse them (5011) instead of losing them.
    """

    version: str
    branch: Branch
    requesting_provider: int
    new_filings: tuple[FilingRecord, ...]
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
        new_filings=tuple(NEW_FILING.read(element, store) for element in root.iterfind(PLACES[RecordKind.NEW_FILING])),
        counts=found,
    )


def write_upload(filings: Iterable[FilingRecord], *, requesting_provider: int, load: Load) -> bytes:
    """Write an upload document of new filings, in GBK; `load` gives the attached files.

    Raises `CannotExpress` where a record does not fit the schema.
    """
    root = document("UploadData")
    branch = etree.SubElement(root, Branch.WEBSITES)
    section = None
    for filing in filings:
        section = etree.SubElement(branch, "XZBA") if section is None else section
        NEW_FILING.write(etree.SubElement(section, "Baxx"), filing, load)
    etree.SubElement(branch, "Qqdwid").text = str(requesting_provider)
    return as_bytes(root, schemas.upload())
