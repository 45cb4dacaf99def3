"""The remark of a changed website may hold anything on the wire: plain text is kept, all else is said of its record."""

from __future__ import annotations

from pathlib import Path

import pytest

from beian.records import ChangeRecord
from interface.documents.upload import read_upload, write_upload
from tests.interface.documents_support import MemoryStore

CHANGES = (Path(__file__).parent / "fixtures" / "uploads" / "changes.xml").read_bytes()
ODD = "<Wz_Bz><b>备</b>注".encode("gbk")
START, END = CHANGES.index(ODD), CHANGES.index(b"</Wz_Bz>", CHANGES.index(ODD)) + len(b"</Wz_Bz>")
XSD, XSI = "http://www.w3.org/2001/XMLSchema", "http://www.w3.org/2001/XMLSchema-instance"
WEBSITE = 440000000000000013


def change(remark: str) -> ChangeRecord:
    """The first change of the fixture, the remark of its second website replaced."""
    xml = CHANGES[:START] + remark.encode("gbk", "xmlcharrefreplace") + CHANGES[END:]
    return read_upload(xml, MemoryStore().put).changes[0]


@pytest.mark.parametrize(
    ("remark", "kept"),
    [
        ("", None),
        ("<Wz_Bz/>", None),
        ("<Wz_Bz>备注</Wz_Bz>", "备注"),
        ("<Wz_Bz><![CDATA[<b>备注</b>]]></Wz_Bz>", "<b>备注</b>"),
        ("<Wz_Bz>备<!-- a -->注</Wz_Bz>", "备注"),
        (f'<Wz_Bz xmlns:i="{XSI}" xmlns:x="{XSD}" i:type="x:string">备注</Wz_Bz>', "备注"),
        ("<Wz_Bz>" + "𠮷" * 1024 + "</Wz_Bz>", "𠮷" * 1024),
    ],
)
def test_plain_text_is_kept(remark: str, kept: str | None) -> None:
    found = change(remark)
    assert (found.websites[1].remark, found.odd_remarks) == (kept, ())


@pytest.mark.parametrize(
    ("remark", "kept"),
    [
        ("<Wz_Bz>" + "长" * 1025 + "</Wz_Bz>", "长" * 1024),
        ("<Wz_Bz>甲<b>乙</b>丙</Wz_Bz>", "甲乙丙"),
        ("<Wz_Bz><b/></Wz_Bz>", None),
        ('<Wz_Bz lang="zh">甲</Wz_Bz>', "甲"),
        ("<Wz_Bz><Wzid>1</Wzid></Wz_Bz>", "1"),
    ],
)
def test_anything_else_is_said_of_its_website(remark: str, kept: str | None) -> None:
    found = change(remark)
    assert (found.websites[1].remark, found.odd_remarks) == (kept, (WEBSITE,))
    assert found.websites[0].remark == "网站备注"


def test_what_was_odd_is_written_as_plain_text() -> None:
    odd = change("<Wz_Bz>甲<b>乙</b></Wz_Bz>")
    xml = write_upload(changes=[odd], requesting_provider=1, load=lambda sha256: b"ABC")
    (found,) = read_upload(xml, MemoryStore().put).changes
    assert (found.websites[1].remark, found.odd_remarks) == ("甲乙", ())
