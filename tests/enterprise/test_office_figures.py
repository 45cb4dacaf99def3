"""The figures: each stage's time counts for who ended it, in the period in which he did."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beian import events
from beian.models import Event, Node, User
from enterprise.models import Case
from enterprise.queries.figures import Period, figures
from enterprise.services import cases
from enterprise.services.assigning import assign
from enterprise.workflow import State, Team
from tests.enterprise.conftest import case_in


def aged(event: Event, hours: float) -> None:
    """Move an event into the past; events are append-only, but for this test."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("update beian_event set at = at - %s * interval '1 hour' where id = %s", [hours, event.pk])
        cursor.execute("set local session_replication_role = origin")


def of(case: Case, verb: str) -> Event:
    return Event.objects.filter(subject_kind="case", subject=str(case.pk), verb=verb).get()


@pytest.fixture
def today() -> Period:
    return Period(timezone.localdate(), timezone.localdate())


def test_a_stage_counts_for_who_ended_it(isp: Node, clerk: User, office_supervisor: User, today: Period) -> None:
    for n, (hours, person) in enumerate(((2, clerk), (4, clerk), (10, office_supervisor)), start=1):
        case = case_in(isp, State.SUBMITTED, n)
        cases.pass_check(isp, case.pk, person)
        aged(of(case, "submit"), hours)
    found = figures(isp, today)
    feng = next(line for line in found.people if line.name == str(clerk))
    stage = feng.stages[State.SUBMITTED]
    assert (stage.count, round(stage.median, 1), feng.done) == (2, 3.0, 2)
    assert round(found.whole.stages[State.SUBMITTED].median, 1) == 4.0
    assert found.whole.stages[State.SUBMITTED].count == 3


def test_teams_are_told_apart_and_open_work_is_counted(isp: Node, clerk: User, today: Period) -> None:
    new, legacy = case_in(isp, State.SUBMITTED, 1), case_in(isp, State.SUBMITTED, 2)
    Case.objects.filter(pk=legacy.pk).update(team=Team.LEGACY)
    assign(isp, legacy.pk, clerk, clerk)
    cases.pass_check(isp, new.pk, clerk)
    found = figures(isp, today)
    teams = {line.name: line for line in found.teams}
    assert State.SUBMITTED in teams["新增备案组"].stages
    assert State.SUBMITTED not in teams["存量数据组"].stages
    assert (found.whole.open, teams["存量数据组"].open) == (2, 1)
    assert next(line for line in found.people if line.name == str(clerk)).open == 1


def test_what_the_bureau_returned_counts_for_who_queued_it(isp: Node, clerk: User, today: Period) -> None:
    for n, verb in enumerate(("hear_filed", "hear_refused", "hear_returned", "hear_filed"), start=1):
        case = case_in(isp, State.VERIFIED, n)
        cases.queue(isp, case.pk, clerk)
        events.record("case", case.pk, verb, node=isp, data={"before": "acknowledged", "after": "filed"})
    line = next(line for line in figures(isp, today).people if line.name == str(clerk))
    assert (line.heard, line.unkept, line.share) == (4, 2, 50)


def test_other_days_and_other_providers_do_not_count(isp: Node, clerk: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    cases.pass_check(isp, case.pk, clerk)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    assert figures(isp, Period(yesterday, yesterday)).whole.stages == {}
    elsewhere = Node.objects.create(code="provider:440000000098", kind="provider", name="别家", province=440000)
    assert figures(elsewhere, Period(timezone.localdate(), timezone.localdate())).whole.stages == {}


def test_the_file_says_the_same(
    isp: Node, clerk: User, office_supervisor: User, signed_in: Callable[..., Client]
) -> None:
    case = case_in(isp, State.SUBMITTED)
    cases.pass_check(isp, case.pk, clerk)
    client, kwargs = signed_in(office_supervisor), {"isp": isp.isp_id}
    page = client.get(reverse("enterprise:figures", kwargs=kwargs))
    assert str(clerk) in page.content.decode()
    lines = client.get(reverse("enterprise:figures_csv", kwargs=kwargs)).content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[:4] for line in lines if line.startswith("人员")] == [["人员", str(clerk), "0", "1"]]
    wrong = client.get(reverse("enterprise:figures", kwargs=kwargs), {"first": "2026-02-01", "last": "2026-01-01"})
    assert wrong.status_code == 422
