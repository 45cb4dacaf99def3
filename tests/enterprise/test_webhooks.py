"""Webhooks: told once committed, signed, again until they are taken, never with personal data."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from beian.models import Node, User
from beian.services.refusals import Invalid
from enterprise.models import Delivery, DeliveryState, Task, TaskKind, Webhook
from enterprise.services import tasks, webhooks
from enterprise.workflow import State
from tests.enterprise.conftest import case_in


class Receiver(ThreadingHTTPServer):
    """Takes deliveries, and answers as it is told."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.taken: list[tuple[dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), _Taking)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((dict(self.headers), body))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.server.url)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A system that wants to be told."""
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(isp: Node, office_administrator: User, receiver: Receiver) -> Webhook:
    return webhooks.add(isp, receiver.url, office_administrator)[0]


def deliver_all() -> int:
    return sum(webhooks.deliver(pk) for pk in list(webhooks.waiting().values_list("pk", flat=True)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("code_tables")
def test_each_step_of_a_case_is_told_signed_and_without_personal_data(
    isp: Node, hook: Webhook, receiver: Receiver
) -> None:
    case = case_in(isp, State.SUBMITTED)
    assert webhooks.gather(hook.pk) == 2
    assert deliver_all() == 2
    headers, body = receiver.taken[-1]
    said = json.loads(body)
    assert said["event"] == "case.submit"
    assert said["case"] == {"id": case.pk, "reference": case.reference, "order": "", "state": "submitted"}
    moment = headers["Beian-Signature"].split(",")[0].removeprefix("t=")
    digest = hmac.new(hook.secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["Beian-Signature"] == f"t={moment},v1={digest}"
    assert case.sponsor_name not in body.decode()
    assert webhooks.gather(hook.pk) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("code_tables")
def test_what_is_not_committed_is_not_passed_by(isp: Node, hook: Webhook) -> None:
    """An older transaction may still write an event with a lower number than one that is committed."""
    begun, finish = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                case_in(isp, State.DRAFT, 1)
                begun.set()
                finish.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('beian_event', 'id'))")
    from beian import events

    events.record("case", 0, "begin", node=isp)
    told_early = webhooks.gather(hook.pk)
    finish.set()
    thread.join()
    assert told_early == 0
    assert webhooks.gather(hook.pk) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("code_tables")
def test_a_delivery_that_is_not_taken_comes_again_later(isp: Node, hook: Webhook, receiver: Receiver) -> None:
    receiver.answers = [500, 302]
    case_in(isp, State.DRAFT)
    webhooks.gather(hook.pk)
    assert deliver_all() == 0
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.answered, waiting.tries) == (DeliveryState.WAITING, 500, 1)
    assert list(webhooks.waiting()) == []
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert deliver_all() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert deliver_all() == 1
    assert [json.loads(body)["id"] for _, body in receiver.taken] == [str(waiting.pk)] * 3


def test_it_is_given_up_in_the_end_and_can_be_sent_again(isp: Node, hook: Webhook, office_administrator: User) -> None:
    delivery = Delivery.objects.create(webhook=hook, event=1, body={}, tries=webhooks.MOST_TRIES - 1)
    Webhook.objects.update(url="http://127.0.0.1:1/nobody")
    assert not webhooks.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.answered) == (DeliveryState.GIVEN_UP, None)
    assert delivery.problem
    webhooks.send_again(isp, delivery.pk, office_administrator)
    assert list(webhooks.waiting()) == [delivery]


@pytest.mark.parametrize("url", ["ftp://example1.cn/", "example1.cn", "http://user@example1.cn/", "http://"])
def test_an_address_that_cannot_be_told_is_refused(url: str, isp: Node, office_administrator: User) -> None:
    with pytest.raises(Invalid):
        webhooks.add(isp, url, office_administrator)


def test_the_pages_of_the_administrator(
    isp: Node, office_administrator: User, signed_in: Callable[[User], Client], hook: Webhook
) -> None:
    client, root = signed_in(office_administrator), f"/isp/{isp.isp_id}/systems"
    made = client.post(f"{root}/tokens", {"name": "订购系统", "scopes": ["cases:read"]})
    assert "只显示这一次" in made.content.decode()
    assert "只显示这一次" not in client.get(root).content.decode()
    assert client.post(f"{root}/tokens", {"name": ""}).status_code == 422
    assert client.post(f"{root}/webhooks", {"url": "nowhere"}).status_code == 422
    assert client.post(f"{root}/webhooks/{hook.pk}/switch", {"active": "0"}).status_code == 302
    assert not Webhook.objects.get().active
    assert client.get(f"{root}/webhooks/{hook.pk}").status_code == 200


def test_another_providers_webhook_is_not_there(
    isp: Node, hook: Webhook, guangdong: Node, person: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    from beian.models import Role
    from tests.conftest import make_account

    other = make_account(guangdong, 440000000009, "示例接入商九").provider
    client, root = signed_in(person("yuan", other, Role.ADMINISTRATOR)), f"/isp/{other.isp_id}/systems"
    delivery = Delivery.objects.create(webhook=hook, event=1, body={})
    assert client.get(f"{root}/webhooks/{hook.pk}").status_code == 404
    assert client.post(f"{root}/webhooks/{hook.pk}/switch", {"active": "0"}).status_code == 404
    assert client.post(f"{root}/deliveries/{delivery.pk}/again").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("code_tables")
def test_a_task_that_is_done_is_told(isp: Node, hook: Webhook, clerk: User) -> None:
    task = Task.objects.create(provider=isp, kind=TaskKind.CORRECTION, about="1", title="整改", content={})
    tasks.handle(isp, task.pk, clerk, "已通知主办者修改")
    webhooks.gather(hook.pk)
    said = Delivery.objects.latest("event").body
    assert said["event"].startswith("task.")
    assert said["task"] == {"id": task.pk, "kind": "correction", "state": "done"}
