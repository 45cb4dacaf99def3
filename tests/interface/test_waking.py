"""Workers are woken beside the calls: soon, once for many uploads of an account, and never by a call that waits."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from beian.events import current_correlation
from interface.services import waking

TASK = waking.PROCESS_UPLOAD


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Leave nothing for the next test."""
    waking.tell()
    yield
    waking.tell()


def until(condition: Any) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_broker_is_told_without_being_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    told, may_go_on = [], threading.Event()

    def slow(name: str, args: list[int], **options: object) -> None:
        may_go_on.wait(5)
        told.append((name, args))

    monkeypatch.setattr(waking.celery, "send_task", slow)
    waking.ask(1)
    waking.ask(2)
    assert told == []
    may_go_on.set()
    until(lambda: told == [(TASK, [1]), (TASK, [2])])


def test_an_account_that_asks_often_is_named_once_a_round(
    sent_tasks: list[tuple[str, list[object]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking._some, "set", lambda: None)  # the thread sleeps on
    for account_id in (1, 2, 1, 1, 2):
        waking.ask(account_id)
    waking.tell()
    assert sent_tasks == [(TASK, [1]), (TASK, [2])]
    waking.ask(1)
    waking.tell()
    assert sent_tasks[2:] == [(TASK, [1])]


def test_the_task_goes_on_under_the_id_of_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[uuid.UUID | None] = []
    monkeypatch.setattr(waking.celery, "send_task", lambda *_, **__: found.append(current_correlation.get()))
    correlation = uuid.uuid4()
    token = current_correlation.set(correlation)
    try:
        waking.ask(1)
    finally:
        current_correlation.reset(token)
    until(lambda: found == [correlation])


@pytest.mark.parametrize("error", [ConnectionError, RuntimeError])
def test_one_that_fails_does_not_keep_the_next(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []

    def send(name: str, args: list[int], **options: object) -> None:
        if args == [1]:
            raise error
        told.extend(args)

    monkeypatch.setattr(waking.celery, "send_task", send)
    waking.ask(1)
    waking.ask(2)
    until(lambda: told == [2])
