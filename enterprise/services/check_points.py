"""A filing taken apart into the points that a check goes through, and put together as it was found.

What the points are follows from the fields of a filing (`enterprise.forms.filing_fields`); each domain and
each address range is a point of its own, because a result of a check names them by the bureau's numbers
and can add none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from beian.checks.names import dotted_address
from beian.records import AccessRecord, FilingRecord, WebsiteRecord
from beian.records.filing import RangeRecord
from enterprise.forms.filing_fields import SECTIONS, Field, Section, Widget
from enterprise.forms.labels import label

_BY_PLACE = {section.place: section for section in SECTIONS}
_UNSAID = frozenset({"languages", "domains", "ranges"})
"""What a result has no room for, and what is taken apart item by item."""

_DOMAIN = Field("name", "域名", required=True, limit=128)
_RANGE = Field("", "IP地址段", Widget.RANGES, required=True)
_CODES = frozenset({Widget.CHOICE, Widget.REGION})
_LONGEST_CODE = 6


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to look at: where it stands, how it is asked for, and what is on file."""

    path: str
    field: Field
    value: Any

    @property
    def name(self) -> str:
        """Give its whole name: 主体负责人·手机号码."""
        return label(self.path)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is on file."""
        return self.value in (None, "", ())


@dataclass(frozen=True, slots=True)
class Part:
    """Points that belong together."""

    title: str
    points: tuple[Point, ...]


class Unreadable(ValueError):
    """What was typed is none of what the point can hold; says why."""


def parts(filing: FilingRecord) -> list[Part]:
    """Take a filing apart, in the order in which it is read."""
    found = [_part(filing, "sponsor", "主体"), _part(filing, "sponsor.person", "主体负责人")]
    for place, website in enumerate(filing.websites):
        found += _of_website(filing, website, f"websites.{place}")
    return found


def points(filing: FilingRecord) -> dict[str, Point]:
    """Give all points of a filing, by path."""
    return {point.path: point for part in parts(filing) for point in part.points}


def corrected(filing: FilingRecord, typed: Mapping[str, Sequence[str]]) -> tuple[FilingRecord, dict[str, list[str]]]:
    """Give the filing as it was found, and what of `typed` (path → values) could not be read, by path."""
    known, errors = points(filing), {}
    for path, values in typed.items():
        if path not in known:
            continue
        try:
            found = read(known[path], [value.strip() for value in values if value.strip()])
        except Unreadable as error:
            errors[path] = [str(error)]
        else:
            filing = _put(filing, path.split("."), found)
    return filing, errors


def read(point: Point, typed: Sequence[str]) -> Any:
    """Read what was found at a point; None where it turned out to have nothing. Raises `Unreadable`."""
    if not typed:
        if point.field.required:
            raise Unreadable(f"请填写实际的{point.field.label}。")
        return () if point.field.widget == Widget.CHOICES else None
    if point.field.widget == Widget.CHOICES:
        return tuple(_code(each) for each in typed)
    if point.field.widget in _CODES:
        return _code(typed[0])
    if point.field.widget == Widget.RANGES:
        return _range(typed[0], point.value)
    if point.field.limit and len(typed[0]) > point.field.limit:
        raise Unreadable(f"最多 {point.field.limit} 字，现为 {len(typed[0])} 字。")
    return typed[0]


def _of_website(filing: FilingRecord, website: WebsiteRecord, path: str) -> Iterator[Part]:
    named = tuple(
        Point(f"{path}.domains.{place}.name", _DOMAIN, domain.name) for place, domain in enumerate(website.domains)
    )
    first = _part(filing, path, f"网站：{website.name}")
    yield replace(first, points=(first.points[0], *named, *first.points[1:]))
    yield _part(filing, f"{path}.person", "网站负责人")
    for place, access in enumerate(website.accesses):
        yield _of_access(filing, access, f"{path}.accesses.{place}")


def _of_access(filing: FilingRecord, access: AccessRecord, path: str) -> Part:
    part = _part(filing, path, "接入")
    ranges = tuple(Point(f"{path}.ranges.{place}", _RANGE, each) for place, each in enumerate(access.ranges))
    return replace(part, points=(*part.points, *ranges))


def _part(filing: FilingRecord, path: str, title: str) -> Part:
    section: Section = _BY_PLACE[".".join("*" if step.isdecimal() else step for step in path.split("."))]
    fields = (field for field in section.fields if field.name not in _UNSAID)
    return Part(
        title, tuple(Point(f"{path}.{field.name}", field, _at(filing, f"{path}.{field.name}")) for field in fields)
    )


def _at(record: Any, path: str) -> Any:
    for step in path.split("."):
        record = record[int(step)] if step.isdecimal() else getattr(record, step)
    return record


def _put(record: Any, path: Sequence[str], value: Any) -> Any:
    """Give `record` with `value` at `path`."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if step.isdecimal():
        place = int(step)
        return (*record[:place], _put(record[place], rest, value), *record[place + 1 :])
    return replace(record, **{step: _put(getattr(record, step), rest, value)})


def _code(text: str) -> int:
    """Read a code; what stands behind it, as in `440300 深圳市`, is for people."""
    code = (text.split() or [""])[0]
    if not (code.isascii() and code.isdecimal()) or len(code) > _LONGEST_CODE:
        raise Unreadable("请从列表中选择。")
    return int(code)


def _range(text: str, filed: RangeRecord) -> RangeRecord:
    """Read `198.18.0.1` or `198.18.0.1-198.18.0.9`, under the number of the range on file."""
    first, _, last = text.replace("–", "-").partition("-")
    ends = dotted_address(first.strip()), dotted_address((last or first).strip())
    if ends[0] is None or ends[1] is None or ends[0] > ends[1]:
        raise Unreadable("请填写一个IP地址，或形如 198.18.0.1-198.18.0.9 的地址段。")
    return replace(filed, first=ends[0], last=ends[1])
