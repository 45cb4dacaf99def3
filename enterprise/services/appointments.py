"""Appointments at the counter: which half hours are free, and taking one, moving it, giving it up."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from beian import calendar
from beian.calendar import SHANGHAI
from beian.models import Node, User
from beian.services.refusals import Invalid, MovedOn
from enterprise.models import Appointment, AppointmentState, Case, CounterSettings
from enterprise.services import notices
from enterprise.services.guard import lock, tell
from enterprise.workflow import State

HALF_HOUR = datetime.timedelta(minutes=30)
NOTICE = datetime.timedelta(hours=1)
"""So long before it begins a half hour may be taken at the latest."""

BRING = (
    "网站负责人本人居民身份证（或其他有效证件）原件",
    "单位：主办单位证件原件（营业执照等）和公章；个人：不需要",
    "涉及前置审批的：审批文件原件",
)
"""What the letter asks to bring."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A half hour; `left` is how many cases it still takes."""

    at: datetime.datetime
    left: int

    @property
    def local(self) -> datetime.datetime:
        """The beginning in China's time."""
        return self.at.astimezone(SHANGHAI)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the counter."""

    day: datetime.date
    slots: tuple[Slot, ...]

    @property
    def left(self) -> int:
        """How many cases it still takes."""
        return sum(slot.left for slot in self.slots)


def settings_of(provider: Node) -> CounterSettings:
    """Give the counter's settings; the usual ones, not stored, where nobody has set any."""
    return CounterSettings.objects.filter(provider=provider).first() or CounterSettings(provider=provider)


def days(provider: Node, now: datetime.datetime | None = None) -> list[Day]:
    """Give the days on which the counter takes appointments, with all their half hours. Two queries."""
    now = now or timezone.now()
    settings = settings_of(provider)
    taken = _taken(provider, now)
    found = []
    for day in _open_days(settings, now.astimezone(SHANGHAI).date()):
        slots = [
            Slot(at, max(0, settings.capacity - taken[at])) for at in _half_hours(settings, day) if at >= now + NOTICE
        ]
        if slots:
            found.append(Day(day, tuple(slots)))
    return found


def book(provider: Node, case_id: int, at: datetime.datetime, actor: User) -> Appointment:
    """Take a half hour for a case that waits for its verification, or move it there; the sponsor gets a letter.

    Raises `MovedOn` where the case does not wait, `Invalid` where the half hour is full or none of the counter's.
    """
    with transaction.atomic():
        case = lock(provider, case_id)
        if case.state != State.CHECKED:
            raise MovedOn(f"这件申请现在是“{case.get_state_display()}”，不需要预约当面核验。")
        settings = _locked_settings(provider)
        standing = case.appointments.booked().first()
        if standing is not None and standing.starts_at == at:
            return standing
        _check_free(provider, at)
        verb = "move_appointment" if standing else "book_appointment"
        if standing is None:
            standing = Appointment.objects.create(provider=provider, case=case, starts_at=at, made_by=actor)
        else:
            standing.starts_at, standing.made_by = at, actor
            standing.save(update_fields=["starts_at", "made_by"])
        tell(case, verb, actor, data={"at": at.isoformat()})
        notices.tell_appointment(case, at=at, where=settings.place, bring=BRING)
        return standing


def cancel(provider: Node, case_id: int, actor: User) -> None:
    """Give an appointment up; the sponsor gets a letter. Raises `MovedOn` where none stands."""
    with transaction.atomic():
        case = lock(provider, case_id)
        standing = case.appointments.booked().first()
        if standing is None:
            raise MovedOn("这件申请没有预约。")
        standing.state = AppointmentState.CANCELLED
        standing.save(update_fields=["state"])
        tell(case, "cancel_appointment", actor, data={"at": standing.starts_at.isoformat()})
        notices.tell_appointment(case, at=None, cancelled=True)


def appointment_of(case: Case) -> Appointment | None:
    """Give the appointment of a case that stands."""
    return case.appointments.booked().first()


def _locked_settings(provider: Node) -> CounterSettings:
    """Lock the counter's row: whoever takes the last place of a half hour does so alone."""
    CounterSettings.objects.get_or_create(provider=provider)
    return CounterSettings.objects.select_for_update().get(provider=provider)


def _check_free(provider: Node, at: datetime.datetime) -> None:
    slot = next((slot for day in days(provider) for slot in day.slots if slot.at == at), None)
    if slot is None:
        raise Invalid({"at": ["这个时间不能预约，请另选时间。"]})
    if not slot.left:
        raise Invalid({"at": ["这个时间刚被约满，请另选时间。"]})


def _taken(provider: Node, since: datetime.datetime) -> Counter[datetime.datetime]:
    rows = Appointment.objects.at(provider).booked().filter(starts_at__gte=since)
    return Counter(rows.values_list("starts_at", flat=True))


def _open_days(settings: CounterSettings, today: datetime.date) -> Iterator[datetime.date]:
    known = calendar.current()
    for ahead in range(settings.days_ahead + 1):
        day = today + datetime.timedelta(days=ahead)
        if known.is_working(day) and day not in settings.closed_days:
            yield day


def _half_hours(settings: CounterSettings, day: datetime.date) -> Iterator[datetime.datetime]:
    for opens, closes in settings.hours:
        at = _moment(day, opens)
        while at + HALF_HOUR <= _moment(day, closes):
            yield at
            at += HALF_HOUR


def _moment(day: datetime.date, clock: str) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.fromisoformat(clock), tzinfo=SHANGHAI)
