"""The operators' page: counts by province, and messages that nobody has confirmed."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from beian.exchange import send
from beian.models import Event, Message, MessageState, Node, User
from tests.ministry.filings import numbered, report

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    cache.clear()


@pytest.fixture
def message(guangdong: Node, ministry: Node) -> Message:
    with transaction.atomic():
        sent = send(guangdong, ministry, "filing", {"name": "示例科技有限公司"}, uuid.uuid4(), about="sponsor:440000")
    Message.objects.update(tries=3, problem="处理失败：ValueError")
    return sent


def again(message: Message) -> str:
    return f"/ministry/messages/{message.pk}/send-again"


def test_unacknowledged_messages_are_shown_without_their_bodies(
    operator: User, signed_in: SignIn, message: Message
) -> None:
    page = signed_in(operator).get("/ministry/").content.decode()
    for expected in (
        "备案数据",
        "sponsor:440000",
        "广东省通信管理局 → 工业和信息化部",
        "处理失败：ValueError",
        "重新发送",
    ):
        assert expected in page
    assert "示例科技有限公司" not in page


def test_where_all_arrived_it_says_so(operator: User, signed_in: SignIn, message: Message) -> None:
    Message.objects.update(state=MessageState.ACKNOWLEDGED)
    assert "所有消息都已送达" in signed_in(operator).get("/ministry/").content.decode()


def test_filings_are_counted_by_province(operator: User, signed_in: SignIn, guangdong: Node, beijing: Node) -> None:
    report(guangdong, numbered(1, websites=2))
    report(guangdong, numbered(2))
    report(beijing, numbered(3, province=110000))
    response = signed_in(operator).get("/ministry/")
    counts = [(count.province, count.sponsors, count.websites, count.domains) for count in response.context["counts"]]
    assert counts == [("北京市", 1, 1, 1), ("广东省", 2, 3, 3)]
    assert response.context["websites"] == 4


def test_a_stopped_message_is_sent_again(operator: User, signed_in: SignIn, message: Message) -> None:
    Message.objects.update(state=MessageState.STOPPED)
    response = signed_in(operator).post(again(message), follow=True)
    assert "消息已重新发送" in response.content.decode()
    message.refresh_from_db()
    assert (message.state, message.tries) == (MessageState.WAITING, 0)
    event = Event.objects.get(verb="send_again")
    assert (event.actor, event.subject) == (operator, str(message.uid))


def test_one_that_was_confirmed_meanwhile_is_left_alone(operator: User, signed_in: SignIn, message: Message) -> None:
    Message.objects.update(state=MessageState.ACKNOWLEDGED)
    response = signed_in(operator).post(again(message), follow=True)
    assert "对方已经确认了这条消息" in response.content.decode()
    assert not Event.objects.filter(verb="send_again").exists()


def test_nobody_else_sees_the_desk_or_sends(
    supervisor: User, outsider: User, signed_in: SignIn, message: Message
) -> None:
    for user in (supervisor, outsider):
        client = signed_in(user)
        assert client.get("/ministry/").status_code == 403
        assert client.post(again(message)).status_code == 403
    assert Client().get("/ministry/")["Location"] == "/login?next=/ministry/"
    assert Client().post(again(message)).status_code == 302
    message.refresh_from_db()
    assert message.tries == 3


def test_sending_again_needs_a_post_and_a_message(operator: User, signed_in: SignIn, message: Message) -> None:
    client = signed_in(operator)
    assert client.get(again(message)).status_code == 405
    assert client.post("/ministry/messages/999999/send-again").status_code == 404
