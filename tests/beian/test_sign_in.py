"""Signing in, being refused, being paused, changing the password, going out."""

from __future__ import annotations

import ipaddress
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import redis
import time_machine
from django.contrib.auth.hashers import identify_hasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from beian.models import Event, Node, User
from beian.services.sign_in import throttle as counter
from beian.web import throttle
from beian.web.client_address import client_network
from tests.conftest import PASSWORD

WRONG = "用户名或密码不正确。"


@pytest.fixture
def address() -> str:
    """An address that no other test calls from: counters outlive a test."""
    return str(ipaddress.IPv6Address("2001:db8::") + uuid.uuid4().int % 2**96)


def sign_in(username: str, password: str, address: str, client: Client | None = None, **data: str) -> Any:
    client = client or Client()
    return client.post("/login", {"username": username, "password": password, **data}, REMOTE_ADDR=address)


def test_the_right_password_leads_to_the_desk(reviewer: User, address: str) -> None:
    response = sign_in("zhao", PASSWORD, address)
    assert (response.status_code, response["Location"]) == (302, "/home")


def test_a_new_session_begins(reviewer: User, address: str) -> None:
    client = Client()
    client.get("/login")
    client.session["planted"] = True
    planted = client.session
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    sign_in("zhao", PASSWORD, address, client)
    assert client.session.session_key != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()


@pytest.mark.parametrize("target", ["/styleguide", "/home?x=1"])
def test_it_goes_on_where_it_was_going(reviewer: User, address: str, target: str) -> None:
    assert sign_in("zhao", PASSWORD, address, next=target)["Location"] == target


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil"]
)
def test_it_goes_nowhere_else(reviewer: User, address: str, target: str) -> None:
    assert sign_in("zhao", PASSWORD, address, next=target)["Location"] == "/home"
    assert "evil" not in Client().get("/login", {"next": target}).content.decode()


def test_refusals_cannot_be_told_apart(reviewer: User, person: Any, guangdong: Node, address: str) -> None:
    off = person("off", guangdong)
    off.is_active = False
    off.save(update_fields=["is_active"])
    pages = set()
    for username, password in (("zhao", "wrong"), ("nobody-at-all", "wrong"), ("off", PASSWORD)):
        response = sign_in(username, password, address)
        assert response.status_code == 200
        assert WRONG in response.content.decode()
        pages.add(response.content.decode().replace(username, ""))
    assert len({len(page) for page in pages}) == 1


def test_a_name_that_nobody_has_takes_as_long(settings: Any, person: Any, guangdong: Node, address: str) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = person("slow", guangdong)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])

    def seconds(username: str) -> float:
        best = 9.0
        for _ in range(3):
            started = time.perf_counter()
            sign_in(username, "wrong", address)
            best = min(best, time.perf_counter() - started)
        return best

    known, unknown = seconds("slow"), seconds("nobody-at-all")
    assert 0.5 < known / unknown < 2


def test_passwords_are_kept_with_argon2(settings: Any, person: Any, guangdong: Node) -> None:
    from beian import settings as declared

    settings.PASSWORD_HASHERS = declared.PASSWORD_HASHERS
    user = person("argon", guangdong)
    user.set_password(PASSWORD)
    assert identify_hasher(user.password).algorithm == "argon2"


def test_after_five_wrong_tries_there_is_a_pause(settings: Any, reviewer: User, address: str) -> None:
    answers = [sign_in("zhao", "wrong", address) for _ in range(settings.ENV.sign_in_tries)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    paused = sign_in("zhao", PASSWORD, address)
    assert paused.status_code == 429
    assert "请在 15 分钟后再试" in paused.content.decode()


def test_names_that_nobody_has_are_paused_alike(settings: Any, address: str, db: None) -> None:
    answers = [sign_in("nobody-at-all", "wrong", address).status_code for _ in range(settings.ENV.sign_in_tries)]
    assert answers == [200, 200, 200, 200, 429]


def test_writing_the_name_otherwise_gives_no_more_tries(settings: Any, reviewer: User, address: str) -> None:
    for name in ("zhao", "ZHAO", " zhao", "Zhao ", "zhaO"):
        last = sign_in(name, "wrong", address)
    assert last.status_code == 429


def test_neighbours_behind_one_proxy_go_on(settings: Any, reviewer: User, colleague: User, address: str) -> None:
    for _ in range(settings.ENV.sign_in_tries):
        sign_in("zhao", "wrong", address)
    assert sign_in("qian", PASSWORD, address).status_code == 302


def test_somebody_elsewhere_cannot_lock_an_account(settings: Any, reviewer: User, address: str) -> None:
    for _ in range(settings.ENV.sign_in_tries):
        sign_in("zhao", "wrong", address)
    assert sign_in("zhao", PASSWORD, "192.0.2.77").status_code == 302


def test_the_pause_ends(settings: Any, reviewer: User, address: str) -> None:
    for _ in range(settings.ENV.sign_in_tries):
        sign_in("zhao", "wrong", address)
    key = counter()._key(("zhao", client_network(address)))
    assert 14 * 60 < throttle.connection().ttl(key) <= 15 * 60
    throttle.connection().pexpire(key, 1)
    time.sleep(0.01)
    assert sign_in("zhao", PASSWORD, address).status_code == 302


def test_a_success_forgets_the_tries_before(settings: Any, reviewer: User, address: str) -> None:
    for _ in range(3):
        for _ in range(settings.ENV.sign_in_tries - 1):
            sign_in("zhao", "wrong", address)
        assert sign_in("zhao", PASSWORD, address).status_code == 302


def test_of_many_tries_at_once_no_more_than_allowed_pass(address: str) -> None:
    counter = throttle.Throttle("test", limit=5, seconds=60)
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda _: counter.hit("a", address), range(40)))
    assert sum(verdict.allowed for verdict in verdicts) == 5
    assert counter.hit("a", f"{address}0").allowed
    assert counter.hit("a" + address[:1], address[1:]).allowed


