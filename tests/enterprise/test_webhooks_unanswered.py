"""Receivers that do not answer, or answer rubbish: they cost seconds, not workers, and nobody waits for them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from beian.models import Node, User
from enterprise.models import Delivery, DeliveryState, Webhook
from enterprise.services import receivers, webhooks
from enterprise.tasks import tell_webhooks

TLS_ALERT = b"\x15\x03\x01\x00\x02\x02\x16"


class Raw:
    """A receiver that counts who comes, and sends pieces of bytes, one every 50 ms; `holds` keeps the line open."""

    def __init__(self, *pieces: bytes, holds: bool = False) -> None:
        self.pieces, self.holds, self.calls, self.done = pieces, holds, 0, threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}/hook?key=1"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connected, _ = self.listening.accept()
                threading.Thread(target=self._answer, args=(connected,), daemon=True).start()

    def _answer(self, connected: socket.socket) -> None:
        self.calls += 1
        with connected, suppress(OSError):
            connected.recv(1 << 16)
            for piece in self.pieces:
                connected.sendall(piece)
                if self.done.wait(0.05 if len(self.pieces) > 1 else 0):
                    return
            if self.holds:
                self.done.wait(20)


@pytest.fixture
def standing(isp: Node, office_administrator: User) -> Iterator[Callable[..., tuple[Raw, Webhook]]]:
    """Stand a receiver up: `standing(b"HTTP/1.1 200 OK\\r\\n\\r\\n")`."""
    up: list[Raw] = []

    def make(*pieces: bytes, holds: bool = False) -> tuple[Raw, Webhook]:
        up.append(Raw(*pieces, holds=holds))
        return up[-1], webhooks.add(isp, up[-1].url, office_administrator)[0]

    yield make
    for each in up:
        each.done.set()
        each.listening.close()


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "SECONDS", 0.5)


def deliveries(hook: Webhook, many: int = 1, **values: Any) -> list[Delivery]:
    first = Delivery.objects.count() + 1
    return [Delivery.objects.create(webhook=hook, event=first + n, body={}, **values) for n in range(many)]


@pytest.mark.usefixtures("_impatient")
def test_the_seconds_are_those_of_the_whole_answer(standing: Callable[..., tuple[Raw, Webhook]]) -> None:
    _, hook = standing(b"HTTP/1.1 200 OK\r\nX-Slow: ", *[b"x"] * 100)
    (delivery,) = deliveries(hook)
    began = time.monotonic()
    assert not webhooks.deliver(delivery.pk)
    assert time.monotonic() - began < 2
    delivery.refresh_from_db()
    assert (delivery.tries, delivery.answered, "0.5 s" in delivery.problem) == (1, None, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_impatient")
def test_who_does_not_answer_is_asked_once_in_a_run_and_keeps_nobody_waiting(
    standing: Callable[..., tuple[Raw, Webhook]],
) -> None:
    silent, dead = standing(holds=True)
    quick, alive = standing(b"HTTP/1.1 204 No Content\r\n\r\n")
    deliveries(dead, 5)
    deliveries(alive, 5)
    began = time.monotonic()
    assert tell_webhooks() == 5
    assert time.monotonic() - began < 3
    assert (silent.calls, quick.calls) == (1, 5)
    deliveries(dead, 1)
    assert tell_webhooks() == 0
    assert silent.calls == 1, "what is new waits with the others"


def test_the_pause_grows_while_nothing_is_taken_and_ends_when_something_is(
    standing: Callable[..., tuple[Raw, Webhook]],
) -> None:
    raw, hook = standing(b"HTTP/1.1 500 No\r\n\r\n")
    pauses = []
    for _ in range(9):
        now = timezone.now()
        pauses.append(round((receivers.failed(hook).until - now).total_seconds()))
    assert pauses == [10, 20, 40, 80, 160, 320, 600, 600, 600]
    waits = deliveries(hook)[0]
    assert list(webhooks.waiting()) == []
    raw.pieces = (b"HTTP/1.1 200 OK\r\n\r\n",)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert webhooks.deliver(waits.pk)
    assert receivers.failing([hook]) == {}


def test_one_that_is_not_taken_does_not_keep_the_others_for_long(
    standing: Callable[..., tuple[Raw, Webhook]],
) -> None:
    """What was tried least comes first: one body that a receiver cannot digest is not always the first."""
    raw, hook = standing(b"HTTP/1.1 500 No\r\n\r\n")
    bad, *others = deliveries(hook, 3)
    assert webhooks.tell() == 0
    raw.pieces = (b"HTTP/1.1 200 OK\r\n\r\n",)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert [each.pk for each in webhooks.waiting()] == [*(each.pk for each in others), bad.pk]
        assert webhooks.tell() == 3


def test_what_a_receiver_did_not_take_for_days_is_given_up_together(
    standing: Callable[..., tuple[Raw, Webhook]],
) -> None:
    _, hook = standing(b"HTTP/1.1 500 No\r\n\r\n")
    receivers.failed(hook)
    old = deliveries(hook, 3)
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        new = deliveries(hook, 1)
        assert webhooks.tell() == 0
    states = list(Delivery.objects.order_by("event").values_list("state", flat=True))
    assert states == [DeliveryState.GIVEN_UP] * len(old) + [DeliveryState.WAITING] * len(new)
    assert all(Delivery.objects.filter(state=DeliveryState.GIVEN_UP).values_list("problem", flat=True))


def test_a_run_posts_a_few_of_each_and_ends_in_time(
    standing: Callable[..., tuple[Raw, Webhook]], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, hook = standing(b"HTTP/1.1 200 OK\r\n\r\n")
    deliveries(hook, webhooks.A_FEW + 5)
    assert webhooks.tell() == webhooks.A_FEW
    monkeypatch.setattr(webhooks, "RUN_SECONDS", 0.0)
    assert webhooks.tell() == 0
    assert raw.calls == webhooks.A_FEW


@pytest.mark.django_db(transaction=True)
def test_one_process_tells_at_a_time(standing: Callable[..., tuple[Raw, Webhook]]) -> None:
    raw, hook = standing(holds=True)
    deliveries(hook, 2)

    def run() -> None:
        try:
            webhooks.tell()
        finally:
            connections.close_all()

    first = threading.Thread(target=run)
    first.start()
    began = time.monotonic()
    while not raw.calls:
        assert time.monotonic() - began < 10
        time.sleep(0.01)
    began = time.monotonic()
    assert webhooks.tell() == 0
    assert time.monotonic() - began < 1
    raw.done.set()
    first.join()
    assert raw.calls == 1


def test_an_answer_that_is_no_text_is_a_failure_like_any(standing: Callable[..., tuple[Raw, Webhook]]) -> None:
    _, hook = standing(TLS_ALERT)
    _, alive = standing(b"HTTP/1.1 200 OK\r\n\r\n")
    (delivery,) = deliveries(hook)
    deliveries(alive)
    assert webhooks.tell() == 1
    delivery.refresh_from_db()
    assert (delivery.tries, delivery.state) == (1, DeliveryState.WAITING)
    assert delivery.problem.isprintable()
    assert delivery.problem
    assert delivery.not_before is not None


def test_a_try_that_ends_as_nobody_thought_of_is_one_all_the_same(
    standing: Callable[..., tuple[Raw, Webhook]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, hook = standing(b"HTTP/1.1 200 OK\r\n\r\n")
    (delivery,) = deliveries(hook, tries=webhooks.MOST_TRIES - 1)

    def breaks(_: Delivery) -> Any:
        raise RuntimeError

    monkeypatch.setattr(webhooks, "_post", breaks)
    assert webhooks.tell() == 0
    delivery.refresh_from_db()
    assert delivery.tries == webhooks.MOST_TRIES
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        webhooks.tell()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.GIVEN_UP
