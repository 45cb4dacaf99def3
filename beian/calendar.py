"""Working days in China: deadlines counted over holidays and make-up work days.

A day works when it is Monday to Friday, unless the published calendar says otherwise. The day on
which something begins does not count (Civil Code, art. 201); days are those of Shanghai.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from beian.codes.tables import DayEntry, read_days

SHANGHAI = ZoneInfo("Asia/Shanghai")

DECISION_DAYS = 20
"""Working days that a bureau has for its decision (Order No. 33, 2005)."""

_FRIDAY = 4
_KEPT_SECONDS = 300.0
_ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off that are no weekend, and weekend days on which people work."""

    holidays: frozenset[datetime.date]
    workdays: frozenset[datetime.date]

    @classmethod
    def of(cls, days: Iterable[DayEntry]) -> Calendar:
        """Make a calendar of single days."""
        days = list(days)
        return cls(
            holidays=frozenset(entry.day for entry in days if not entry.working),
            workdays=frozenset(entry.day for entry in days if entry.working),
        )

    def is_working(self, day: datetime.date) -> bool:
        """Say whether people work on `day`."""
        return day in self.workdays or (day.weekday() <= _FRIDAY and day not in self.holidays)


def add_working_days(
    start: datetime.date | datetime.datetime, count: int, calendar: Calendar | None = None
) -> datetime.date:
    """Give the `count`-th working day after `start`, whose own day does not count.

    `count` 0 gives the day of `start` itself. Raises `ValueError` for a negative count.
    """
    if count < 0:
        raise ValueError(f"cannot add {count} working days")
    calendar = calendar or current()
    day = shanghai_day(start)
    while count:
        day += _ONE_DAY
        count -= calendar.is_working(day)
    return day


def working_days_between(
    start: datetime.date | datetime.datetime, end: datetime.date | datetime.datetime, calendar: Calendar | None = None
) -> int:
    """Count the working days after the day of `start` up to the day of `end`; negative where `end` is earlier.

    It turns `add_working_days` around: from today to a deadline it gives the days that are left.
    """
    first, last = shanghai_day(start), shanghai_day(end)
    if last < first:
        return -working_days_between(last, first, calendar)
    calendar = calendar or current()
    days = (first + datetime.timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(calendar.is_working(day) for day in days)


def deadline(received: datetime.date | datetime.datetime, calendar: Calendar | None = None) -> datetime.date:
    """Give the last day for the decision on an application received then."""
    return add_working_days(received, DECISION_DAYS, calendar)


def shanghai_day(moment: datetime.date | datetime.datetime) -> datetime.date:
    """Give the day in Shanghai of an aware moment; a date is taken as it is.

    Raises `ValueError` for a moment without a time zone, whose day cannot be told.
    """
    if not isinstance(moment, datetime.datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no day in Shanghai")
    return moment.astimezone(SHANGHAI).date()


def shipped() -> Calendar:
    """Give the calendar of the file that comes with the system."""
    return Calendar.of(read_days())


_kept: tuple[float, Calendar] | None = None


def current() -> Calendar:
    """Give the calendar of the database, read at most every five minutes; the shipped one where it is empty."""
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > _KEPT_SECONDS:
        _kept = (now, _from_database() or shipped())
    return _kept[1]


def forget() -> None:
    """Read the database again at the next question."""
    global _kept
    _kept = None


def _from_database() -> Calendar | None:
    from beian.models import CalendarDay  # here, so that checks and tests can count days without Django

    rows = CalendarDay.objects.values_list("day", "working", "name")
    return Calendar.of(DayEntry(*row) for row in rows) if rows else None
