"""Bytes to a tree, safely, or the defect that forbids it.

The GB family is read as GB18030, which holds all of it: documents that declare GBK and carry
GB18030 bytes are common. Documents are encoded as they declare, UTF-8 where they declare nothing; a
UTF-8 byte order mark wins. Any other encoding (UTF-16 too) is refused rather than guessed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from interface.schemas import SchemaProblem, validate

VERSION = "V.3.0"
DOES_NOT_FIT, WRONG_VERSION, UNREADABLE = 5001, 5004, 5008

# A tree takes fifty times what `<a/>` takes in bytes. A thousand records of two hundred elements come nowhere near.
MOST_TAGS, MOST_ATTRIBUTES = 3_000_000, 300_000

_CODECS = {"UTF-8": "utf-8", "GBK": "gb18030", "GB2312": "gb18030", "GB18030": "gb18030", "CP936": "gb18030"}
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE, b"<\0", b"\0<", b"\0\0\0<")
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?\sencoding\s*=\s*["']([^"'>]*)["']""")
# What may stand before the root, then a document type; no part of it can be matched in two ways.
_DOCTYPE = re.compile(rb"(?:\s++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class DocumentDefect(Exception):
    """A whole document cannot be taken.

    `code` is 5001, 5004 or 5008, `line` the line where it shows (from 1), `message` says in Chinese
    what is wrong there, `detail` the same of everything that was found, a sentence a line.
    """

    def __init__(self, code: int, message: str, line: int = 1, detail: str = "") -> None:
        super().__init__(f"{code}, line {line}: {message}")
        self.code = code
        self.message = message
        self.line = line
        self.detail = detail or f"第{line}行：{message}"


def content(source: bytes | Path | BinaryIO) -> bytes:
    """Give the bytes of `source`; a path is never left to libxml2, which would inflate what is gzipped."""
    if isinstance(source, bytes):
        return source
    return source.read_bytes() if isinstance(source, Path) else source.read()


def parse(xml: bytes) -> etree._Element:
    """Give the root of the document `xml`, without comments and processing instructions.

    Raises `DocumentDefect`: 5008 where bytes do not decode or control characters occur, 5001 where
    it is not well-formed, has a document type, or more elements or attributes than memory is for.
    """
    encoding = _encoding(xml)
    control = _CONTROL.search(xml)
    if control:
        raise DocumentDefect(UNREADABLE, "文档中有控制字符", _line(xml, control.start()))
    xml = xml.removeprefix(codecs.BOM_UTF8)
    if _DOCTYPE.match(xml):
        raise DocumentDefect(DOES_NOT_FIT, "文档中不应有DOCTYPE", _line(xml, xml.index(b"<!DOCTYPE")))
    # Neither sign is ever part of another character, in none of the encodings that we read.
    if xml.count(b"<") > MOST_TAGS or xml.count(b"=") > MOST_ATTRIBUTES:
        raise DocumentDefect(DOES_NOT_FIT, "文档的元素或属性过多")
    parser = etree.XMLParser(
        encoding=encoding,
        huge_tree=True,  # an attachment may exceed the 10 MB that a text node is otherwise allowed
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise _defect(xml, encoding, error) from error


def fitting(root: etree._Element, schema: etree.XMLSchema) -> etree._Element:
    """Give `root` back where its version is ours and it fits `schema`; else raise 5004 or 5001."""
    version = root.get("version")
    if version != VERSION:
        raise DocumentDefect(WRONG_VERSION, f"属性 version 应为 {VERSION}", line_of(root))
    problems = validate(schema, root)
    if problems:
        raise does_not_fit(problems)
    return root


def does_not_fit(problems: Iterable[SchemaProblem]) -> DocumentDefect:
    """The defect of a document with these problems, the first of which gives the line."""
    found = list(problems)
    return DocumentDefect(DOES_NOT_FIT, found[0].message, found[0].line, "\n".join(map(str, found)))


def _encoding(xml: bytes) -> str:
    if xml.startswith(_WIDE):
        raise DocumentDefect(UNREADABLE, "文档的编码应为GBK，不支持UTF-16和UTF-32")
    if xml.startswith(codecs.BOM_UTF8):
        return "utf-8"
    declared = _DECLARED.match(xml)
    name = declared.group(1).decode("ascii", "replace") if declared else "UTF-8"
    if name.upper() not in _CODECS:
        raise DocumentDefect(UNREADABLE, f"文档声明的编码 {name[:40]} 不受支持，应为GBK")
    return _CODECS[name.upper()]


def _defect(xml: bytes, encoding: str, error: etree.XMLSyntaxError) -> DocumentDefect:
    line, code = error.lineno or 1, getattr(error, "code", None)
    if code == etree.ErrorTypes.ERR_INVALID_ENCODING:
        return DocumentDefect(UNREADABLE, "文档中有不能按其编码解读的字节", _undecodable(xml, encoding) or line)
    if code == etree.ErrorTypes.ERR_INVALID_CHAR:
        return DocumentDefect(UNREADABLE, "文档中有控制字符或XML不允许的字符", line)
    reason: Any = error.msg or "document is empty"
    return DocumentDefect(DOES_NOT_FIT, f"文档不是格式良好的XML（{_without_position(reason)}）", line)


def _undecodable(xml: bytes, encoding: str) -> int | None:
    """The line of the first byte that does not decode: libxml2 converts in blocks and names the block's."""
    try:
        xml.decode(encoding)
    except UnicodeDecodeError as error:
        return _line(xml, error.start)
    return None


def line_of(element: etree._Element) -> int:
    """The line of the document on which `element` begins."""
    line: Any = element.sourceline
    return int(line or 1)


def _line(xml: bytes, position: int) -> int:
    return xml.count(b"\n", 0, position) + 1


def _without_position(reason: str) -> str:
    return re.sub(r", line \d+, column \d+.*", "", reason, flags=re.DOTALL)
