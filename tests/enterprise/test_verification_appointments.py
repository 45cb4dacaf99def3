"""Appointments: free half hours by data, taken, moved, given up; never more than the counter holds."""

from __future__ import annotations

import datetime
import threading

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from beian.calendar import SHANGHAI
from beian.models import Event, Mail, Node, User
from beian.services.refusals import Invalid, MovedOn, ServiceError
from enterprise.models import Appointment, AppointmentState, CounterSettings, SponsorAccount
from enterprise.services import appointments, verifications
from enterprise.workflow import State
from tests.enterprise.conftest import case_in

MONDAY = datetime.datetime(2026, 11, 23, 9, 10, tzinfo=SHANGHAI)


def at(hour: int, minute: int = 0, day: int = 24) -> datetime.datetime:
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def test_half_hours_are_those_of_working_days(isp: Node) -> None:
    found = appointments.days(isp, MONDAY)
    assert [day.day.weekday() < 5 for day in found] == [True] * len(found)
    tuesday = next(day for day in found if day.day == datetime.date(2026, 11, 24))
    clocks = [f"{slot.local:%H:%M}" for slot in tuesday.slots]
    assert clocks[:5] == ["09:00", "09:30", "10:00", "10:30", "11:00"]
    assert clocks[5:] == ["13:30", "14:00", "14:30", "15:00", "15:30", "16:00", "16:30"]


def test_what_is_about_to_begin_can_no_longer_be_taken(isp: Node) -> None:
    assert appointments.days(isp, MONDAY)[0].slots[0].local.strftime("%H:%M") == "10:30"


def test_days_off_of_the_office_are_left_out(isp: Node) -> None:
    CounterSettings.objects.create(provider=isp, closed_days=[datetime.date(2026, 11, 24)])
    assert datetime.date(2026, 11, 24) not in [day.day for day in appointments.days(isp, MONDAY)]


@time_machine.travel(MONDAY, tick=False)
def test_a_half_hour_is_booked_moved_and_given_up(isp: Node, sponsor_account: SponsorAccount) -> None:
    case = case_in(isp, State.CHECKED, account=sponsor_account)
    booked = appointments.book(isp, case.pk, at(9), sponsor_account.user)
    moved = appointments.book(isp, case.pk, at(10), sponsor_account.user)
    assert (booked.pk, moved.starts_at) == (moved.pk, at(10))
    appointments.cancel(isp, case.pk, sponsor_account.user)
    assert Appointment.objects.get().state == AppointmentState.CANCELLED
    verbs = list(Event.objects.filter(subject_kind="case", subject=str(case.pk)).values_list("verb", flat=True))
    assert verbs[-3:] == ["book_appointment", "move_appointment", "cancel_appointment"]
    letters = [mail.subject for mail in Mail.objects.order_by("id")]
    assert [any(word in letter for word in ("预约",)) for letter in letters[-3:]] == [True] * 3
    with pytest.raises(MovedOn):
        appointments.cancel(isp, case.pk, sponsor_account.user)


@time_machine.travel(MONDAY, tick=False)
def test_a_full_half_hour_takes_nobody_else(isp: Node, clerk: User) -> None:
    CounterSettings.objects.create(provider=isp, capacity=1)
    appointments.book(isp, case_in(isp, State.CHECKED, 1).pk, at(9), clerk)
    with pytest.raises(Invalid, match="约满"):
        appointments.book(isp, case_in(isp, State.CHECKED, 2).pk, at(9), clerk)


@time_machine.travel(MONDAY, tick=False)
@pytest.mark.parametrize("moment", [at(8), at(9, 15), at(12), at(9, day=28), at(9, day=23)])
def test_other_times_are_none_of_the_counters(isp: Node, clerk: User, moment: datetime.datetime) -> None:
    with pytest.raises(Invalid, match="不能预约"):
        appointments.book(isp, case_in(isp, State.CHECKED).pk, moment, clerk)


@time_machine.travel(MONDAY, tick=False)
def test_only_a_case_that_waits_for_somebody_is_given_a_time(isp: Node, clerk: User) -> None:
    with pytest.raises(MovedOn):
        appointments.book(isp, case_in(isp, State.SUBMITTED).pk, at(9), clerk)


@time_machine.travel(MONDAY, tick=False)
def test_whoever_is_verified_came(isp: Node, verifier: User) -> None:
    case = case_in(isp, State.CHECKED)
    appointments.book(isp, case.pk, at(9), verifier)
    verifications.begin(isp, case.pk, verifier)
    assert Appointment.objects.get().state == AppointmentState.CAME


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("code_tables")
def test_two_who_take_the_last_place_at_once_do_not_both_get_it(isp: Node, clerk: User) -> None:
    CounterSettings.objects.create(provider=isp, capacity=1)
    slot = appointments.days(isp)[0].slots[-1].at
    outcomes: list[str] = []

    def take(case_id: int) -> None:
        try:
            appointments.book(isp, case_id, slot, clerk)
            outcomes.append("booked")
        except ServiceError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(case_in(isp, State.CHECKED, n).pk,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["booked", "refused"]


@time_machine.travel(MONDAY, tick=False)
def test_a_sponsor_books_on_his_page_and_nobody_elses_case(
    client: Client, isp: Node, sponsor_account: SponsorAccount, stranger_account: SponsorAccount
) -> None:
    case = case_in(isp, State.CHECKED, account=sponsor_account)
    page = reverse("enterprise:appointment", kwargs={"isp": isp.isp_id, "reference": case.reference})
    client.force_login(sponsor_account.user)
    assert "选择时间" in client.get(page).content.decode()
    assert client.post(page, {"at": "gibberish"}).status_code == 422
    assert client.post(page, {"at": at(9).isoformat()}).status_code == 302
    assert Appointment.objects.get().starts_at == at(9)
    client.force_login(stranger_account.user)
    assert client.post(page, {"cancel": "yes"}).status_code == 404
    assert Appointment.objects.get().state == AppointmentState.BOOKED


def test_the_counters_hours_are_set_and_what_does_not_fit_is_told(
    client: Client, isp: Node, office_supervisor: User, clerk: User
) -> None:
    page = reverse("enterprise:counter_hours", kwargs={"isp": isp.isp_id})
    client.force_login(clerk)
    assert client.get(page).status_code == 403
    client.force_login(office_supervisor)
    said = {"place": "示例路1号", "hours": "9:00-12:00\n14:00 至 16:30", "capacity": "3", "days_ahead": "7"}
    assert client.post(page, {**said, "closed_days": "2026-12-31"}).status_code == 302
    kept = CounterSettings.objects.get()
    assert kept.hours == [["09:00", "12:00"], ["14:00", "16:30"]]
    assert kept.closed_days == [datetime.date(2026, 12, 31)]
    for wrong in ({"hours": "9-12"}, {"hours": "09:00-12:00\n11:00-13:00"}, {"closed_days": "明天"}, {"capacity": "0"}):
        assert client.post(page, {**said, **wrong}).status_code == 422
    assert CounterSettings.objects.get().hours == kept.hours
