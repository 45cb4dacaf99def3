"""A message is written with the change that caused it, sealed, and sent after commit."""

from __future__ import annotations

import itertools
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from beian.crypto import CannotOpen
from beian.exchange import NotInTransaction, dispatch, send, send_again
from beian.exchange.envelope import envelope_of
from beian.models import Event, Message, MessageState, Node, User

BODY = {"sponsor": {"name": "示例科技有限公司", "mobile": "16000000001"}}
HOUR = timedelta(hours=1)


@pytest.fixture
def network(ministry: Node, guangdong: Node, beijing: Node) -> dict[str, Node]:
    return {node.code: node for node in (ministry, guangdong, beijing)}


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """A broker that takes everything and delivers nothing: gives what was published."""
    published: list[Message] = []
    monkeypatch.setattr(dispatch, "_publish", published.append)
    monkeypatch.setattr(dispatch, "_queue_is_empty", lambda hop: False)
    return published


def write(network: dict[str, Node], about: str = "sponsor:1", to: str = "ministry") -> Message:
    with transaction.atomic():
        return send(network["bureau:440000"], network[to], "filing", BODY, uuid.uuid4(), about=about)


@pytest.mark.django_db(transaction=True)
def test_it_is_refused_outside_a_transaction() -> None:
    source = Node.objects.create(code="bureau:440000", kind="bureau", name="广东")
    with pytest.raises(NotInTransaction):
        send(source, source, "filing", BODY, uuid.uuid4())
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_vanishes_with_the_change_that_caused_it(network: dict[str, Node], broker: list[Message]) -> None:
    with transaction.atomic():
        write(network)
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert broker == []


@pytest.mark.django_db(transaction=True)
def test_it_is_sent_once_after_commit(network: dict[str, Node], broker: list[Message]) -> None:
    with transaction.atomic():
        message = write(network)
        assert broker == []
    assert [sent.pk for sent in broker] == [message.pk]
    message.refresh_from_db()
    assert (message.tries, message.copies, message.state) == (1, 1, MessageState.WAITING)
    assert dispatch.sweep() == 0


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_does_not_touch_the_change(
    network: dict[str, Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(message: Message) -> None:
        raise ConnectionError

    monkeypatch.setattr(dispatch, "_publish", down)
    message = write(network)
    assert Message.objects.waiting().get() == message


def test_the_row_and_the_envelope_carry_only_sealed_bytes(network: dict[str, Node]) -> None:
    message = write(network)
    stored = Message.objects.get()
    assert b"16000000001" not in bytes(stored.body or b"")
    assert "示例科技".encode() not in bytes(stored.body or b"")
    assert envelope_of(message).open() == BODY


@pytest.mark.parametrize(("field", "value"), [("kind", "outcome"), ("about", "sponsor:2"), ("serial", 10**9)])
def test_a_changed_header_does_not_open(network: dict[str, Node], field: str, value: Any) -> None:
    message = write(network)
    setattr(message, field, value)
    with pytest.raises(CannotOpen):
        envelope_of(message).open()


def test_bureau_to_bureau_goes_to_the_ministry_first(network: dict[str, Node]) -> None:
    message = write(network, to="bureau:110000")
    assert (message.hop.code, message.destination.code) == ("ministry", "bureau:110000")


def test_serials_grow(network: dict[str, Node]) -> None:
    serials = [write(network).serial for _ in range(3)]
    assert serials == sorted(set(serials))


def test_it_is_sent_again_with_growing_pauses_then_stopped(network: dict[str, Node], broker: list[Message]) -> None:
    with time_machine.travel("2026-03-02T01:00:00Z", tick=False) as clock:
        message = write(network)
        sent_at = []
        while Message.objects.get().state == MessageState.WAITING:
            if dispatch.sweep():
                sent_at.append(timezone.now())
            clock.move_to(Message.objects.get().due_at)
    pauses = [after - before for before, after in itertools.pairwise(sent_at)]
    assert pauses[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 6 * HOUR
    assert timedelta(days=6) < sent_at[-1] - sent_at[0] < timedelta(days=7)
    assert Message.objects.get(pk=message.pk).state == MessageState.STOPPED


def test_what_is_in_flight_to_a_silent_system_is_bounded(
    network: dict[str, Node], broker: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [write(network, about=f"sponsor:{n}") for n in range(10)]
    monkeypatch.setattr(dispatch, "IN_FLIGHT", messages[0].size * 4)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(100):
            dispatch.sweep()
            clock.shift(HOUR)
    assert len(broker) == 4
    assert {message.about for message in broker} == {"sponsor:0", "sponsor:1", "sponsor:2", "sponsor:3"}


def test_a_queue_that_was_emptied_makes_room_again(
    network: dict[str, Node], broker: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [write(network, about=f"sponsor:{n}") for n in range(6)]
    monkeypatch.setattr(dispatch, "IN_FLIGHT", messages[0].size * 4)
    dispatch.sweep()
    monkeypatch.setattr(dispatch, "_queue_is_empty", lambda hop: True)
    dispatch.sweep()
    assert len({message.about for message in broker}) == 6


def test_a_message_larger_than_the_bound_is_sent_alone(
    network: dict[str, Node], broker: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(network), write(network)
    monkeypatch.setattr(dispatch, "IN_FLIGHT", 10)
    assert dispatch.sweep() == 1


def test_an_operator_sends_a_stopped_one_again(network: dict[str, Node], broker: list[Message], operator: User) -> None:
    message = write(network)
    Message.objects.update(state=MessageState.STOPPED, tries=40, problem="处理失败：ValueError")
    assert send_again(message, operator)
    assert dispatch.sweep() == 1
    assert Event.objects.get(verb="send_again").subject == str(message.uid)


def test_an_acknowledged_one_is_not_sent_again(network: dict[str, Node], broker: list[Message], operator: User) -> None:
    message = write(network)
    Message.objects.update(state=MessageState.ACKNOWLEDGED)
    assert not send_again(message, operator)
    assert dispatch.sweep() == 0
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_process_sends_only_from_the_outboxes_it_serves(
    network: dict[str, Node], broker: list[Message], settings: Any
) -> None:
    write(network)
    Message.objects.update(due_at=timezone.now())
    broker.clear()
    settings.ENV = type("Env", (), {"nodes": ("bureau:110000",)})
    assert dispatch.sweep() == 0
    settings.ENV = type("Env", (), {"nodes": ("bureau:440000",)})
    assert dispatch.sweep() == 1
