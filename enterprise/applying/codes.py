"""Code tables as the bureau tells them (基础代码): kept per provider, what the shipped tables lack is marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from beian.models import Code, Node, Region
from beian.records import as_json
from beian.records.notices import CodeTable, ReportingUnit
from enterprise.models import Incoming, ReceivedCode

UNITS, REGIONS = "unit", "region"
_AT_ONCE = 2_000


def take_codes(provider: Node, incoming: Incoming, units: Iterable[ReportingUnit], tables: Iterable[CodeTable]) -> None:
    """Keep every entry as it was told; an entry that is known already becomes what it is told to be."""
    said = {(table, entry["code"]): entry for table, entry in _entries(units, tables)}
    if not said:
        return
    shipped = _shipped({table for table, _ in said})
    now = timezone.now()
    rows = [
        ReceivedCode(
            provider=provider,
            table=table,
            code=code,
            name=entry["name"][:512],
            valid=entry["valid"],
            content=entry,
            known=table == UNITS or (table, code) in shipped,
            incoming=incoming,
            received_at=now,
        )
        for (table, code), entry in said.items()
    ]
    ReceivedCode.objects.bulk_create(
        rows,
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["provider", "table", "code"],
        update_fields=["name", "valid", "content", "known", "incoming", "received_at"],
    )


def _entries(units: Iterable[ReportingUnit], tables: Iterable[CodeTable]) -> Iterator[tuple[str, dict[str, Any]]]:
    for unit in units:
        yield UNITS, {"code": unit.number, **_said(unit)}
    for table in tables:
        yield from ((table.table, _said(entry)) for entry in table.entries)


def _said(entry: Any) -> dict[str, Any]:
    """What an entry says; fields that are empty are left out."""
    return {name: value for name, value in as_json(entry).items() if value is not None}


def _shipped(tables: set[str]) -> set[tuple[str, int]]:
    """Give the codes that the rules here know, by table."""
    known: set[tuple[str, int]] = set(Code.objects.filter(table__in=tables).values_list("table", "code"))
    if REGIONS in tables:
        known |= {(REGIONS, code) for code in Region.objects.values_list("code", flat=True)}
    return known
