"""Working days: holidays, make-up days, the day in Shanghai, and the twenty days of a decision."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beian import calendar
from beian.calendar import add_working_days, deadline, shipped, working_days_between
from beian.codes import read_days
from beian.models import CalendarDay

D = datetime.date.fromisoformat
PUBLISHED_YEARS = (2024, 2025, 2026)
days_of_published_years = st.dates(datetime.date(2024, 1, 1), datetime.date(2026, 10, 31))


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-21", 0, "2026-11-21"),
        ("2026-11-21", 1, "2026-11-23"),
        # Spring Festival 2026: off from 15 to 23 February, work on 14 and 28 February.
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-27", 1, "2026-02-28"),
        # National Day 2025 with Mid-Autumn: off from 1 to 8 October, work on 28 September and 11 October.
        ("2025-09-26", 1, "2025-09-28"),
        ("2025-09-30", 1, "2025-10-09"),
        ("2025-10-10", 1, "2025-10-11"),
        ("2024-09-13", 1, "2024-09-14"),
    ],
)
def test_working_days_after_a_day(start: str, count: int, expected: str) -> None:
    assert add_working_days(D(start), count, shipped()) == D(expected)


def test_a_decision_is_due_on_the_twentieth_working_day() -> None:
    assert deadline(D("2026-09-18"), shipped()) == D("2026-10-22")
    assert deadline(D("2026-11-02"), shipped()) == D("2026-11-30")


def test_a_moment_counts_as_its_day_in_shanghai() -> None:
    late = datetime.datetime(2026, 11, 2, 17, 0, tzinfo=datetime.UTC)
    assert deadline(late, shipped()) == deadline(D("2026-11-03"), shipped())


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        deadline(datetime.datetime(2026, 11, 2), shipped())  # noqa: DTZ001


def test_days_are_not_added_backwards() -> None:
    with pytest.raises(ValueError, match="-1"):
        add_working_days(D("2026-11-02"), -1, shipped())


@given(days_of_published_years, st.integers(0, 60))
def test_counting_undoes_adding(start: datetime.date, count: int) -> None:
    end = add_working_days(start, count, shipped())
    assert working_days_between(start, end, shipped()) == count
    assert working_days_between(end, start, shipped()) == -count
    assert count == 0 or shipped().is_working(end)


def test_make_up_days_are_weekend_days_of_published_years() -> None:
    for entry in read_days():
        if entry.working:
            assert entry.day.weekday() >= 5
            assert entry.day.year in PUBLISHED_YEARS


@pytest.mark.parametrize(("year", "working"), [(2024, 251), (2025, 248), (2026, 248)])
def test_the_working_days_of_a_year(year: int, working: int) -> None:
    assert working_days_between(D(f"{year - 1}-12-31"), D(f"{year}-12-31"), shipped()) == working


@pytest.mark.django_db
def test_the_calendar_of_the_database_goes_first() -> None:
    calendar.forget()
    assert calendar.current() == shipped()
    CalendarDay.objects.create(day="2026-11-23", working=False, name="本省假日")
    calendar.forget()
    assert add_working_days(D("2026-11-20"), 1) == D("2026-11-24")
    calendar.forget()
