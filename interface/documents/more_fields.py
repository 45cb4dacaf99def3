"""Fields that only few elements need: choices, enumerations, records without an element of their own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from lxml import etree

from interface.documents.fields import Field, Load, Shape, Store, Text

MOST_IDENTIFIER = 2**63 - 1
MOST_REMARK = 1024

_SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, slots=True)
class Enumerated(Field):
    """A number that is one of an enumeration."""

    wire: str
    attribute: str
    kind: type[IntEnum]

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        return {self.attribute: self.kind(int(parent.findtext(self.wire) or ""))}

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        etree.SubElement(parent, self.wire).text = str(int(getattr(record, self.attribute)))


@dataclass(frozen=True, slots=True)
class Flag(Field):
    """Yes or no: 1 or 0 on the wire."""

    wire: str
    attribute: str

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        return {self.attribute: int(parent.findtext(self.wire) or "") == 1}

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        etree.SubElement(parent, self.wire).text = str(int(getattr(record, self.attribute)))


@dataclass(frozen=True, slots=True)
class Spread(Field):
    """A record within the record whose fields stand beside the others, in no element of their own."""

    attribute: str
    shape: Shape[Any]

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        return {self.attribute: self.shape.read(parent, store)}

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        self.shape.write(parent, getattr(record, self.attribute), load)


@dataclass(frozen=True, slots=True)
class IdOrNumber(Field):
    """Text that is an id in decimal, or else a filing number: one of two elements in `wrapper` says it."""

    wrapper: str
    id_wire: str
    number_wire: str
    attribute: str

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        identifier = parent.findtext(f"{self.wrapper}/{self.id_wire}")
        if identifier is not None:
            return {self.attribute: str(int(identifier))}
        return {self.attribute: parent.findtext(f"{self.wrapper}/{self.number_wire}") or ""}

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        wire = self.id_wire if _is_identifier(getattr(record, self.attribute)) else self.number_wire
        Text(wire, self.attribute).write(etree.SubElement(parent, self.wrapper), record, load)


def _is_identifier(text: str) -> bool:
    """Whether `text` is an id as the schema has them, written in the one way in which it reads back."""
    return text.isascii() and text.isdecimal() and text[0] != "0" and int(text) <= MOST_IDENTIFIER


@dataclass(frozen=True, slots=True)
class AnyText(Text):
    """The text in an element that may hold anything: all of it, cut at 1,024 characters."""

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        element = parent.find(self.wire)
        return {self.attribute: None if element is None else _all_text(element)[:MOST_REMARK] or None}


@dataclass(frozen=True, slots=True)
class Odd(Field):
    """Which of the elements `each` have in `wire` anything but plain text: their numbers, by `number`."""

    each: str
    wire: str
    number: str
    attribute: str

    def read(self, parent: etree._Element, store: Store) -> dict[str, Any]:
        found = (element for element in parent.iterfind(self.each) if _is_odd(element.find(self.wire)))
        return {self.attribute: tuple(int(element.findtext(self.number) or "") for element in found)}

    def write(self, parent: etree._Element, record: Any, load: Load) -> None:
        """Write nothing: the elements themselves are written elsewhere, as plain text."""


def _is_odd(element: etree._Element | None) -> bool:
    if element is None:
        return False
    # Serialisers that know no more of ANY than that it is some object say of text that its `xsi:type` is a string.
    said = [name for name in element.attrib if not str(name).startswith(_SCHEMA_INSTANCE)]
    return len(element) > 0 or bool(said) or len(_all_text(element)) > MOST_REMARK


def _all_text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())
