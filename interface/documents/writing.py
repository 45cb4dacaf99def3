"""A tree to bytes: GBK, as its declaration says, and fitting its schema."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from interface.documents.parsing import VERSION
from interface.schemas import SchemaProblem, validate

DECLARATION = '<?xml version="1.0" encoding="GBK"?>\n'


class CannotExpress(Exception):
    """What a record says does not fit the wire's schema; `problems` says where and why."""

    def __init__(self, problems: Sequence[SchemaProblem]) -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.message}" for problem in problems))
        self.problems = tuple(problems)


def document(name: str) -> etree._Element:
    """The root of a new document or return, with its version."""
    return etree.Element(name, version=VERSION)


def as_bytes(root: etree._Element, schema: etree.XMLSchema) -> bytes:
    """Give the document in GBK; characters that GBK lacks become numeric references.

    Raises `CannotExpress` where it does not fit `schema`: nothing that does not fit may leave.
    """
    problems = validate(schema, root)
    if problems:
        raise CannotExpress(problems)
    # lxml's own declaration has single quotes, which clients that replace it by pattern do not find.
    # Its own GBK leaves out some characters without a word (U+E0000 and up); Python's leaves out none.
    return as_text(root).encode("gbk", "xmlcharrefreplace")


def as_text(root: etree._Element) -> str:
    """Give the document as a string that declares GBK: it travels in the envelope's own encoding."""
    return DECLARATION + etree.tostring(root, encoding="unicode")
