"""The regions of GB/T 2260, from the table that python-stdnum carries, with their years.

The last four digits of a code say what it is: `0000` a province, `..00` a city (地级), else a county
(县级). Counties of a municipality hang under a nominal city such as 110100 市辖区, and counties that a
province governs directly under one such as 469000 省直辖县级行政单位, so that every county in force has a
city and every city a province.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PROVINCE, CITY, COUNTY = 1, 2, 3

_PROVINCE_LINE = re.compile(r'^(\d\d) province="')
_REGION_LINE = re.compile(r'^ +(\d{4}) county="([^"]+)"')
_NAME = re.compile(r"(?:\[(\d{4})?-(\d{4})?\])?([^,\[]+)")


@dataclass(frozen=True, slots=True)
class RegionEntry:
    """A region: `level` 1 province, 2 city, 3 county; `valid` is false for one that was abolished."""

    code: int
    name: str
    level: int
    parent: int | None
    valid: bool = True


@cache
def read_regions() -> dict[int, RegionEntry]:
    """Read all regions by code, abolished ones included; a parent comes before its children."""
    names = dict(_names())
    regions = {code: _region(code, *names[code], names) for code in names}
    return dict(sorted(regions.items()))


def level_of(code: int) -> int:
    """Say what a code is by its digits: 1 province, 2 city, 3 county."""
    return PROVINCE if code % 10_000 == 0 else CITY if code % 100 == 0 else COUNTY


def _names() -> Iterator[tuple[int, tuple[str, bool]]]:
    province = ""
    for line in (files("stdnum.cn") / "loc.dat").read_text("utf-8").splitlines():
        if match := _PROVINCE_LINE.match(line):
            province = match[1]
        elif match := _REGION_LINE.match(line):
            yield int(province + match[1]), _name_in_force(match[2])


def _name_in_force(history: str) -> tuple[str, bool]:
    """Take the name in force from `[-1991]东郊区,[1992-]东丽区`; the last one where none is."""
    names = _NAME.findall(history)
    for _, ended, name in names:
        if not ended:
            return name, True
    return names[-1][2], False


def _region(code: int, name: str, valid: bool, known: dict[int, tuple[str, bool]]) -> RegionEntry:
    level = level_of(code)
    province, city = code // 10_000 * 10_000, code // 100 * 100
    parent = None if level == PROVINCE else city if level == COUNTY and city in known else province
    return RegionEntry(code, name, level, parent, valid)
