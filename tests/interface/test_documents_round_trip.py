"""Whatever a record says comes back when it was written and read, also what GBK has no character for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from beian.records import FilingRecord, OpinionRecord, ResultRecord
from beian.records.notices import ReportingUnit
from interface import schemas
from interface.documents import download
from interface.documents.codes import TABLES
from interface.documents.download import (
    read_download,
    write_codes,
    write_filings,
    write_notices,
    write_results,
    write_synchronisation,
)
from interface.documents.returns import (
    FileInfo,
    FileReturn,
    FilingStatus,
    PasswordReturn,
    PlainReturn,
    StatusReturn,
    UploadReturn,
    read_return,
    write_return,
)
from interface.documents.upload import SECTIONS, read_upload, write_upload
from tests.interface.documents_support import FILED, IDS, NEW_FILINGS, OPINIONS, RESULTS, STORE, text
from tests.interface.notice_strategies import NOTICES, UNITS, code_tables
from tests.interface.request_strategies import UPLOADED

quick = settings(max_examples=60, deadline=None)


def lists(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[list[object]]:
    return st.lists(strategy, max_size=2)


@quick
@given(lists(NEW_FILINGS), IDS)
def test_new_filings(filings: list[FilingRecord], provider: int) -> None:
    xml = write_upload(filings, requesting_provider=provider, load=STORE.open)
    found = read_upload(xml, STORE.put)
    assert found.new_filings == tuple(filings)
    assert found.requesting_provider == provider


def test_every_section_of_an_upload_is_tried() -> None:
    assert list(UPLOADED) == list(SECTIONS)


@pytest.mark.parametrize("section", [name for name in UPLOADED if name != "new_filings"])
@quick
@given(st.data())
def test_what_an_upload_asks(section: str, data: st.DataObject) -> None:
    asked: Any = data.draw(lists(UPLOADED[section]))
    xml = write_upload(**{section: asked}, requesting_provider=1, load=STORE.open)  # type: ignore[arg-type]
    assert getattr(read_upload(xml, STORE.put), section) == tuple(asked)


@settings(max_examples=10, deadline=None)
@given(st.fixed_dictionaries({name: each.map(lambda one: (one,)) for name, each in UPLOADED.items()}))
def test_an_upload_of_everything(asked: dict[str, Any]) -> None:
    filings = asked.pop("new_filings")
    found = read_upload(write_upload(filings, **asked, requesting_provider=1, load=STORE.open), STORE.put)
    assert {name: getattr(found, name) for name in UPLOADED} == {"new_filings": filings, **asked}
    assert set(found.counts.values()) == {1}


@quick
@given(st.lists(FILED, min_size=1, max_size=2))
def test_filings_on_file(filings: list[FilingRecord]) -> None:
    assert read_download(write_filings(filings, STORE.open), STORE.put).filings == tuple(filings)


@quick
@given(st.lists(FILED, min_size=1, max_size=3))
def test_filings_written_one_by_one_make_the_same_document(filings: list[FilingRecord]) -> None:
    alone = [write_filings([filing], STORE.open) for filing in filings]
    assert download.join_filings(alone) == write_filings(filings, STORE.open)


@quick
@given(st.lists(FILED, min_size=1, max_size=2))
def test_filings_that_are_synchronised(filings: list[FilingRecord]) -> None:
    languages_missing = [
        replace(filing, websites=tuple(replace(website, languages=()) for website in filing.websites))
        for filing in filings
    ]
    for some in (filings, languages_missing):
        found = read_download(write_synchronisation(some, STORE.open), STORE.put)
        assert (found.synchronised, found.filings) == (tuple(some), ())
    alone = [write_synchronisation([filing], STORE.open) for filing in filings]
    assert download.join_filings(alone) == write_synchronisation(filings, STORE.open)


def test_every_kind_of_notice_is_tried() -> None:
    assert list(NOTICES) == list(download.NOTICES.values())


@pytest.mark.parametrize("section", NOTICES)
@quick
@given(st.data())
def test_notices(section: str, data: st.DataObject) -> None:
    records: Any = data.draw(st.lists(NOTICES[section], min_size=1, max_size=2))
    found = read_download(write_notices(records, STORE.open), STORE.put)
    assert {name: getattr(found, name) for name in NOTICES if getattr(found, name)} == {section: tuple(records)}


@pytest.mark.parametrize("table", TABLES)
@settings(max_examples=10, deadline=None)
@given(st.data())
def test_code_tables(table: str, data: st.DataObject) -> None:
    entries = data.draw(code_tables(table))
    assert read_download(write_codes([], [entries]), STORE.put).code_tables == (entries,)


@quick
@given(st.lists(UNITS, min_size=1, max_size=2))
def test_reporting_units(units: list[ReportingUnit]) -> None:
    found = read_download(write_codes(units, []), STORE.put)
    assert (found.units, found.code_tables) == (tuple(units), ())


@quick
@given(lists(RESULTS), lists(OPINIONS))
def test_results_and_opinions(results: list[ResultRecord], opinions: list[OpinionRecord]) -> None:
    found = read_download(write_results(results, opinions), STORE.put)
    assert (found.results, found.opinions, found.filings) == (tuple(results), tuple(opinions), ())


@quick
@given(lists(RESULTS))
def test_bytes_are_gbk_for_everybody(results: list[ResultRecord]) -> None:
    xml = write_results(results)
    assert xml.startswith(b'<?xml version="1.0" encoding="GBK"?>\n<DownloadData version="V.3.0">')
    assert b"CDATA" not in xml
    xml.decode("gbk")


OUTCOME = {"code": st.integers(0, 999), "message": text(0, 256)}
FILE = {
    "hash_algorithm": st.integers(0, 9),
    "compression_format": st.integers(0, 9),
    "encrypt_algorithm": st.integers(0, 9),
    "file_name": text(0, 100),
    "content": st.sampled_from(["", "UEsDBA=="]),
    "hash": st.just("1B2M2Y8AsgTpgAmY7PhCfg=="),
}
STATUS = st.builds(
    FilingStatus,
    condition_type=st.integers(0, 98),
    condition=text(4, 255),
    not_filed=st.integers(0, 1),
    website_name=st.none() | text(1, 512),
    sponsor_filing_number=st.none() | text(1, 128),
    website_filing_number=st.none() | text(1, 128),
)
RETURNS = {
    "isp_upload": st.builds(UploadReturn, missing=st.lists(IDS, max_size=3).map(tuple), **OUTCOME),
    "isp_download": st.builds(FileReturn, file=st.none() | st.builds(FileInfo, **FILE), **OUTCOME),
    "isp_downloadack": st.builds(PlainReturn, **OUTCOME),
    "isp_querypreviousupload": st.builds(
        FileReturn, file=st.none() | st.builds(FileInfo, sequence=st.integers(0, 2**63 - 1), **FILE), **OUTCOME
    ),
    "isp_querybeianstatus": st.builds(StatusReturn, status=st.none() | STATUS, **OUTCOME),
    "isp_verifybamm": st.builds(PasswordReturn, wrong=st.none() | st.integers(0, 1), **OUTCOME),
}


@quick
@given(st.data(), st.sampled_from(schemas.OPERATIONS))
def test_returns(data: st.DataObject, operation: str) -> None:
    answer = data.draw(RETURNS[operation])
    written = write_return(operation, answer)
    assert read_return(operation, written) == answer
    root = etree.fromstring(written.split("\n", 1)[1])
    assert schemas.validate(schemas.operation_return(operation), root) == []
