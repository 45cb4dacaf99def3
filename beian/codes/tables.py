"""The code tables and the calendar as they lie in this folder, one CSV file a table.

A table's file has a column `code`, a column `name`, maybe `bit` (2 to the power of code - 1), and
whatever else only that table says. `evidence` tells how sure a code is: `sourced` (seen with its
code in the published interface), `inferred` (computed), `replaceable` (a short table of our own,
where no published one gives codes: put the ministry's in its place).
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
_CALENDAR = "calendar_day"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a code table; `extra` holds the columns that only its table has."""

    code: int
    name: str
    bit: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    valid: bool = True


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A day off that is no weekend, or a weekend day on which people work."""

    day: datetime.date
    working: bool
    name: str


def table_names() -> list[str]:
    """Give the names of the code tables, in order."""
    return sorted(path.stem for path in FOLDER.glob("*.csv") if path.stem != _CALENDAR)


@cache
def read_table(name: str) -> Mapping[int, Entry]:
    """Read one table by code. Raises `FileNotFoundError` where there is none of that name."""
    return {entry.code: entry for entry in map(_entry, _rows(name))}


def read_tables() -> dict[str, Mapping[int, Entry]]:
    """Read all tables by name, then by code."""
    return {name: read_table(name) for name in table_names()}


@cache
def read_days() -> tuple[DayEntry, ...]:
    """Read the days whose being a working day was published (国务院办公厅's yearly notice).

    `evidence` in the file says `published`, or `statutory` for a year whose notice was not out when
    the file was made: there only the days that the law itself names are off.
    """
    return tuple(
        DayEntry(datetime.date.fromisoformat(row["day"]), row["working"] == "1", row["name"])
        for row in _rows(_CALENDAR)
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _entry(row: dict[str, str]) -> Entry:
    code, name = int(row.pop("code")), row.pop("name")
    bit = row.pop("bit", "")
    extra = {key: int(value) if value.isdecimal() else value for key, value in row.items() if value}
    return Entry(code, name, int(bit) if bit else None, extra)