def test_nobody_signs_in_uncounted(reviewer: User, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    down = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    monkeypatch.setattr(throttle, "connection", lambda: down)
    response = sign_in("zhao", PASSWORD, address)
    assert response.status_code == 503
    assert "登录服务暂时不可用" in response.content.decode()


def test_it_is_written_down_without_what_was_typed(reviewer: User, address: str) -> None:
    sign_in("zhao", "hunter2-typed", address)
    sign_in("a-password-typed-as-name", "x", address)
    client = Client()
    sign_in("zhao", PASSWORD, address, client)
    client.post("/logout")
    events = list(Event.objects.filter(subject_kind="user").order_by("id"))
    assert [(event.verb, event.subject) for event in events] == [
        ("sign_in.failed", str(reviewer.pk)),
        ("sign_in.failed", "0"),
        ("sign_in.done", str(reviewer.pk)),
        ("sign_out.done", str(reviewer.pk)),
    ]
    assert all("address" in event.data for event in events)
    assert "typed" not in str([(event.data, event.reason, event.actor_name) for event in events])


def test_going_out_takes_a_post_and_ends_the_session(reviewer: User, signed_in: Any) -> None:
    client = signed_in(reviewer)
    key = client.session.session_key
    assert client.get("/logout").status_code == 405
    assert client.post("/logout")["Location"] == "/login"
    assert not Session.objects.filter(session_key=key).exists()


def test_a_form_without_its_token_is_refused(reviewer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/login", {"username": "zhao", "password": PASSWORD})
    assert response.status_code == 403
    assert "页面已过期，内容没有提交" in response.content.decode()


def test_a_session_ends_eight_hours_after_its_last_use(reviewer: User, signed_in: Any) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        client = signed_in(reviewer)
        for _ in range(3):
            clock.shift(timedelta(hours=7))
            assert client.get("/password").status_code == 200
        clock.shift(timedelta(hours=8, minutes=1))
        assert client.get("/password").status_code == 302


def test_a_session_is_not_written_with_every_click(
    reviewer: User, signed_in: Any, django_assert_num_queries: Any
) -> None:
    client = signed_in(reviewer)
    client.get("/password")
    with django_assert_num_queries(3):  # session, user, desks: no writing
        client.get("/password")


class TestPassword:
    """Changing one's own password."""

    NEW = "quite another phrase 7"

    def change(self, client: Client, address: str, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> Any:
        return client.post("/password", {"old": old, "new": new, "again": again}, REMOTE_ADDR=address)

    def test_it_is_changed_and_other_sessions_end(self, reviewer: User, signed_in: Any, address: str) -> None:
        here, elsewhere = signed_in(reviewer), signed_in(reviewer)
        assert self.change(here, address)["Location"] == "/home"
        reviewer.refresh_from_db()
        assert reviewer.check_password(self.NEW)
        assert here.get("/password").status_code == 200
        assert elsewhere.get("/password").status_code == 302
        assert Event.objects.get(verb="password.changed").actor == reviewer

    def test_all_that_is_wrong_is_said_at_once(self, reviewer: User, signed_in: Any, address: str) -> None:
        page = self.change(signed_in(reviewer), address, new="zhao", again="zhaoo").content.decode()
        assert "密码太短，至少要 10 个字符。" in page
        assert "密码与用户名或姓名太相近。" in page
        page = self.change(signed_in(reviewer), address, again="something else").content.decode()
        assert "两次输入的新密码不一致" in page
        reviewer.refresh_from_db()
        assert reviewer.check_password(PASSWORD)

    def test_guessing_the_old_one_is_paused(self, settings: Any, reviewer: User, signed_in: Any, address: str) -> None:
        client = signed_in(reviewer)
        for _ in range(settings.ENV.sign_in_tries):
            last = self.change(client, address, old="guess")
        assert "尝试次数过多" in last.content.decode()
        assert "尝试次数过多" in self.change(client, address).content.decode()
        reviewer.refresh_from_db()
        assert reviewer.check_password(PASSWORD)


def test_without_a_desk_the_page_says_what_to_do(person: Any, guangdong: Node, signed_in: Any) -> None:
    client = signed_in(person("idle", guangdong))
    page = client.get("/home")
    assert page.status_code == 200
    assert "系统管理员为账号“idle”分配岗位" in page.content.decode()
