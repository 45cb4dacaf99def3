"""A clock that was ahead for a moment costs a moment, whatever was written down meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from beian.models import Node
from enterprise.gateway import fetching, uploading, waiting
from enterprise.gateway.steps import Step
from enterprise.models import Call, Connection
from enterprise.queries import timeline
from enterprise.views.connection.loops import loops_of, when
from interface.models import ProviderAccount
from tests.enterprise.gateways import in_process, queued
from tests.interface.in_process import InProcess

pytestmark = pytest.mark.django_db

AHEAD = timedelta(days=30)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, account: ProviderAccount) -> InProcess:
    return in_process(monkeypatch, account)


def ahead(do: Callable[[], object]) -> datetime:
    """Do something while the clock is ahead; gives the moment that it took for now."""
    moment = timezone.now() + AHEAD
    with time_machine.travel(moment, tick=False):
        do()
    return moment


def test_a_look_in_the_future_does_not_put_the_next_one_off(line: InProcess, connection: Connection) -> None:
    Connection.objects.update(poll_seconds=60)
    ahead(lambda: fetching.step_when_due(connection.pk))
    assert Call.objects.count() == 1
    fetching.step_when_due(connection.pk)
    assert Call.objects.count() == 2
    connection.refresh_from_db()
    assert connection.last_looked_at is not None
    assert connection.last_looked_at <= timezone.now()
    fetching.step_when_due(connection.pk)
    assert Call.objects.count() == 2, "the interval holds again"


def test_the_page_shows_no_look_that_is_still_to_come(line: InProcess, connection: Connection) -> None:
    moment = ahead(lambda: fetching.step_when_due(connection.pk))
    connection.refresh_from_db()
    shown = loops_of(connection).downloads
    assert shown.tone == "warn"
    assert when(moment) not in shown.text
    assert "时钟" in shown.text
    fetching.step_when_due(connection.pk)
    connection.refresh_from_db()
    assert loops_of(connection).downloads.tone == "good"


def test_another_machines_clock_may_be_a_little_ahead(connection: Connection) -> None:
    connection.last_looked_at = timezone.now() + timedelta(seconds=30)
    assert loops_of(connection).downloads.tone == "good"
    assert waiting.last_look(connection) <= timezone.now()  # type: ignore[operator]


@pytest.mark.parametrize("round_of", [uploading.step, fetching.step_when_due])
def test_a_pause_that_ends_later_than_any_pause_is_over(
    line: InProcess, isp: Node, connection: Connection, round_of: Callable[[int], Step]
) -> None:
    queued(isp, 1)
    ahead(lambda: (waiting.uploads(connection.pk, "没有应答。"), waiting.downloads(connection.pk, "没有应答。")))
    connection.refresh_from_db()
    loops = loops_of(connection)
    assert "等待中" not in loops.uploads.title + loops.downloads.title
    assert round_of(connection.pk) in (Step.DONE, Step.IDLE)


def test_sponsors_are_told_of_no_such_pause_nor_look(line: InProcess, isp: Node, connection: Connection) -> None:
    (case,) = queued(isp, 1)
    ahead(lambda: (waiting.uploads(connection.pk, "没有应答。"), waiting.downloads(connection.pk, "没有应答。")))
    ahead(lambda: Connection.objects.update(last_looked_at=timezone.now()))
    link = timeline.known(case).link
    assert link is not None
    assert (link.uploads_wait_until, link.downloads_wait_until, link.looked_at) == (None, None, None)


def test_the_longest_pauses_that_there_are_still_hold(connection: Connection) -> None:
    now = timezone.now()
    connection.poll_seconds = 86_400
    connection.uploads_wait_until = connection.downloads_wait_until = now + timedelta(days=1)
    assert waiting.uploads_until(connection) == waiting.downloads_until(connection) == now + timedelta(days=1)
    connection.poll_seconds = 60
    assert waiting.downloads_until(connection) is None
    connection.downloads_wait_until = now + timedelta(seconds=waiting.PAUSES[-1])
    assert waiting.downloads_until(connection) == connection.downloads_wait_until
