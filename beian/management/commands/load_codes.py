"""Load the code tables, the regions and the working calendar into the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.db import models, transaction

from beian import calendar
from beian.codes import read_days, read_regions, read_tables
from beian.models import CalendarDay, Code, Region


class Command(BaseCommand):
    """Bring the tables of the database up to the files. Runs as often as one likes.

    What is new is added and what differs is put right; a code or region that is no longer in the
    files stays, marked as not valid, because filings may still name it.
    """

    help = "Load code tables, regions and the working calendar (repeatable)."
    requires_system_checks = ()

    @transaction.atomic
    def handle(self, *_: Any, **__: Any) -> None:
        """Load everything in one transaction and report the counts."""
        self._report("codes", load_codes())
        self._report("regions", load_regions())
        self._report("calendar days", load_days())
        calendar.forget()

    def _report(self, what: str, count: int) -> None:
        self.stdout.write(f"{what}: {count}")


def load_codes() -> int:
    """Upsert every entry of every table; give their number."""
    rows = [
        Code(table=table, code=entry.code, name=entry.name, bit=entry.bit, extra=dict(entry.extra), valid=True)
        for table, entries in read_tables().items()
        for entry in entries.values()
    ]
    _upsert(Code, rows, unique=["table", "code"], update=["name", "bit", "extra", "valid"])
    loaded = {(row.table, row.code) for row in rows}
    gone = [row.pk for row in Code.objects.filter(valid=True) if (row.table, row.code) not in loaded]
    Code.objects.filter(pk__in=gone).update(valid=False)
    return len(rows)


def load_regions() -> int:
    """Upsert the regions, parents first; give their number."""
    rows = [
        Region(code=entry.code, name=entry.name, level=entry.level, parent_id=entry.parent, valid=entry.valid)
        for entry in read_regions().values()
    ]
    for level in (1, 2, 3):
        _upsert(
            Region,
            [row for row in rows if row.level == level],
            unique=["code"],
            update=["name", "level", "parent", "valid"],
        )
    Region.objects.exclude(code__in=[row.code for row in rows]).update(valid=False)
    return len(rows)


def load_days() -> int:
    """Upsert the calendar; give the number of days. Days that a bureau added are kept."""
    rows = [CalendarDay(day=entry.day, working=entry.working, name=entry.name) for entry in read_days()]
    _upsert(CalendarDay, rows, unique=["day"], update=["working", "name"])
    return len(rows)


def _upsert(model: type[models.Model], rows: Sequence[Any], unique: list[str], update: list[str]) -> None:
    model._default_manager.bulk_create(
        rows, batch_size=2_000, update_conflicts=True, unique_fields=unique, update_fields=update
    )
