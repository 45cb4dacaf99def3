"""However often a message is delivered, and in whatever order, it is handled once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from beian.crypto import CannotOpen
from beian.events import current_correlation
from beian.exchange import Delivery, Envelope, Refused, handles, registry, send
from beian.exchange.envelope import envelope_of
from beian.exchange.receiving import receive
from beian.models import Message, Node, NodeKind, Receipt, ReceivedMessage
from beian.records import as_json, from_json


@pytest.fixture
def network(ministry: Node, guangdong: Node, beijing: Node) -> dict[str, Node]:
    return {node.code: node for node in (ministry, guangdong, beijing)}


@pytest.fixture(autouse=True)
def handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the handlers of the test."""
    monkeypatch.setattr(registry, "_handlers", {})


@pytest.fixture
def handled() -> Iterator[list[Delivery]]:
    """Handlers at the ministry and at bureaus that note what they get, in memory and as a row."""
    deliveries: list[Delivery] = []

    def note(delivery: Delivery) -> None:
        deliveries.append(delivery)
        Node.objects.filter(pk=delivery.at.pk).update(telephone=str(delivery.body["version"]))

    handles("test", at=NodeKind.MINISTRY)(note)
    handles("test", at=NodeKind.BUREAU)(note)
    handles("state", at=NodeKind.MINISTRY, newest_only=True)(note)
    return deliveries


def post(network: dict[str, Node], kind: str = "test", version: int = 1, to: str = "ministry") -> Envelope:
    with transaction.atomic():
        message = send(
            network["bureau:440000"], network[to], kind, {"version": version}, uuid.uuid4(), about="sponsor:1"
        )
    return envelope_of(message)


def test_the_handler_gets_the_opened_body(network: dict[str, Node], handled: list[Delivery]) -> None:
    envelope = post(network)
    assert receive(envelope, "ministry") == Receipt.HANDLED
    assert handled == [
        Delivery(
            uid=envelope.uid,
            source=network["bureau:440000"],
            at=network["ministry"],
            kind="test",
            about="sponsor:1",
            correlation=envelope.correlation,
            body={"version": 1},
        )
    ]


def test_it_survives_the_broker_as_json(network: dict[str, Node]) -> None:
    envelope = post(network)
    assert from_json(as_json(envelope), Envelope) == envelope


def test_a_repeated_delivery_does_nothing(network: dict[str, Node], handled: list[Delivery]) -> None:
    envelope = post(network)
    assert [receive(envelope, "ministry") for _ in range(3)] == [Receipt.HANDLED] * 3
    assert len(handled) == 1
    assert ReceivedMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_deliveries_at_once_are_handled_once(network: dict[str, Node]) -> None:
    """The second waits for the first inside the handler, and then finds the inbox row."""
    entered, leave, calls = threading.Event(), threading.Event(), []

    @handles("slow", at=NodeKind.MINISTRY)
    def slow(delivery: Delivery) -> None:
        calls.append(delivery.uid)
        entered.set()
        assert leave.wait(10)

    envelope = post(network, "slow")

    def deliver() -> None:
        try:
            receive(envelope, "ministry")
        finally:
            connection.close()

    first, second = threading.Thread(target=deliver), threading.Thread(target=deliver)
    first.start()
    assert entered.wait(10)
    second.start()
    second.join(0.3)
    assert second.is_alive()
    leave.set()
    first.join(10), second.join(10)
    assert calls == [envelope.uid]
    assert ReceivedMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_fails_leaves_nothing_and_is_tried_again(network: dict[str, Node]) -> None:
    attempts: list[int] = []

    @handles("shaky", at=NodeKind.MINISTRY)
    def shaky(delivery: Delivery) -> None:
        Node.objects.filter(code="ministry").update(telephone="written")
        attempts.append(1)
        if len(attempts) == 1:
            raise ZeroDivisionError

    envelope = post(network, "shaky")
    with pytest.raises(ZeroDivisionError):
        receive(envelope, "ministry")
    assert Node.objects.get(code="ministry").telephone == ""
    assert not ReceivedMessage.objects.exists()
    assert receive(envelope, "ministry") == Receipt.HANDLED
    assert Node.objects.get(code="ministry").telephone == "written"


def test_an_overtaken_state_is_passed_over(network: dict[str, Node], handled: list[Delivery]) -> None:
    older, newer = post(network, "state", 1), post(network, "state", 2)
    assert receive(newer, "ministry") == Receipt.HANDLED
    assert receive(older, "ministry") == Receipt.SUPERSEDED
    assert Node.objects.get(code="ministry").telephone == "2"


def test_without_newest_only_an_overtaken_message_is_still_handled(
    network: dict[str, Node], handled: list[Delivery]
) -> None:
    older, newer = post(network, "test", 1), post(network, "test", 2)
    assert [receive(newer, "ministry"), receive(older, "ministry")] == [Receipt.HANDLED] * 2


def test_the_ministry_relays_without_opening(network: dict[str, Node], handled: list[Delivery]) -> None:
    envelope = post(network, to="bureau:110000")
    assert receive(envelope, "ministry") == Receipt.RELAYED
    assert receive(envelope, "ministry") == Receipt.RELAYED
    onward = Message.objects.get(holder=network["ministry"])
    assert onward.hop == network["bureau:110000"]
    assert envelope_of(onward) == envelope
    assert handled == []
    assert receive(envelope_of(onward), "bureau:110000") == Receipt.HANDLED
    assert handled[0].source == network["bureau:440000"]


def test_a_bureau_does_not_relay(network: dict[str, Node]) -> None:
    with pytest.raises(Refused, match="不转发"):
        receive(post(network), "bureau:110000")


def test_an_unknown_kind_is_refused(network: dict[str, Node]) -> None:
    with pytest.raises(Refused, match="不处理"):
        receive(post(network, "gossip"), "ministry")
    assert not ReceivedMessage.objects.exists()


@pytest.mark.parametrize(("at", "source"), [("bureau:990000", None), ("ministry", "bureau:990000")])
def test_unknown_systems_are_refused(network: dict[str, Node], at: str, source: str | None) -> None:
    envelope = post(network)
    with pytest.raises(Refused, match="990000"):
        receive(replace(envelope, source=source) if source else envelope, at)


def test_a_node_served_elsewhere_takes_nothing_here(network: dict[str, Node], settings: Any) -> None:
    envelope = post(network)
    settings.ENV = type("Env", (), {"nodes": ("bureau:440000",)})
    with pytest.raises(Refused, match="此处没有"):
        receive(envelope, "ministry")


def test_a_forged_source_does_not_open(network: dict[str, Node], handled: list[Delivery]) -> None:
    with pytest.raises(CannotOpen):
        receive(replace(post(network), source="bureau:110000"), "ministry")
    assert handled == []


def test_what_the_handler_writes_belongs_to_the_same_correlation(network: dict[str, Node]) -> None:
    seen: list[uuid.UUID | None] = []
    handles("look", at=NodeKind.MINISTRY)(lambda delivery: seen.append(current_correlation.get()))
    envelope = post(network, "look")
    receive(envelope, "ministry")
    assert seen == [envelope.correlation]
    assert current_correlation.get() is None


def test_one_kind_has_one_handler_at_a_tier(handled: list[Delivery]) -> None:
    with pytest.raises(ValueError, match="already"):
        handles("test", at=NodeKind.MINISTRY)(lambda delivery: None)
