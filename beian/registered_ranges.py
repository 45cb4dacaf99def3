"""The table of address ranges registered to providers, read from a file: all of it, or nothing.

CSV in UTF-8 with the columns `provider` (identifier), `first` and `last` (dotted, or unsigned numbers).
A row that is wrong would have records returned that are right, so one is enough to load nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction

from beian import events
from beian.checks.names import dotted_address
from beian.copying import Rows
from beian.models import Node, NodeKind, RegisteredRange

COLUMNS = ("provider", "first", "last")
_HIGHEST = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """Addresses of one provider, both ends included."""

    isp_id: int
    first: int
    last: int


class BadRows(ValueError):
    """Rows that are wrong: `problems` has each with its line and what is wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read(lines: Iterable[str]) -> list[Row]:
    """Read a file line by line. Raises `BadRows` that names every bad row."""
    reader = csv.DictReader(lines)
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise BadRows([f"line 1: the columns {', '.join(missing)} are missing"])
    known = set(_providers())
    rows: list[Row] = []
    problems: list[str] = []
    seen: dict[Row, int] = {}
    for values in reader:
        line = reader.line_num
        faults = list(_faults(values, known))
        if faults:
            problems += [f"line {line}: {fault}" for fault in faults]
            continue
        row = Row(int(values["provider"]), _address(values["first"]) or 0, _address(values["last"]) or 0)
        if row in seen:
            problems.append(f"line {line}: stands in line {seen[row]} already")
        seen.setdefault(row, line)
        rows.append(row)
    if problems:
        raise BadRows(problems)
    return rows


def _providers() -> Iterator[str]:
    codes = Node.objects.filter(kind=NodeKind.PROVIDER).values_list("code", flat=True)
    return (code.removeprefix("provider:") for code in codes)


def _faults(values: dict[str, str], known: Collection[str]) -> Iterator[str]:
    """Say all that is wrong with one row."""
    if (values["provider"] or "").strip() not in known:
        yield f"provider {values['provider']!r} is unknown here"
    first, last = _address(values["first"]), _address(values["last"])
    for name, address in (("first", first), ("last", last)):
        if address is None:
            yield f"{name} {values[name]!r} is no IPv4 address"
    if first is not None and last is not None and first > last:
        yield f"first {values['first']} lies behind last {values['last']}"


def _address(text: str | None) -> int | None:
    """Read an address, dotted or as an unsigned number."""
    text = (text or "").strip()
    if text.isascii() and text.isdecimal():
        return int(text) if int(text) <= _HIGHEST else None
    return dotted_address(text)


def replace_all(bureau: Node, rows: Iterable[Row]) -> int:
    """Let `rows` be all that the bureau knows of registered addresses; gives how many they are."""
    with transaction.atomic():
        RegisteredRange.objects.held_by(bureau).delete()
        table = Rows(RegisteredRange)
        for row in rows:
            table.add(holder_id=bureau.pk, isp_id=row.isp_id, first=row.first, last=row.last)
        count = table.flush()
        events.record("registered_ranges", bureau.pk, "load", node=bureau, data={"rows": count})
    return count
