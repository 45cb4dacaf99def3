"""The whole way over a real broker: outbox, queue, worker, inbox, acknowledgement."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator

import pytest
from celery.contrib.testing.worker import start_worker
from django.db import transaction
from django.utils import timezone

from beian.celery import app, node_queue
from beian.exchange import Delivery, dispatch, handles, registry, send, tasks
from beian.models import Message, MessageState, Node, NodeKind, ReceivedMessage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[Delivery]:
    monkeypatch.setattr(registry, "_handlers", {})
    deliveries: list[Delivery] = []
    handles("test", at=NodeKind.MINISTRY)(deliveries.append)
    handles("test", at=NodeKind.BUREAU)(deliveries.append)
    return deliveries


@pytest.fixture
def queues() -> Iterator[None]:
    """Empty queues on our own Valkey, before and after."""
    app.control.purge()
    with app.pool.acquire(block=True) as connection:
        connection.default_channel.client.flushdb()
        yield
        connection.default_channel.client.flushdb()


@pytest.fixture
def worker(queues: None, ministry: Node, guangdong: Node, beijing: Node) -> Callable[..., object]:
    """Start a worker, in this process, that consumes the queues of some nodes."""

    def start(*nodes: Node) -> object:
        names = [node_queue(node.code) for node in nodes]
        return start_worker(app, queues=names, pool="solo", perform_ping_check=False, shutdown_timeout=20)

    return start


def post(source: Node, destination: Node) -> Message:
    with transaction.atomic():
        return send(source, destination, "test", {"version": 1}, uuid.uuid4(), about="sponsor:1")


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.02)


def acknowledged(message: Message) -> Callable[[], bool]:
    return lambda: Message.objects.get(pk=message.pk).state == MessageState.ACKNOWLEDGED


def make_due() -> None:
    Message.objects.waiting().update(due_at=timezone.now())


def test_a_message_arrives_and_is_acknowledged(
    worker: Callable[..., object], handled: list[Delivery], guangdong: Node, ministry: Node
) -> None:
    with worker(guangdong, ministry):  # type: ignore[attr-defined]
        message = post(guangdong, ministry)
        wait_for(acknowledged(message))
    message.refresh_from_db()
    assert [delivery.body for delivery in handled] == [{"version": 1}]
    assert message.body is None
    assert (message.tries, message.copies) == (1, 0)


def test_the_ministry_carries_it_to_another_bureau(
    worker: Callable[..., object], handled: list[Delivery], guangdong: Node, beijing: Node, ministry: Node
) -> None:
    with worker(guangdong, ministry, beijing):  # type: ignore[attr-defined]
        message = post(guangdong, beijing)
        wait_for(lambda: Message.objects.filter(state=MessageState.ACKNOWLEDGED).count() == 2)
    assert [(delivery.at, delivery.source) for delivery in handled] == [(beijing, guangdong)]
    assert {row.holder for row in Message.objects.filter(uid=message.uid)} == {guangdong, ministry}


def test_a_lost_acknowledgement_leads_to_a_second_delivery_and_one_handling(
    worker: Callable[..., object],
    handled: list[Delivery],
    guangdong: Node,
    ministry: Node,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The worker dies between its commit and its answer."""
    answer, lost = tasks._answer, []
    monkeypatch.setattr(tasks, "_answer", lambda *arguments: lost.append(arguments))
    with worker(guangdong, ministry):  # type: ignore[attr-defined]
        message = post(guangdong, ministry)
        wait_for(lambda: bool(lost))
        assert ReceivedMessage.objects.count() == 1
        assert not acknowledged(message)()
        monkeypatch.setattr(tasks, "_answer", answer)
        make_due()
        assert dispatch.sweep() == 1
        wait_for(acknowledged(message))
    assert len(handled) == 1
    assert Message.objects.get().tries == 2


def test_a_broker_that_lost_everything_gets_it_again(
    worker: Callable[..., object], handled: list[Delivery], guangdong: Node, ministry: Node
) -> None:
    message = post(guangdong, ministry)
    with app.pool.acquire(block=True) as connection:
        assert connection.default_channel.client.llen(node_queue("ministry")) == 1
        connection.default_channel.client.flushdb()
    make_due()
    with worker(guangdong, ministry):  # type: ignore[attr-defined]
        assert dispatch.sweep() == 1
        wait_for(acknowledged(message))
    assert len(handled) == 1


def test_copies_that_wait_in_the_queue_count_until_it_is_empty(
    worker: Callable[..., object], handled: list[Delivery], guangdong: Node, ministry: Node
) -> None:
    post(guangdong, ministry)
    make_due()
    dispatch.sweep()
    assert Message.objects.get().copies == 2
    with worker(ministry):  # type: ignore[attr-defined]
        wait_for(lambda: dispatch._queue_is_empty(ministry))
    make_due()
    dispatch.sweep()
    assert Message.objects.get().copies == 1


def test_the_sender_is_told_why_it_has_to_go_on(
    worker: Callable[..., object], monkeypatch: pytest.MonkeyPatch, guangdong: Node, ministry: Node
) -> None:
    """By the name of the error only: its text could quote the body."""
    monkeypatch.setattr(registry, "_handlers", {})

    @handles("test", at=NodeKind.MINISTRY)
    def fail(delivery: Delivery) -> None:
        raise ValueError("identity number 440099199001010017")

    with worker(guangdong, ministry):  # type: ignore[attr-defined]
        message = post(guangdong, ministry)
        wait_for(lambda: Message.objects.get().problem != "")
    message.refresh_from_db()
    assert message.problem == "处理失败：ValueError"
    assert message.state == MessageState.WAITING


def test_an_unknown_kind_is_named_to_the_sender(
    worker: Callable[..., object], monkeypatch: pytest.MonkeyPatch, guangdong: Node, ministry: Node
) -> None:
    monkeypatch.setattr(registry, "_handlers", {})
    with worker(guangdong, ministry):  # type: ignore[attr-defined]
        post(guangdong, ministry)
        wait_for(lambda: Message.objects.get().problem != "")
    assert Message.objects.get().problem == "ministry 不处理此类消息：test"
