"""The columns of an import, from the fields of a filing: a row is a new filing with one website."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from beian.models import Code, Region
from enterprise.forms import lines
from enterprise.forms.filing import put_at, value_at
from enterprise.forms.filing_fields import ACCESS, SPONSOR, SPONSOR_PERSON, WEBSITE, WEBSITE_PERSON, Field, Widget
from enterprise.forms.labels import label
from enterprise.services.drafts import Draft

REFERENCE = "编号"
ACCOUNT = "主办者账号"
BETWEEN = "；"
_PATHS = (
    (SPONSOR, "sponsor"),
    (SPONSOR_PERSON, "sponsor.person"),
    (WEBSITE, "websites.0"),
    (WEBSITE_PERSON, "websites.0.person"),
    (ACCESS, "websites.0.accesses.0"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title in the sheet, the path in the draft that it fills in, the field there."""

    title: str
    path: str
    field: Field


def _columns() -> tuple[Column, ...]:
    found = []
    for section, place in _PATHS:
        for field in section.fields:
            path = f"{place}.{field.name}"
            title = label(path).replace("网站1·", "网站·").replace("接入1·", "接入·")
            found.append(Column(title, path, field))
    return tuple(found)


COLUMNS = _columns()
BY_TITLE: Mapping[str, Column] = {column.title: column for column in COLUMNS}
TITLES = (REFERENCE, ACCOUNT, *BY_TITLE)


def column_of(path: str) -> str:
    """Give the title of the column that a finding's path belongs to; "" for the row as a whole."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        part = ".".join(parts[:length])
        found = next((column.title for column in COLUMNS if column.path == part), None)
        if found is not None:
            return found
    return ""


class Wrong(Exception):
    """A cell that cannot be read; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Vocabulary:
    """The names and numbers of codes and regions, for one import: one query for codes, one for regions."""

    def read(self, draft: Draft, column: Column, text: str) -> Draft:
        """Give the draft with a cell put in its place. Raises `Wrong`."""
        return put_at(draft, column.path, self._value(draft, column.field, text))

    def _value(self, draft: Draft, field: Field, text: str) -> Any:
        read: dict[Widget, Callable[[], Any]] = {
            Widget.CHOICE: lambda: self._code(field, text),
            Widget.CHOICES: lambda: [self._code(field, each) for each in _several(text)],
            Widget.REGION: lambda: self._region(draft, field, text),
            Widget.DOMAINS: lambda: lines.domains_typed("\n".join(_several(text)), []),
            Widget.RANGES: lambda: lines.ranges_typed("\n".join(_several(text)), []),
        }
        return read.get(field.widget, lambda: text)()

    def _code(self, field: Field, text: str) -> str:
        entries = self.entries.get(field.options, {})
        if text in entries.values():
            return next(code for code, name in entries.items() if name == text)
        if text in entries:
            return text
        raise Wrong(f"“{text[:40]}”不在代码表中，请填写“代码表”中的代码或名称。")

    def _region(self, draft: Draft, field: Field, text: str) -> str:
        above = {1: None, 2: "sponsor.address.province", 3: "sponsor.address.city"}[field.level]
        parent = value_at(draft, above) if above else None
        for code, name, level, parent_code in self.regions:
            if level != field.level or text not in (str(code), name):
                continue
            if parent is None or str(parent_code) == str(parent):
                return str(code)
        raise Wrong(f"没有名为“{text[:40]}”的地区，请填写行政区划的全称或六位代码。")

    @cached_property
    def entries(self) -> dict[str, dict[str, str]]:
        """The entries in force, by table: code → name."""
        found: dict[str, dict[str, str]] = {}
        for table, code, name in Code.objects.filter(valid=True).values_list("table", "code", "name"):
            found.setdefault(table, {})[str(code)] = name
        return found

    @cached_property
    def regions(self) -> list[tuple[int, str, int, int | None]]:
        """The regions in force."""
        return list(Region.objects.filter(valid=True).values_list("code", "name", "level", "parent_id"))


def _several(text: str) -> list[str]:
    for mark in (";", "；", "、", "\n"):
        text = text.replace(mark, "\x00")
    return [each.strip() for each in text.split("\x00") if each.strip()]
