"""Whatever order events are numbered, written and committed in, each is told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from beian import events
from beian.models import Event, Node, User
from enterprise.models import Case, Delivery, Webhook
from enterprise.services import webhooks
from enterprise.workflow import State
from tests.enterprise.conftest import case_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("code_tables")]


class Beside:
    """A transaction beside the test's, taken step by step."""

    def __init__(self) -> None:
        self._pool, self._atomic = ThreadPoolExecutor(1), transaction.atomic()
        self.do(self._atomic.__enter__)

    def do(self, step: Callable[..., Any], *args: Any) -> Any:
        return self._pool.submit(step, *args).result(10)

    def end(self) -> None:
        if self._atomic:
            self.do(self._atomic.__exit__, None, None, None)
            self.do(connections.close_all)
            self._pool.shutdown()
            del self._atomic
            self._atomic = None


@pytest.fixture
def beside() -> Iterator[Beside]:
    other = Beside()
    yield other
    other.end()


@pytest.fixture
def case(isp: Node) -> Case:
    return case_in(isp, State.DRAFT)


@pytest.fixture
def hook(case: Case, isp: Node, office_administrator: User) -> Webhook:
    return webhooks.add(isp, "http://127.0.0.1:1/hook", office_administrator)[0]


def written(case: Case) -> int:
    return events.record("case", case.pk, "queue", node=case.provider).pk


def numbered() -> int:
    """Take a number as an INSERT does, which gets an id of a transaction only after it."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE beian_event IN ROW EXCLUSIVE MODE")
        cursor.execute("SELECT nextval(pg_get_serial_sequence('beian_event', 'id'))")
        return int(cursor.fetchone()[0])


def written_as(case: Case, number: int) -> None:
    event = events.make("case", case.pk, "queue", node=case.provider)
    event.pk = number
    event.save(force_insert=True)


def begin() -> None:
    """Get the id of a transaction before anything is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")


def told(hook: Webhook) -> list[int]:
    webhooks.gather(hook.pk)
    return sorted(hook.deliveries.values_list("event", flat=True))


def test_one_that_began_later_and_was_numbered_earlier(hook: Webhook, case: Case, beside: Beside) -> None:
    with transaction.atomic():
        begin()
        slow = beside.do(written, case)
        quick = written(case)
    assert slow < quick
    assert told(hook) == [quick]
    beside.end()
    assert told(hook) == [slow, quick]


def test_one_that_has_a_number_and_no_id_yet(hook: Webhook, case: Case, beside: Beside) -> None:
    slow = beside.do(numbered)
    quick = written(case)
    assert slow < quick
    assert told(hook) == [quick]
    beside.do(written_as, case, slow)
    assert told(hook) == [quick]
    beside.end()
    assert told(hook) == [slow, quick]


def test_one_that_is_written_while_we_look(
    hook: Webhook, case: Case, beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, both = webhooks._settled, []

    def meanwhile(hook: Webhook) -> int:
        found = look(hook)
        if not both:
            both.extend([beside.do(written, case), written(case)])
        return found

    monkeypatch.setattr(webhooks, "_settled", meanwhile)
    assert told(hook) == both[1:]
    beside.end()
    assert told(hook) == both


def test_what_is_told_early_is_told_once_and_the_cursor_follows(hook: Webhook, case: Case, beside: Beside) -> None:
    beside.do(written, case)
    began = hook.cursor
    first = written(case)
    assert told(hook) == told(hook) == [first]
    hook.refresh_from_db()
    assert hook.cursor == began
    beside.end()
    assert len(told(hook)) == 2
    hook.refresh_from_db()
    assert hook.cursor == Event.objects.latest("id").pk
    Delivery.objects.all().delete()
    assert told(hook) == []


def test_more_than_are_gathered_at_once_are_all_told(
    hook: Webhook, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "AT_ONCE", 2)
    made = [written(case) for _ in range(5)]
    assert [len(told(hook)) for _ in range(3)] == [2, 4, 5]
    assert told(hook) == made
