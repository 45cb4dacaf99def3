"""Download documents: what a bureau answers, written by the bureau and read by the provider."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from beian.records import FilingRecord, OpinionRecord, ResultRecord
from interface import schemas
from interface.documents.fields import Load, Store
from interface.documents.filings import FILED
from interface.documents.kinds import Branch
from interface.documents.parsing import content, fitting, parse
from interface.documents.results import OPINION, RESULT
from interface.documents.writing import CannotExpress, as_bytes, document
from interface.schemas import SchemaProblem

_RESULTS, _FILINGS = "BAJG", "BASJ"
_READ = (f"{Branch.WEBSITES}/{_RESULTS}", f"{Branch.WEBSITES}/{_FILINGS}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadDocument:
    """What a download says; `unread` names the sections that are there but not read here."""

    version: str
    results: tuple[ResultRecord, ...] = ()
    opinions: tuple[OpinionRecord, ...] = ()
    filings: tuple[FilingRecord, ...] = ()
    unread: tuple[str, ...] = ()


def write_results(results: Iterable[ResultRecord], opinions: Iterable[OpinionRecord] = ()) -> bytes:
    """Write a document of results and reviewers' opinions, in GBK.

    Descriptions are cut at 255 characters, opinions at 1,024; a telephone of less than 11 is left
    out. Raises `CannotExpress` where a record does not fit the schema otherwise.
    """
    root, section = _begun(_RESULTS)
    for result in results:
        RESULT.write(etree.SubElement(section, "Jg_xx"), result, _no_file)
    wrapper = None
    for opinion in opinions:
        wrapper = etree.SubElement(section, "GJSHS") if wrapper is None else wrapper
        OPINION.write(etree.SubElement(wrapper, "Gjsh"), opinion, _no_file)
    return as_bytes(root, schemas.download())


def write_filings(filings: Iterable[FilingRecord], load: Load) -> bytes:
    """Write a document of filings as they stand, in GBK; `load` gives the scans of approvals.

    What the receiver may see (websites to which it gives access, its own ids) is for the caller to
    choose. Raises `CannotExpress` where a record does not fit; `filing_problems` asks for one.
    """
    root, section = _begun(_FILINGS)
    for filing in filings:
        FILED.write(etree.SubElement(section, "Baxx"), filing, load)
    return as_bytes(root, schemas.download())


def filing_problems(filing: FilingRecord, load: Load) -> tuple[SchemaProblem, ...]:
    """Say why this filing cannot be written to a download (migrated data may not fit); () if it can."""
    try:
        write_filings([filing], load)
    except CannotExpress as error:
        return error.problems
    return ()


def read_download(xml: bytes | Path | BinaryIO, store: Store) -> DownloadDocument:
    """Read a download document; scans of approvals are given to `store`.

    Raises `DocumentDefect` where it cannot be read or does not fit the schema.
    """
    root = fitting(parse(content(xml)), schemas.download())
    results, filings = _READ
    return DownloadDocument(
        version=root.get("version", ""),
        results=tuple(RESULT.read(element, store) for element in root.iterfind(f"{results}/Jg_xx")),
        opinions=tuple(OPINION.read(element, store) for element in root.iterfind(f"{results}/GJSHS/Gjsh")),
        filings=tuple(FILED.read(element, store) for element in root.iterfind(f"{filings}/Baxx")),
        unread=tuple(place for place in _places(root) if place not in _READ),
    )


def _begun(name: str) -> tuple[etree._Element, etree._Element]:
    root = document("DownloadData")
    return root, etree.SubElement(etree.SubElement(root, Branch.WEBSITES), name)


def _places(root: etree._Element) -> Iterable[str]:
    return (f"{section.getparent().tag}/{section.tag}" for section in root.iterfind("*/*"))  # type: ignore[union-attr]


def _no_file(sha256: str) -> bytes:
    raise LookupError(f"results have no attachments: {sha256}")
