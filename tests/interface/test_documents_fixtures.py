"""Documents beside the records that they say: each is read as written here, and written so that it reads alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from beian.records import (
    Cancelled,
    CodeRecord,
    ContentRecord,
    FilingRecord,
    OpinionRecord,
    ResultRecord,
    SponsorRecord,
    as_json,
    from_json,
)
from beian.records.notices import CancelledNotice, CheckTask, checkable
from interface import schemas
from interface.documents.codes import TABLES
from interface.documents.download import (
    NOTICES,
    DownloadDocument,
    filing_problems,
    read_download,
    write_codes,
    write_filings,
    write_notices,
    write_results,
    write_synchronisation,
)
from interface.documents.parsing import DocumentDefect
from interface.documents.returns import (
    PlainReturn,
    UnreadableReturn,
    UploadReturn,
    read_return,
    write_refusal,
    write_return,
)
from interface.documents.upload import SECTIONS, UploadDocument, read_upload, write_upload
from interface.documents.writing import CannotExpress
from tests.interface.documents_support import MemoryStore

FIXTURES = Path(__file__).parent / "fixtures"


UPLOADS = sorted(path.stem for path in (FIXTURES / "uploads").glob("*.xml"))
DOWNLOADS = sorted(path.stem for path in (FIXTURES / "downloads").glob("*.xml"))


def expected(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def upload(name: str) -> UploadDocument:
    return from_json(expected(f"uploads/{name}"), UploadDocument)


def download(name: str) -> DownloadDocument:
    return from_json(expected(f"downloads/{name}"), DownloadDocument)


def said(record: Any) -> Any:
    """The record as it stands in a JSON file."""
    return json.loads(json.dumps(as_json(record)))


def records(document: UploadDocument | DownloadDocument, sections: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """What the document says, by section, without those that are not there."""
    return {name: found for name in sections if (found := getattr(document, name))}


def filed() -> FilingRecord:
    return download("filings").filings[0]


def new_filings(store: MemoryStore) -> tuple[FilingRecord, ...]:
    return read_upload(FIXTURES / "uploads" / "new_filings.xml", store.put).new_filings


def changed(**sponsor: Any) -> FilingRecord:
    """The filing of the fixture, its sponsor saying something else."""
    value = expected("downloads/filings")["filings"][0]
    return from_json({**value, "sponsor": {**value["sponsor"], **sponsor}}, FilingRecord)


def test_every_kind_of_record_has_a_pair() -> None:
    assert {name for pair in UPLOADS for name in records(upload(pair), SECTIONS)} == set(SECTIONS)
    sections = {field.name for field in fields(DownloadDocument)} - {"version", "unread"}
    assert {name for pair in DOWNLOADS for name in records(download(pair), sections)} == sections
    assert {each.table for each in download("code_tables").code_tables} == set(TABLES)


def test_every_branch_of_a_download_has_a_pair() -> None:
    """The elements of the schema itself, so that none is forgotten here and there alike."""
    found = set()
    for name in DOWNLOADS:
        root = etree.parse(FIXTURES / "downloads" / f"{name}.xml").getroot()
        found |= {element.tag for element in root.iterfind("ICP/*")}
        found |= {
            f"{element.getparent().tag}/{element.tag}" for element in root.iterfind("*/*") if root.find("ICP") is None
        }
    schema = etree.parse(schemas.FOLDER / "download_filing.xsd")
    branches = schema.xpath("//*[@name='WebsiteFilingDownload']/*/*[local-name()='element']/@name")
    assert found == {*branches, "JCDM/Bbdwlb", "JCDM/Jcdm_xx", "SJTB/ICP"}


@pytest.mark.parametrize("name", UPLOADS)
def test_uploads_are_read(name: str) -> None:
    assert read_upload(FIXTURES / "uploads" / f"{name}.xml", MemoryStore().put) == upload(name)


@pytest.mark.parametrize("name", UPLOADS)
def test_uploads_are_written(name: str) -> None:
    store = MemoryStore()
    asked = records(read_upload(FIXTURES / "uploads" / f"{name}.xml", store.put), SECTIONS)
    filings = asked.pop("new_filings", ())
    written = write_upload(filings, **asked, requesting_provider=440000000001, load=store.open)
    assert read_upload(written, MemoryStore().put) == without_odd_remarks(upload(name))


def without_odd_remarks(document: UploadDocument) -> UploadDocument:
    """A remark is written as plain text, whatever it was."""
    return replace(document, changes=tuple(replace(change, odd_remarks=()) for change in document.changes))


def test_an_upload_of_nothing() -> None:
    found = read_upload(write_upload([], requesting_provider=1, load=MemoryStore().open), MemoryStore().put)
    assert (found.new_filings, found.kinds) == ((), ())


@pytest.mark.parametrize("name", DOWNLOADS)
def test_downloads_are_read(name: str) -> None:
    found = read_download(FIXTURES / "downloads" / f"{name}.xml", MemoryStore().put)
    assert found == download(name)
    assert found.unread == ()


WRITERS: dict[str, Callable[[DownloadDocument, MemoryStore], bytes]] = {
    "results": lambda said, store: write_results(said.results, said.opinions),
    "filings": lambda said, store: write_filings(said.filings, store.open),
    "synchronised": lambda said, store: write_synchronisation(said.synchronised, store.open),
    "units": lambda said, store: write_codes(said.units, ()),
    "code_tables": lambda said, store: write_codes((), said.code_tables),
}


@pytest.mark.parametrize("name", DOWNLOADS)
def test_downloads_are_written(name: str) -> None:
    store = MemoryStore()
    found = read_download(FIXTURES / "downloads" / f"{name}.xml", store.put)
    notices = [record for each in NOTICES.values() for record in getattr(found, each)]
    written = WRITERS[name](found, store) if name in WRITERS else write_notices(notices, store.open)
    assert read_download(written, MemoryStore().put) == download(name)


def test_codes_and_units_go_together_and_a_table_in_parts() -> None:
    tables, units = download("code_tables").code_tables, download("units").units
    parts = [replace(table, entries=(entry,)) for table in tables for entry in table.entries]
    found = read_download(write_codes(units, parts), MemoryStore().put)
    assert (found.units, found.code_tables) == (units, tables)


def test_what_is_not_about_websites_is_said_to_be_unread() -> None:
    result = "<Jg_xx><Jgxx><Dmms/><Jgdm>1</Jgdm></Jgxx><Czlx>1</Czlx></Jg_xx>"
    xml = f'<DownloadData version="V.3.0"><YM><BAJG>{result}</BAJG></YM></DownloadData>'
    assert read_download(xml.encode(), MemoryStore().put).unread == ("YM/BAJG",)


def test_attachments_are_not_handed_down() -> None:
    value = expected("uploads/new_filings")["new_filings"][0]["attachments"]
    filing = from_json({**expected("downloads/filings")["filings"][0], "attachments": value}, FilingRecord)
    found = read_download(write_filings([filing], MemoryStore().open), MemoryStore().put)
    assert found.filings == (filed(),)


def test_an_access_is_never_said_to_be_cancelled() -> None:
    with pytest.raises(CannotExpress, match="Zxlb"):
        write_notices([CancelledNotice(what=Cancelled.ACCESS, number=1)], MemoryStore().open)


def test_a_filing_can_be_checked_by_what_its_rows_say() -> None:
    task = CheckTask(filing=checkable(filed()), instruction="请核实")
    (found,) = read_download(write_notices([task], MemoryStore().open), MemoryStore().put).check_tasks
    assert [access.reported_by for website in found.filing.websites for access in website.accesses] == [0]


@pytest.mark.parametrize("operation", schemas.OPERATIONS)
def test_returns_are_written_and_read_to_the_letter(operation: str) -> None:
    wire = (FIXTURES / f"{operation}.return.xml").read_text(encoding="gbk")
    answer = read_return(operation, wire)
    assert said(answer) == expected(f"{operation}.return")
    assert write_return(operation, answer) == wire


def test_characters_that_xml_cannot_carry_are_dropped() -> None:
    result = ResultRecord(codes=(CodeRecord(code=1002),), operation=1, remark="甲\x00\x0b\x1f\ud800\uffff乙\t")
    found = read_download(write_results([result]), MemoryStore().put)
    assert found.results[0].remark == "甲乙\t"


def test_what_is_too_long_for_an_answer_is_cut_and_a_short_telephone_left_out() -> None:
    result = ResultRecord(codes=(CodeRecord(code=1002, description="长" * 256),), operation=1)
    opinion = OpinionRecord(reviewed="2026-11-22", verdict=0, telephone="1234567890", opinion="𠮷" * 1025)
    found = read_download(write_results([result], [opinion]), MemoryStore().put)
    assert found.results[0].codes[0].description == "长" * 255
    assert (found.opinions[0].telephone, found.opinions[0].opinion) == (None, "𠮷" * 1024)


@pytest.mark.parametrize(
    ("sponsor", "message"),
    [
        ({"number": None}, "应有：Ztid"),
        ({"first_reported": "2026"}, "元素 Scbbsj 的长度为 4 个字符，至少应为 10 个"),
        ({"remark": "长" * 1025}, "元素 Bz 的长度为 1025 个字符，至多应为 1024 个"),
    ],
)
def test_a_filing_that_no_download_can_express_is_said_to_be_one(sponsor: dict[str, Any], message: str) -> None:
    problems = filing_problems(changed(**sponsor), MemoryStore().open)
    assert [message in problem.message for problem in problems] == [True]
    with pytest.raises(CannotExpress, match=message):
        write_filings([filed(), changed(**sponsor)], MemoryStore().open)


def test_a_filing_that_can_be_expressed_has_no_problems() -> None:
    assert filing_problems(filed(), MemoryStore().open) == ()


def test_an_upload_that_does_not_fit_is_not_written() -> None:
    store = MemoryStore()
    filings = new_filings(store)
    sponsor: SponsorRecord = filings[0].sponsor
    nameless = from_json(as_json(filings[0]) | {"sponsor": as_json(sponsor) | {"name": ""}}, FilingRecord)
    with pytest.raises(CannotExpress, match="Dwmc"):
        write_upload([nameless], requesting_provider=1, load=store.open)


def test_a_download_of_another_version_is_refused() -> None:
    xml = (FIXTURES / "downloads" / "results.xml").read_bytes().replace(b"V.3.0", b"V.4.0")
    with pytest.raises(DocumentDefect) as caught:
        read_download(xml, MemoryStore().put)
    assert caught.value.code == 5004


@pytest.mark.parametrize("operation", schemas.OPERATIONS)
def test_a_refusal_has_a_code_and_a_message_of_256_characters_at_most(operation: str) -> None:
    written = write_refusal(operation, 999, "长" * 300)
    assert (read_return(operation, written).code, read_return(operation, written).message) == (999, "长" * 256)


def test_a_return_of_another_operation_is_not_written() -> None:
    with pytest.raises(TypeError, match="isp_downloadack returns PlainReturn, not UploadReturn"):
        write_return("isp_downloadack", UploadReturn(code=14, message="", missing=(1,)))


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="UTF-8"?>', "\n<?xml version='1.0'?>\n"])
def test_a_return_is_read_whatever_it_declares(declaration: str) -> None:
    wire = f'{declaration}<return version="V.3.0"><msg_code>0</msg_code><msg>操作成功</msg><more/></return>'
    assert read_return("isp_downloadack", wire) == PlainReturn(code=0, message="操作成功")


@pytest.mark.parametrize(
    "text",
    ["", "操作成功", "<html/>", "<return/>", "<return><msg_code>x</msg_code></return>", "<!DOCTYPE return><return/>"],
)
def test_what_is_no_return_is_refused(text: str) -> None:
    with pytest.raises(UnreadableReturn):
        read_return("isp_upload", text)


def test_the_store_says_what_the_bytes_are() -> None:
    found = read_upload(FIXTURES / "uploads" / "new_filings.xml", lambda content: ContentRecord(
        sha256="0" * 64, size=len(content), media_type="image/png"))  # fmt: skip
    assert found.new_filings[0].attachments[0].content == ContentRecord(sha256="0" * 64, size=3, media_type="image/png")
