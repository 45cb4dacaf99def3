"""Download documents: what a bureau answers, written by the bureau and read by the provider."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from beian.records import FilingRecord, OpinionRecord, ResultRecord
from beian.records.notices import (
    AccessInspection,
    BlacklistedSponsor,
    BlacklistedWebsite,
    CancelledNotice,
    CheckTask,
    CodeTable,
    CorrectionNotice,
    IllegalAccess,
    LivenessInspection,
    Notice,
    ReportingUnit,
    ShellInspection,
    SponsorInspection,
    UnfiledWebsite,
)
from interface import schemas
from interface.documents import checking, codes, notices, unfiled
from interface.documents.fields import Load, Shape, Store
from interface.documents.filings import FILED
from interface.documents.parsing import content, fitting, parse
from interface.documents.results import OPINION, RESULT
from interface.documents.writing import CannotExpress, as_bytes, document
from interface.schemas import SchemaProblem

# What a document says, by the attribute of `DownloadDocument`: place of the records, and their shape.
# Within a section the order is that of the schema.
SECTIONS: dict[str, tuple[str, Shape[Any]]] = {
    "results": ("ICP/BAJG/Jg_xx", RESULT),
    "opinions": ("ICP/BAJG/GJSHS/Gjsh", OPINION),
    "filings": ("ICP/BASJ/Baxx", FILED),
    "cancelled": ("ICP/ZXSJ/Zxxx", notices.CANCELLED),
    "blacklisted_sponsors": ("ICP/HMDLB/Zthmdxxs", notices.BLACKLISTED_SPONSOR),
    "blacklisted_websites": ("ICP/HMDLB/Wzhmdxxs", notices.BLACKLISTED_WEBSITE),
    "illegal_accesses": ("ICP/FFJRHMD/Ffjrxx", unfiled.ILLEGAL_ACCESS),
    "unfiled_websites": ("ICP/WBAWZLB/Wbawz_xx", unfiled.UNFILED_WEBSITE),
    "check_tasks": ("ICP/HSRW/Baxx", checking.CHECK_TASK),
    "sponsor_inspections": ("ICP/HCJG/Jgxx/Zthc", notices.SPONSOR_INSPECTION),
    "access_inspections": ("ICP/HCJG/Jgxx/Jrhc", notices.ACCESS_INSPECTION),
    "shell_inspections": ("ICP/HCJG/Jgxx/Kkwzhc", notices.SHELL_INSPECTION),
    "liveness_inspections": ("ICP/HCJG/Jgxx/Wzch", notices.LIVENESS_INSPECTION),
    "corrections": ("ICP/XGTZ/Tzxx", notices.CORRECTION),
    "units": ("JCDM/Bbdwlb/Bbdw", codes.UNIT),
    "synchronised": ("SJTB/ICP/Baxx", FILED),
}
NOTICES: dict[type[Any], str] = {
    SECTIONS[name][1].kind: name
    for name in SECTIONS
    if name not in ("results", "opinions", "filings", "units", "synchronised")
}
"""Where a notice goes, by its type."""

_CODE_TABLES = "JCDM/Jcdm_xx"
_RESULTS = "ICP/BAJG"


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadDocument:
    """What a download says, one kind of thing; `unread` names the sections that are there but not read here."""

    version: str
    results: tuple[ResultRecord, ...] = ()
    opinions: tuple[OpinionRecord, ...] = ()
    filings: tuple[FilingRecord, ...] = ()
    cancelled: tuple[CancelledNotice, ...] = ()
    blacklisted_sponsors: tuple[BlacklistedSponsor, ...] = ()
    blacklisted_websites: tuple[BlacklistedWebsite, ...] = ()
    illegal_accesses: tuple[IllegalAccess, ...] = ()
    unfiled_websites: tuple[UnfiledWebsite, ...] = ()
    check_tasks: tuple[CheckTask, ...] = ()
    sponsor_inspections: tuple[SponsorInspection, ...] = ()
    access_inspections: tuple[AccessInspection, ...] = ()
    shell_inspections: tuple[ShellInspection, ...] = ()
    liveness_inspections: tuple[LivenessInspection, ...] = ()
    corrections: tuple[CorrectionNotice, ...] = ()
    units: tuple[ReportingUnit, ...] = ()
    code_tables: tuple[CodeTable, ...] = ()
    synchronised: tuple[FilingRecord, ...] = ()
    unread: tuple[str, ...] = ()


def write_results(results: Iterable[ResultRecord], opinions: Iterable[OpinionRecord] = ()) -> bytes:
    """Write a document of results and reviewers' opinions, in GBK.

    Descriptions are cut at 255 characters, opinions at 1,024; a telephone of less than 11 is left
    out. Raises `CannotExpress` where a record does not fit the schema otherwise.
    """
    root = document("DownloadData")
    _reached(root, _RESULTS)
    return _finished(root, {"results": results, "opinions": opinions}, _no_file)


def write_filings(filings: Iterable[FilingRecord], load: Load) -> bytes:
    """Write a document of filings as they stand, in GBK; `load` gives the scans of approvals.

    What the receiver may see (websites to which it gives access, its own ids) is for the caller to
    choose. Raises `CannotExpress` where a record does not fit; `filing_problems` asks for one.
    """
    return _finished(document("DownloadData"), {"filings": filings}, load)


def join_filings(documents: Sequence[bytes]) -> bytes:
    """Make one document of several that `write_filings` gave, or `write_synchronisation` all of them.

    Each fits the schema and differs from the others in its filings only, so all together fit as well;
    nothing need be written and validated again.
    """
    start, end = _filings_in(documents[0])
    filings = b"".join(each[slice(*_filings_in(each))] for each in documents)
    return documents[0][:start] + filings + documents[0][end:]


def _filings_in(written: bytes) -> tuple[int, int]:
    """Give where the filings begin and end. The sign `<` is part of no other character of GBK."""
    end = b"</Baxx>"
    return written.index(b"<Baxx>"), written.rindex(end) + len(end)


def write_synchronisation(filings: Iterable[FilingRecord], load: Load) -> bytes:
    """Write filings as part of everything that a bureau holds for a provider; else like `write_filings`.

    Here a website may be without languages.
    """
    return _finished(document("DownloadData"), {"synchronised": filings}, load)


def write_notices(records: Iterable[Notice], load: Load) -> bytes:
    """Write a document of notices, in GBK: of one type, or of types that share a section.

    Raises `CannotExpress` where a record does not fit the schema.
    """
    sorted_out: dict[str, list[Notice]] = {name: [] for name in NOTICES.values()}
    for record in records:
        sorted_out[NOTICES[type(record)]].append(record)
    return _finished(document("DownloadData"), sorted_out, load)


def write_codes(units: Iterable[ReportingUnit], tables: Iterable[CodeTable]) -> bytes:
    """Write a document of reporting units and code tables, in GBK. Raises `CannotExpress`."""
    root = document("DownloadData")
    parts = [part for part in tables if part.entries]
    if parts:
        codes.write_tables(_reached(root, _CODE_TABLES), parts, _no_file)
    return _finished(root, {"units": units}, _no_file)


def filing_problems(
    filing: FilingRecord, load: Load, write: Callable[[list[FilingRecord], Load], bytes] = write_filings
) -> tuple[SchemaProblem, ...]:
    """Say why `write` cannot write this filing (migrated data may not fit); () if it can."""
    try:
        write([filing], load)
    except CannotExpress as error:
        return error.problems
    return ()


def read_download(xml: bytes | Path | BinaryIO, store: Store) -> DownloadDocument:
    """Read a download document; scans of approvals are given to `store`.

    Raises `DocumentDefect` where it cannot be read or does not fit the schema.
    """
    root = fitting(parse(content(xml)), schemas.download())
    records = {
        name: tuple(shape.read(element, store) for element in root.iterfind(place))
        for name, (place, shape) in SECTIONS.items()
    }
    return DownloadDocument(
        version=root.get("version", ""),
        code_tables=codes.read_tables(root.find(_CODE_TABLES), store),
        unread=tuple(place for place in _places(root) if not _is_read(place)),
        **records,
    )


def _finished(root: etree._Element, records: Mapping[str, Iterable[Any]], load: Load) -> bytes:
    """Add records by the name of their section; give the document's bytes."""
    for name, each in records.items():
        place, shape = SECTIONS[name]
        around, _, wire = place.rpartition("/")
        section = None
        for record in each:
            section = _reached(root, around) if section is None else section
            shape.write(etree.SubElement(section, wire), record, load)
    return as_bytes(root, schemas.download())


def _reached(root: etree._Element, place: str) -> etree._Element:
    """The element at `place` below `root`, made where it is not there yet."""
    for step in place.split("/"):
        found = root.find(step)
        root = etree.SubElement(root, step) if found is None else found
    return root


def _is_read(place: str) -> bool:
    return place == _CODE_TABLES or any(each.startswith(f"{place}/") for each, _ in SECTIONS.values())


def _places(root: etree._Element) -> Iterable[str]:
    return (f"{section.getparent().tag}/{section.tag}" for section in root.iterfind("*/*"))  # type: ignore[union-attr]


def _no_file(sha256: str) -> bytes:
    raise LookupError(f"results have no attachments: {sha256}")
