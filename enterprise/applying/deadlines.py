"""By when a task is to be done: as its notice says, else as the office has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from beian.calendar import add_working_days, shanghai_day
from enterprise.models import TaskKind

# The interface has no field for a deadline and no regulation sets one for these: they are working days of
# our own choosing, short where access without a filing goes on meanwhile.
WORKING_DAYS: dict[TaskKind, int] = {
    TaskKind.CLOSURE: 1,
    TaskKind.BLACKLIST: 1,
    TaskKind.ILLEGAL_ACCESS: 3,
    TaskKind.UNFILED: 5,
    TaskKind.UNTOLD: 5,
    TaskKind.CHECK: 10,
    TaskKind.CORRECTION: 10,
    TaskKind.ACCESS: 10,
    TaskKind.LIVENESS: 10,
    TaskKind.CERTIFICATE: 20,
    TaskKind.SHELL: 20,
}

_DATE = re.compile(r"(20\d{2})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*日?\s*(前|之前|以前)?")


def due(kind: TaskKind, *texts: str | None) -> date:
    """Give the day by which a task is to be done; `texts` are what the bureau wrote about it."""
    said = [found for text in texts if text for found in _dates(text)]
    urgent = [day for day, before in said if before]
    days = urgent or [day for day, _ in said]
    return days[-1] if days else add_working_days(shanghai_day(timezone.now()), WORKING_DAYS[kind])


def _dates(text: str) -> Iterator[tuple[date, bool]]:
    """Read the days that a text names, and whether it says "before"."""
    for year, month, day, before in _DATE.findall(text):
        try:
            yield date(int(year), int(month), int(day)), bool(before)
        except ValueError:
            continue
