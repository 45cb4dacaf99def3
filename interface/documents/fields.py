"""Pairs of a wire element and an attribute of a record: declared once, they read and they write.

A `Shape` is a record type and the fields of the element that carries it, in the order in which the
schema wants the elements. What is not there reads as `None` or as an empty tuple; what is `None`,
empty text or an empty tuple is not written.
"""

from __future__ import annotations

import binascii
import re
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from lxml import etree

from beian.records import ContentRecord

R = TypeVar("R")

Store = Callable[[bytes], ContentRecord]
"""Keeps the bytes of an attachment and says what they are."""

Load = Callable[[str], bytes]
"""Gives the bytes of an attachment back, by their SHA-256 in hex."""

NOT_BASE64 = ContentRecord(sha256="", size=0, media_type="invalid")

_BLANKS = b" \t\r\n"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def text_of(parent: etree._Element, wire: str) -> str | None:
    """Give the text of the first child of that name, "" where it has none, `None` where there is no such child.

    As `findtext`, which takes four times as long because it reads paths.
    """
    for child in parent.iterchildren(wire):
        return child.text or ""
    return None


class Field(ABC):
    """A part of an element's content and the attributes of a record that it stands for."""

    @abstractmethod
    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        """Give the attributes that this part of `parent` says, absent ones as `None` or ()."""

    @abstractmethod
    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        """Add to `parent` what `record` says of this part."""


@dataclass(frozen=True, slots=True)
class Shape(Generic[R]):
    """A record type and the fields of the element that carries it, in the schema's order."""

    kind: type[R]
    fields: tuple[Field, ...]

    def read(self, element: etree._Element, store: Store) -> R:
        """Give the record that `element` carries; the element must fit its schema."""
        values: dict[str, Any] = {}
        for field in self.fields:
            values |= field.read(element, store)
        return self.kind(**values)

    def write(self, element: etree._Element, record: R, load: Load) -> None:
        """Fill `element` with what `record` says."""
        for field in self.fields:
            field.write(element, record, load)


@dataclass(frozen=True, slots=True)
class Text(Field):
    """Text, as it is. Of two limits: what is shorter than `least` is left out, longer than `most` cut.

    A `kept` one is there even when it is empty. Characters that XML cannot carry are dropped.
    """

    wire: str
    attribute: str
    least: int = 1
    most: int | None = None
    kept: bool = False

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        text = text_of(parent, self.wire)
        return {self.attribute: (text or "") if self.kept else (text or None)}

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        text = getattr(record, self.attribute) or ""
        # What is printable is writable too; to see that is much quicker than to look for what is not.
        text = (text if text.isprintable() else _UNWRITABLE.sub("", text))[: self.most]
        if self.kept or len(text) >= self.least:
            etree.SubElement(parent, self.wire).text = text


@dataclass(frozen=True, slots=True)
class Number(Field):
    """A whole number."""

    wire: str
    attribute: str

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        text = text_of(parent, self.wire)
        return {self.attribute: None if text is None else int(text)}

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        number = getattr(record, self.attribute)
        if number is not None:
            etree.SubElement(parent, self.wire).text = str(number)


@dataclass(frozen=True, slots=True)
class Digits(Field):
    """A number on the wire, its decimal digits in the record (where other requests may have a name)."""

    wire: str
    attribute: str

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        return {self.attribute: str(int(parent.findtext(self.wire) or ""))}

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        etree.SubElement(parent, self.wire).text = getattr(record, self.attribute)


@dataclass(frozen=True, slots=True)
class Numbers(Field):
    """A tuple of whole numbers, each in an element of its own, together in a wrapper."""

    wrapper: str
    wire: str
    attribute: str

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        found = parent.iterfind(f"{self.wrapper}/{self.wire}")
        return {self.attribute: tuple(int(element.text or "") for element in found)}

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        numbers = getattr(record, self.attribute)
        if not numbers:
            return
        wrapper = etree.SubElement(parent, self.wrapper)
        for number in numbers:
            etree.SubElement(wrapper, self.wire).text = str(number)


@dataclass(frozen=True, slots=True)
class Inside(Field):
    """Fields of the same record that stand in an element of their own."""

    wire: str
    fields: tuple[Field, ...]

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        element = parent.find(self.wire)
        values: dict[str, Any] = {}
        if element is not None:
            for field in self.fields:
                values |= field.read(element, store)
        return values

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        element = etree.SubElement(parent, self.wire)
        for field in self.fields:
            field.write(element, record, load)


@dataclass(frozen=True, slots=True)
class Group(Field):
    """A record within the record."""

    wire: str
    attribute: str
    shape: Shape[Any]

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        element = parent.find(self.wire)
        return {self.attribute: None if element is None else self.shape.read(element, store)}

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        inner = getattr(record, self.attribute)
        if inner is not None:
            self.shape.write(etree.SubElement(parent, self.wire), inner, load)


@dataclass(frozen=True, slots=True)
class Many(Field):
    """A tuple of records: each in an element, and all in a `wrapper` or each in an `envelope`, if named."""

    wire: str
    attribute: str
    shape: Shape[Any]
    wrapper: str = ""
    envelope: str = ""

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        path = "/".join(step for step in (self.wrapper, self.envelope, self.wire) if step)
        return {self.attribute: tuple(self.shape.read(element, store) for element in parent.iterfind(path))}

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        inner = getattr(record, self.attribute)
        if inner and self.wrapper:
            parent = etree.SubElement(parent, self.wrapper)
        for one in inner:
            around = etree.SubElement(parent, self.envelope) if self.envelope else parent
            self.shape.write(etree.SubElement(around, self.wire), one, load)


@dataclass(frozen=True, slots=True)
class File(Field):
    """An attached file, base64 on the wire; the record has only what identifies the bytes."""

    wire: str
    attribute: str

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        return {self.attribute: _stored(parent.findtext(self.wire), store)}

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        etree.SubElement(parent, self.wire).text = _loaded(getattr(record, self.attribute), load)


@dataclass(frozen=True, slots=True)
class Files(Field):
    """A tuple of attached files, each in an element of its own."""

    wire: str
    attribute: str

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        return {self.attribute: tuple(_stored(element.text, store) for element in parent.iterfind(self.wire))}

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        for content in getattr(record, self.attribute):
            etree.SubElement(parent, self.wire).text = _loaded(content, load)


def _stored(text: str | None, store: Store) -> ContentRecord:
    try:
        content = binascii.a2b_base64((text or "").encode("ascii").translate(None, _BLANKS), strict_mode=True)
    except ValueError:
        return NOT_BASE64
    return store(content) if content else NOT_BASE64


def _loaded(content: ContentRecord, load: Load) -> str:
    return b64encode(load(content.sha256)).decode("ascii")
