"""Messages and letters whose carrier is killed: carried again, handled once."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail as outbox
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from beian import mail
from beian.celery import app, node_queue
from beian.exchange import dispatch, tasks
from beian.exchange.envelope import envelope_of
from beian.models import Mail, Message, MessageState, Node, ReceivedMessage
from beian.records import as_json
from bureau.models import Application
from bureau.services import intake
from interface.models import ProviderAccount
from tests.builders import filing
from tests.bureau.test_forwarding import of_beijing
from tests.deaths.killing import kill_at
from tests.messages import carry_all
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("code_tables", "_empty_queues")]


@pytest.fixture
def _empty_queues() -> Any:
    """Let nothing lie in the queues, before and after."""
    with app.pool.acquire(block=True) as connection:
        connection.default_channel.client.flushdb()
        yield
        connection.default_channel.client.flushdb()


def queued(node: Node) -> int:
    with app.pool.acquire(block=True) as connection:
        return int(connection.default_channel.client.llen(node_queue(node.code)))


@pytest.fixture
def at_the_ministry(account: ProviderAccount, beijing: Node, ministry: Node) -> Message:
    """An application for Beijing that the ministry is to hand over."""
    upload_of(account, [of_beijing(1)])
    intake.drain(account.pk)
    for message in Message.objects.filter(hop=ministry).select_related("hop", "source", "destination", "holder"):
        tasks.deliver(as_json(envelope_of(message)), "ministry", message.holder.code)
    return Message.objects.select_related("hop", "source", "destination", "holder").get(
        holder=ministry, kind="application"
    )


@pytest.mark.parametrize(
    ("point", "handled"),
    [
        ("before beian.exchange.receiving._handle", 0),
        ("after beian.exchange.receiving._handle", 0),
        ("before beian.exchange.tasks._answer", 1),
    ],
)
def test_a_receiver_that_dies_handles_a_message_once(
    at_the_ministry: Message, beijing: Node, point: str, handled: int
) -> None:
    delivery = (as_json(envelope_of(at_the_ministry)), beijing.code, "ministry")
    kill_at(point, "deliver", *delivery)
    assert Application.objects.filter(holder=beijing).count() == handled
    assert ReceivedMessage.objects.filter(holder=beijing).count() == handled
    at_the_ministry.refresh_from_db()
    assert at_the_ministry.state == MessageState.WAITING

    tasks.deliver(*delivery)
    assert Application.objects.filter(holder=beijing).count() == 1
    assert ReceivedMessage.objects.filter(holder=beijing).count() == 1
    assert queued(beijing) == 2  # content and application, handed over when the ministry took them
    tasks.acknowledge(str(at_the_ministry.uid), "ministry")
    at_the_ministry.refresh_from_db()
    assert at_the_ministry.state == MessageState.ACKNOWLEDGED


def test_a_message_taken_but_never_published_is_sent_again(
    account: ProviderAccount, beijing: Node, ministry: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as silent:
        silent.setattr(dispatch, "push", lambda pk: None)
        upload_of(account, [of_beijing(1)])
        intake.drain(account.pk)
    message = Message.objects.get(kind="application")
    kill_at("before beian.exchange.dispatch._publish", "push", message.pk)
    message.refresh_from_db()
    assert (message.tries, queued(ministry)) == (1, 0)
    with time_machine.travel(timezone.now() + dispatch.PAUSES[0] + timedelta(seconds=1)):
        assert dispatch.sweep() == 2
    assert queued(ministry) == 2
    carry_all()
    assert Application.objects.filter(holder=beijing).count() == 1


def test_a_letter_is_sent_twice_rather_than_never(db: None) -> None:
    with transaction.atomic():
        letter = mail.write("somebody@example.com", "主题", "正文")
    written = kill_at("after django.core.mail.EmailMessage.send", "mail", letter.pk)
    letter.refresh_from_db()
    assert (letter.sent_at, mail.send(letter.pk)) == (None, False)
    with time_machine.travel(timezone.now() + mail.FIRST_PAUSE + timedelta(seconds=1)):
        assert mail.send(letter.pk)
    first = re.search(r"^Message-ID: (\S+)$", written, re.M)
    assert first is not None
    assert outbox.outbox[0].message()["Message-ID"] == first[1]
    assert Mail.objects.get().body is None


def test_a_broker_that_lost_everything_is_told_again(account: ProviderAccount, beijing: Node, ministry: Node) -> None:
    """Uploads, messages and letters stand in the database: each has a sweeper that finds it."""
    upload_of(account, [of_beijing(1)])
    intake.drain(account.pk)
    upload_of(account, [filing(2)])
    with transaction.atomic():
        mail.write("somebody@example.com", "主题", "正文")
    assert queued(ministry) == 2
    with app.pool.acquire(block=True) as connection:
        connection.default_channel.client.flushdb()
    with time_machine.travel(timezone.now() + timedelta(seconds=45)):
        assert intake.waiting_accounts() == [account.pk]
        assert dispatch.sweep() == 2
        assert mail.waiting().count() == 1
    assert queued(ministry) == 2


def test_a_broker_that_is_away_keeps_nobody_waiting() -> None:
    """Whoever stores an upload or approves tells the broker before the answer goes out."""
    started = time.monotonic()
    with (
        app.connection_for_write("redis://127.0.0.1:1") as connection,
        pytest.raises(OperationalError),
        app.amqp.Producer(connection) as producer,
    ):
        app.send_task("beian.tasks.heartbeat", producer=producer, retry=False)
    assert time.monotonic() - started < 1
