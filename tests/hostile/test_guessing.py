"""Guessing: of many tries at once no more than allowed pass, from wherever they come, and memory holds."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from beian.models import User
from beian.services import sign_in
from beian.web.throttle import connection
from interface.models import CallLog
from tests.conftest import PASSWORD
from tests.hostile import wire
from tests.hostile.test_memory import Watch
from tests.interface import calling
from tests.interface.serving import Server

WRONG = 40


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Begin with nothing counted, and leave nothing behind."""
    yield
    for pattern in ("throttle:*", "interface:*"):
        for key in connection().scan_iter(pattern):
            connection().delete(key)


def guess(username: str, address: str, password: str = "wrong") -> int:
    return Client().post("/login", {"username": username, "password": password}, REMOTE_ADDR=address).status_code


@pytest.mark.django_db
def test_one_address_cannot_try_every_account(settings: Any, reviewer: User) -> None:
    allowed = settings.ENV.sign_in_tries * sign_in.TRIES_OF_AN_ADDRESS
    for number in range(allowed):
        assert guess(f"user{number}", "192.0.2.77") == 200
    assert guess("one-more", "192.0.2.77") == 429
    assert guess(reviewer.username, "192.0.2.77", PASSWORD) == 429
    assert guess(reviewer.username, "192.0.2.78", PASSWORD) == 302


@pytest.mark.django_db
def test_who_signs_in_rightly_uses_nothing_up(settings: Any, reviewer: User) -> None:
    for _ in range(settings.ENV.sign_in_tries * sign_in.TRIES_OF_AN_ADDRESS + 5):
        assert guess(reviewer.username, "192.0.2.79", PASSWORD) == 302


@pytest.mark.django_db
def test_a_network_of_ipv6_is_one_caller(settings: Any, reviewer: User) -> None:
    for number in range(settings.ENV.sign_in_tries):
        guess(reviewer.username, f"2001:db8:77::{number + 1:x}")
    assert guess(reviewer.username, "2001:db8:77::ffff", PASSWORD) == 429


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_a_filing_password_five_are_answered(server: Server) -> None:
    """Forty at once through a real server, by one provider for one number."""
    for key in connection().scan_iter("interface:password:*"):
        connection().delete(key)  # the same number stands in other tests too
    account = calling.account()
    number = calling.on_file(account, password="n3wPass").sponsor.filing_number
    codes: list[int] = []

    def try_one(place: int) -> None:
        given = calling.credentials(account) | {"baxh": str(number), "bamm": f"guess{place}"}
        body = calling.envelope("isp_verifybamm", given)
        path = f"/bureaus/440000/{calling.PATHS['isp_verifybamm']}"
        codes.append(wire.exchange(server.port, wire.head(f"Content-Length: {len(body)}", path=path), body).code)

    run([threading.Thread(target=try_one, args=[place]) for place in range(WRONG)])
    assert Counter(codes) == {0: 5, 22: WRONG - 5}
    assert CallLog.objects.filter(code=22).count() == WRONG - 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_forty_who_sign_in_at_once_stay_within_bounds(server: Server) -> None:
    """Argon2 takes a hundred megabytes each time: few at a time, and the others wait."""
    page = wire.exchange(server.port, wire.head(path="/login", method="GET"))
    cookie = re.search(r"csrftoken=(\w+)", page.head)
    token = re.search(rb'csrfmiddlewaretoken" value="(\w+)"', page.body)
    assert cookie
    assert token
    statuses: list[int] = []

    def try_one(place: int) -> None:
        body = b"csrfmiddlewaretoken=%b&username=u%d&password=wrong" % (token[1], place)
        head = wire.head(f"Content-Length: {len(body)}", f"Cookie: csrftoken={cookie[1]}", path="/login").replace(
            b"text/xml; charset=utf-8", b"application/x-www-form-urlencoded"
        )
        statuses.append(wire.exchange(server.port, head, body, seconds=60).status)

    watch = Watch(server.workers)
    watch.start()
    run([threading.Thread(target=try_one, args=[place]) for place in range(WRONG)])
    watch.over.set()
    print("forty sign-ins:", watch.growth // 2**20, "MB", Counter(statuses))
    assert Counter(statuses) == {200: WRONG}
    assert watch.growth < 300 * 2**20


def run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
