"""A document that cannot be taken as a whole: which code it gets, at which line, and what is taken."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from interface.documents.kinds import Branch, RecordKind
from interface.documents.parsing import DocumentDefect
from interface.documents.upload import UploadDocument, read_upload
from tests.interface.documents_support import MemoryStore

DECLARED = '<?xml version="1.0" encoding="{}"?>\n'
EMPTY = '<UploadData version="V.3.0">\n<ICP><Qqdwid>440000000001</Qqdwid></ICP>\n</UploadData>'
GBK = DECLARED.format("GBK")
FILING = (Path(__file__).parent / "fixtures" / "uploads" / "new_filings.xml").read_bytes()


def read(xml: str | bytes, encoding: str = "gb18030") -> UploadDocument:
    return read_upload(xml if isinstance(xml, bytes) else xml.encode(encoding), MemoryStore().put)


def defect(xml: str | bytes, encoding: str = "gb18030") -> DocumentDefect:
    with pytest.raises(DocumentDefect) as caught:
        read(xml, encoding)
    return caught.value


def cancelled(count: int) -> str:
    one = "<Zx_xx><Zxlb>1</Zxlb><Jlid>1</Jlid><Zxly>1</Zxly></Zx_xx>"
    return EMPTY.replace("<ICP>", f"<ICP><ZXBA>{one * count}</ZXBA>")


def named(name: str) -> bytes:
    return FILING.replace("示例网站".encode("gbk"), name.encode("gb18030"))


@pytest.mark.parametrize("name", ["GBK", "gbk", "GB2312", "GB18030", "cp936"])
def test_the_gb_family_is_read_as_gb18030_whatever_it_declares(name: str) -> None:
    xml = named("镕𠮷䶮").replace(b'"GBK"', f'"{name}"'.encode())
    assert read(xml).new_filings[0].websites[0].name == "镕𠮷䶮"


@pytest.mark.parametrize("reference", ["&#134071;", "&#x20BB7;", "<!-- a -->𠮷<?b c?>", "<![CDATA[𠮷]]>"])
def test_a_character_that_gbk_lacks_is_kept_however_it_came(reference: str) -> None:
    assert read(named(f"前{reference}后")).new_filings[0].websites[0].name == "前𠮷后"


@pytest.mark.parametrize(
    "head", [DECLARED.format("UTF-8"), "", "\ufeff", "\ufeff" + DECLARED.format("UTF-8"), "\ufeff" + GBK]
)
def test_utf_8_is_read_where_declared_marked_or_nothing_is_said(head: str) -> None:
    body = FILING.decode("gbk").split("\n", 1)[1]
    assert read(head + body, "utf-8").new_filings[0].websites[0].name == "示例网站"


@pytest.mark.parametrize(
    ("xml", "line"),
    [
        pytest.param(GBK.encode() + b"\n<UploadData>\n\xff\xff</UploadData>", 4, id="bytes beyond GB18030"),
        pytest.param(GBK.encode() + b"<UploadData>\n\x80</UploadData>", 3, id="the euro of Windows"),
        pytest.param(b"\n<UploadData>\n\xb1\xb1</UploadData>", 3, id="GBK that declares nothing"),
        pytest.param((GBK + EMPTY).encode("utf-16"), 1, id="UTF-16 with a mark"),
        pytest.param((GBK + EMPTY).encode("utf-16-le"), 1, id="UTF-16 without"),
        pytest.param((GBK + EMPTY).encode("utf-32-be"), 1, id="UTF-32"),
        pytest.param(DECLARED.format("HZ").encode() + EMPTY.encode(), 1, id="HZ, which would read as nonsense"),
        pytest.param(DECLARED.format("Big5").encode() + EMPTY.encode(), 1, id="Big5"),
        pytest.param((GBK + EMPTY.replace("<ICP>", "\n<ICP>\x07")).encode(), 4, id="a control character"),
        pytest.param((GBK + EMPTY.replace("<ICP>", "\n<ICP>\x00")).encode(), 4, id="a nought byte"),
        pytest.param((GBK + EMPTY.replace("<ICP>", "\n<ICP>&#7;")).encode(), 4, id="a control character by number"),
        pytest.param((GBK + EMPTY.replace("<ICP>", "<ICP>&#xD800;")).encode(), 3, id="half a character"),
    ],
)
def test_5008_bytes_that_say_nothing(xml: bytes, line: int) -> None:
    found = defect(xml)
    assert (found.code, found.line) == (5008, line)


@pytest.mark.parametrize("version", ['version="V.2.0"', 'version="v.3.0"', 'version=""', ""])
def test_5004_another_version(version: str) -> None:
    found = defect(GBK + EMPTY.replace('version="V.3.0"', version))
    assert (found.code, found.line, found.message) == (5004, 2, "属性 version 应为 V.3.0")


@pytest.mark.parametrize(
    ("xml", "line"),
    [
        pytest.param("", 1, id="nothing"),
        pytest.param(GBK, 2, id="a declaration only"),
        pytest.param("PK", 1, id="no XML"),
        pytest.param(GBK + EMPTY + "x", 4, id="more after the end"),
        pytest.param(GBK + EMPTY.replace("</ICP>", ""), 4, id="an element left open"),
        pytest.param(GBK + EMPTY.replace("440000000001", "&unknown;"), 3, id="an entity"),
        pytest.param(GBK + "\n<!DOCTYPE UploadData>" + EMPTY, 3, id="a document type"),
        pytest.param(GBK + "<!-- <a> -->\n<?b?>\n<!DOCTYPE a [<!ENTITY b 'b'>]>" + EMPTY, 4, id="one after comments"),
        pytest.param(GBK + EMPTY.replace("<ICP>", "<ICP>" + "<a>" * 3000), 3, id="a tower of elements"),
        pytest.param(GBK + EMPTY.replace("440000000001", "0"), 3, id="a provider nought"),
        pytest.param(GBK + EMPTY.replace("<ICP>", "<ICP><XZBA/>"), 3, id="an empty section"),
        pytest.param(GBK + EMPTY.replace("UploadData", "DownloadData"), 2, id="a download"),
        pytest.param(GBK + cancelled(1001), 2, id="1,001 records"),
    ],
)
def test_5001_what_does_not_fit(xml: str, line: int) -> None:
    found = defect(xml)
    assert (found.code, found.line) == (5001, line), found.message


def test_a_thousand_records_are_taken_and_one_more_is_not() -> None:
    assert read(GBK + cancelled(1000)).counts == {RecordKind.CANCELLATION: 1000}
    assert "1001" in defect(GBK + cancelled(1001)).message


def test_a_document_type_in_a_comment_or_a_text_is_none() -> None:
    xml = FILING.replace(b"?>\n", b"?>\n<!-- <!DOCTYPE a> -->", 1)
    assert read(xml).new_filings


def test_all_that_does_not_fit_is_told() -> None:
    xml = (
        FILING.replace(b"<Fzr_sjhm>", b"<Fzr_sjhm>\n", 1).replace(b"<Zjlx>", b"<Zjlx>x").replace(b"<Bbfs>", b"<Bbfs>7")
    )
    found = defect(xml)
    lines = found.detail.split("\n")
    assert len(lines) == 2
    assert lines[0].endswith("元素 Zjlx 的值不是要求的类型")
    assert lines[1].endswith("元素 Bbfs 的值大于最大值 1")
    assert lines[0].startswith(f"第{found.line}行：")


def test_nothing_is_stored_of_a_document_that_is_refused() -> None:
    store = MemoryStore()
    with pytest.raises(DocumentDefect):
        read_upload(FILING.replace(b"<Bbfs>", b"<Bbfs>7"), store.put)
    assert store.contents == {}


def test_a_text_of_more_than_ten_megabytes_is_taken() -> None:
    store = MemoryStore()
    xml = FILING.replace(b"<Fjnr>", b"<Fjnr>" + b"AAAA" * 3_000_000, 1)
    found = read_upload(xml, store.put)
    assert found.new_filings[0].attachments[0].content.size > 9_000_000


@pytest.mark.parametrize("text", ["!!!!", "QQ", "QQ==QQ==", "=", " \n ", "京"])
def test_what_is_not_base64_is_said_of_its_record_only(text: str) -> None:
    start, end = FILING.index(b"<Fjnr>"), FILING.index(b"</Fjnr>")
    found = read(FILING[:start] + b"<Fjnr>" + text.encode("gbk") + FILING[end:])
    content = found.new_filings[0].attachments[0].content
    assert (content.sha256, content.size, content.media_type) == ("", 0, "invalid")


def test_blanks_in_base64_are_legal() -> None:
    store = MemoryStore()
    start, end = FILING.index(b"<Fjnr>"), FILING.index(b"</Fjnr>")
    found = read_upload(FILING[:start] + b"<Fjnr>\n Q\tU \r\nJD\n" + FILING[end:], store.put)
    assert store.open(found.new_filings[0].attachments[0].content.sha256) == b"ABC"


def test_what_is_not_read_yet_is_counted() -> None:
    found = read(GBK + cancelled(2))
    assert (found.branch, found.new_filings, found.kinds) == (Branch.WEBSITES, (), (RecordKind.CANCELLATION,))


def test_other_branches_are_recognised() -> None:
    deleted = "<IP><SCBA><Scly><Ly><Id>1</Id></Ly></Scly></SCBA><Qqdwid>7</Qqdwid></IP>"
    found = read(f'{GBK}<UploadData version="V.3.0">{deleted}</UploadData>')
    assert (found.branch, found.requesting_provider) == (Branch.ADDRESSES, 7)
    assert found.counts == {RecordKind.DELETED_ADDRESSES: 1}
    removed = "<YM><SCBA><Scxx><Id>1</Id></Scxx></SCBA><Qqdwid>7</Qqdwid></YM>"
    found = read(f'{GBK}<UploadData version="V.3.0">{removed}</UploadData>')
    assert (found.branch, found.kinds) == (Branch.DOMAINS, (RecordKind.DELETED_REGISTRATION,))


def test_a_document_is_read_from_a_stream_and_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "upload.xml"
    path.write_bytes(FILING)
    expected = read(FILING)
    assert read_upload(path, MemoryStore().put) == expected
    assert read_upload(io.BytesIO(FILING), MemoryStore().put) == expected
