"""What a field can be chosen from: entries of code tables, regions within one another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from beian.models import Code, Region
from enterprise.forms.filing_fields import SECTIONS, Field

TABLES = sorted({"province"} | {field.options for section in SECTIONS for field in section.fields if field.options})
_DIGITS = 6
"""What is longer is no region."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Group:
    """Choices that belong together, under a title where they have one."""

    title: str
    choices: tuple[Choice, ...]


class Options:
    """The choices of one page: one query for all code tables, one for each list of regions."""

    def of(self, field: Field, part: dict[str, Any]) -> tuple[Group, ...]:
        """Give the choices of a field; which, may follow from what is chosen in the same part already."""
        if field.level:
            return (Group("", tuple(self._regions(field.level, part.get("address") or {}))),)
        if not field.options:
            return ()
        entries = [
            each for each in self._codes.get(field.options, ()) if not field.filter or each.extra.get(field.filter)
        ]
        if field.options == "service_content":
            return _grouped((each.extra.get("group", ""), each) for each in entries)
        if field.name == "certificate.type":
            return self._certificates(entries, str(part.get("nature") or ""))
        return _grouped(("", each) for each in entries)

    def name(self, table: str, code: str) -> str:
        """Give the name of an entry, the code itself where there is none."""
        return next((each.name for each in self._codes.get(table, ()) if str(each.code) == code), code)

    @cached_property
    def _codes(self) -> dict[str, list[Code]]:
        found: dict[str, list[Code]] = {}
        for code in Code.objects.filter(table__in=TABLES, valid=True):
            found.setdefault(code.table, []).append(code)
        return found

    def _certificates(self, entries: list[Code], nature: str) -> tuple[Group, ...]:
        """Certificates under the nature they belong to: many have the same name. The chosen nature's alone, if any."""
        natures = {each.code: each.name for each in self._codes.get("organisation_nature", ())}
        mine = [each for each in entries if str(each.extra.get("organisation_nature")) == nature]
        if mine:
            return _grouped(("", each) for each in mine)
        return _grouped((natures.get(each.extra.get("organisation_nature", 0), ""), each) for each in entries)

    def _regions(self, level: int, address: dict[str, Any]) -> Iterable[Choice]:
        if level == 1:
            for code in self._codes.get("province", ()):
                yield Choice(str(code.code), code.name)
            return
        parent = str(address.get("province" if level == 2 else "city") or "")
        if not parent.isdecimal() or len(parent) > _DIGITS:
            return
        for region in Region.objects.filter(parent_id=int(parent), valid=True):
            yield Choice(str(region.code), region.name)


def _grouped(entries: Iterable[tuple[str, Code]]) -> tuple[Group, ...]:
    found: dict[str, list[Choice]] = {}
    for title, entry in entries:
        found.setdefault(title, []).append(Choice(str(entry.code), entry.name))
    return tuple(Group(title, tuple(choices)) for title, choices in found.items())
