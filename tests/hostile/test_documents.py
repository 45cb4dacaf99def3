"""Documents that explode in the worker: refused with a line of plain words, in bounded memory and time."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable

import pytest

from interface import codec
from interface.documents.parsing import DocumentDefect
from interface.documents.upload import read_upload
from tests.hostile.memory import Peak

HEAD, TAIL = b'<?xml version="1.0" encoding="GBK"?>\n<UploadData version="V.3.0">', b"</UploadData>"


def within(middle: bytes) -> bytes:
    return HEAD + middle + TAIL


WIDE: dict[str, Callable[[], bytes]] = {
    "five million elements": lambda: within(b"<a/>" * 5_000_000),
    "fifty megabytes of elements": lambda: within(b"<a/>" * 13_000_000),
    "as many elements as are let through": lambda: within(b"<a></a>" * 1_490_000),
    "text and elements by turns": lambda: within(b"x<a/>" * 10_000_000),
    "elements with attributes": lambda: within(b'<a b="" c="" d=""/>' * 2_500_000),
    "three million attributes": lambda: within(b"<a " + b" ".join(b'a%d=""' % n for n in range(3_000_000)) + b"/>"),
    "as many attributes as are let through": lambda: within(
        b"<a " + b" ".join(b'a%d=""' % n for n in range(290_000)) + b"/>"
    ),
    "three hundred thousand namespaces": lambda: within(
        b"<a " + b" ".join(b'xmlns:n%d="u%d"' % (n, n) for n in range(290_000)) + b"/>"
    ),
    "namespaces one in another": lambda: within(
        b"".join(b'<a xmlns:n%d="u">' % n for n in range(2000)) + b"</a>" * 2000
    ),
    "seven million deep": lambda: within(b"<a>" * 3_500_000 + b"</a>" * 3_500_000),
    "seven million comments": lambda: within(b"<!---->" * 7_000_000),
    "seven million instructions": lambda: within(b"<?a?>" * 7_000_000),
    "one text of fifty megabytes": lambda: within(b"<a>" + b"x" * 52_000_000 + b"</a>"),
    "one attribute of fifty megabytes": lambda: within(b'<a b="' + b"x" * 52_000_000 + b'"/>'),
    "one name of fifty megabytes": lambda: within(b"<" + b"x" * 52_000_000 + b"/>"),
    "references": lambda: within(b"&lt;" * 12_000_000),
    "bytes of no encoding": lambda: within(b"\xff" * 50_000_000),
    "control characters": lambda: within(b" " * 50_000_000 + b"\x01"),
    "white space before the document": lambda: b" " * 50_000_000 + within(b""),
    "comments before the root": lambda: HEAD.replace(b"<UploadData", b"<!-- -->" * 6_000_000 + b"<UploadData") + TAIL,
    "instructions that do not end": lambda: b"<?xml version='1.0'?>" + b"<?a" * 15_000_000,
    "a declaration that does not end": lambda: b"<?xml version='1.0' encoding=" + b" encoding=" * 5_000_000,
}


@pytest.mark.parametrize("make", WIDE.values(), ids=WIDE)
def test_a_document_that_explodes_is_returned_in_bounded_memory(make: Callable[[], bytes]) -> None:
    document = make()
    started = time.monotonic()
    with Peak() as peak, pytest.raises(DocumentDefect) as caught:
        read_upload(document, lambda data: pytest.fail("nothing is stored"))
    assert caught.value.code in (5001, 5008)
    assert len(caught.value.detail) < 5_000
    assert len(caught.value.message) < 500
    assert peak.growth < 450 * 2**20
    assert time.monotonic() - started < 20


ENTITIES = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 40))
XML = '<?xml version="1.0" encoding="UTF-8"?>'
BODY = '<UploadData version="V.3.0">用户</UploadData>'


def document(said: str | None, true: str) -> bytes:
    return ((f'<?xml version="1.0" encoding="{said}"?>' if said else "") + BODY).encode(true)


# name → the document, its code, and a word of the reason. 5001 for its content where it could be read.
ENCODED: dict[str, tuple[bytes, int, str]] = {
    "gbk": (document("GBK", "gbk"), 5001, "文字"),
    "gb2312": (document("gb2312", "gb2312"), 5001, "文字"),
    "gb18030": (document("GB18030", "gb18030"), 5001, "文字"),
    "utf-8": (document("UTF-8", "utf-8"), 5001, "文字"),
    "utf-8 with a mark": (document("UTF-8", "utf-8-sig"), 5001, "文字"),
    "nothing said": (document(None, "utf-8"), 5001, "文字"),
    "gbk, and nothing said": (document(None, "gbk"), 5008, "编码"),
    "gbk called utf-8": (document("UTF-8", "gbk"), 5008, "编码"),
    "utf-16 with a mark": (document("UTF-16", "utf-16"), 5008, "UTF-16"),
    "utf-16 without": (document("UTF-16", "utf-16-le"), 5008, "UTF-16"),
    "utf-16 without, the other way": (document("UTF-16", "utf-16-be"), 5008, "UTF-16"),
    "utf-32": (document("UTF-32", "utf-32"), 5008, "UTF-16"),
    "utf-8 called utf-16": (document("UTF-16", "utf-8"), 5008, "UTF-16"),
    "hz": (document("HZ-GB-2312", "hz"), 5008, "HZ"),
    "utf-7": (document("UTF-7", "utf-7"), 5008, "UTF-7"),
    "unknown": (document("x-unheard-of", "utf-8"), 5008, "x-unheard-of"),
    "a document type": ((XML + "<!DOCTYPE a>" + BODY).encode(), 5001, "DOCTYPE"),
    "an entity bomb": ((XML + f'<!DOCTYPE a [<!ENTITY a0 "x">{ENTITIES}]><a>&a39;</a>').encode(), 5001, "DOCTYPE"),
    "an external entity": (
        (XML + '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>').encode(),
        5001,
        "DOCTYPE",
    ),
    "a document type behind comments": ((XML + "<!-- --><?a?>\n<!DOCTYPE a>" + BODY).encode(), 5001, "DOCTYPE"),
    "nothing": (b"", 5001, ""),
    "a gzip": (gzip.compress(document("GBK", "gbk")), 5008, ""),
    "a zip within the zip": (codec.pack_zip(document("GBK", "gbk"), "a.xml"), 5008, ""),
}


@pytest.mark.parametrize(("xml", "code", "word"), ENCODED.values(), ids=ENCODED)
def test_a_document_that_lies_about_itself_is_returned_with_a_reason(xml: bytes, code: int, word: str) -> None:
    with pytest.raises(DocumentDefect) as caught:
        read_upload(xml, lambda data: pytest.fail("nothing is stored"))
    assert caught.value.code == code
    assert word in caught.value.message
    assert "root:" not in caught.value.detail
