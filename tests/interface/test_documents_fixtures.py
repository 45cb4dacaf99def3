"""Documents beside the records that they say: each is read as written here, and written so that it reads alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from beian.records import (
    CodeRecord,
    ContentRecord,
    FilingRecord,
    OpinionRecord,
    ResultRecord,
    SponsorRecord,
    as_json,
    from_json,
)
from interface import schemas
from interface.documents.download import DownloadDocument, filing_problems, read_download, write_filings, write_results
from interface.documents.parsing import DocumentDefect
from interface.documents.returns import (
    PlainReturn,
    UnreadableReturn,
    UploadReturn,
    read_return,
    write_refusal,
    write_return,
)
from interface.documents.upload import UploadDocument, read_upload, write_upload
from interface.documents.writing import CannotExpress
from tests.interface.documents_support import MemoryStore

FIXTURES = Path(__file__).parent / "fixtures"


def expected(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def said(record: Any) -> Any:
    """The record as it stands in a JSON file."""
    return json.loads(json.dumps(as_json(record)))


def filed() -> FilingRecord:
    return from_json(expected("filings")["filings"][0], FilingRecord)


def changed(**sponsor: Any) -> FilingRecord:
    """The filing of the fixture, its sponsor saying something else."""
    value = expected("filings")["filings"][0]
    return from_json({**value, "sponsor": {**value["sponsor"], **sponsor}}, FilingRecord)


def test_new_filings_are_read() -> None:
    found = read_upload(FIXTURES / "new_filing.xml", MemoryStore().put)
    assert found == from_json(expected("new_filing"), UploadDocument)


def test_new_filings_are_written() -> None:
    store = MemoryStore()
    filings = read_upload(FIXTURES / "new_filing.xml", store.put).new_filings
    written = write_upload(filings, requesting_provider=440000000001, load=store.open)
    assert read_upload(written, MemoryStore().put) == from_json(expected("new_filing"), UploadDocument)


def test_an_upload_of_nothing() -> None:
    found = read_upload(write_upload([], requesting_provider=1, load=MemoryStore().open), MemoryStore().put)
    assert (found.new_filings, found.kinds) == ((), ())


@pytest.mark.parametrize("name", ["results", "filings"])
def test_downloads_are_read(name: str) -> None:
    found = read_download(FIXTURES / f"{name}.xml", MemoryStore().put)
    assert found == from_json(expected(name), DownloadDocument)


def test_results_are_written() -> None:
    value = expected("results")
    results = from_json(value["results"], list[ResultRecord])
    opinions = from_json(value["opinions"], list[OpinionRecord])
    assert said(read_download(write_results(results, opinions), MemoryStore().put)) == value


def test_filings_on_file_are_written() -> None:
    found = read_download(write_filings([filed()], MemoryStore().open), MemoryStore().put)
    assert (found.filings, found.unread) == ((filed(),), ())


def test_attachments_are_not_handed_down() -> None:
    value = expected("new_filing")["new_filings"][0]["attachments"]
    filing = from_json({**expected("filings")["filings"][0], "attachments": value}, FilingRecord)
    found = read_download(write_filings([filing], MemoryStore().open), MemoryStore().put)
    assert found.filings == (filed(),)


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
    filings = read_upload(FIXTURES / "new_filing.xml", store.put).new_filings
    sponsor: SponsorRecord = filings[0].sponsor
    nameless = from_json(as_json(filings[0]) | {"sponsor": as_json(sponsor) | {"name": ""}}, FilingRecord)
    with pytest.raises(CannotExpress, match="Dwmc"):
        write_upload([nameless], requesting_provider=1, load=store.open)


def test_a_download_of_another_version_is_refused() -> None:
    xml = (FIXTURES / "results.xml").read_bytes().replace(b"V.3.0", b"V.4.0")
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
    found = read_upload(FIXTURES / "new_filing.xml", lambda content: ContentRecord(
        sha256="0" * 64, size=len(content), media_type="image/png"))  # fmt: skip
    assert found.new_filings[0].attachments[0].content == ContentRecord(sha256="0" * 64, size=3, media_type="image/png")
