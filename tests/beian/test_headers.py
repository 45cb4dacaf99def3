"""What every answer carries: a strict policy, one id, and no page left in a cache."""

from __future__ import annotations

import ipaddress
import uuid
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client, RequestFactory

from beian.environment import Environment
from beian.events import current_correlation
from beian.models import Event, User
from beian.web.client_address import client_address
from tests.conftest import PASSWORD

PAGES = ["/login", "/styleguide", "/no-such-page"]


@pytest.mark.parametrize("path", PAGES)
def test_scripts_and_styles_come_from_here_only(path: str, db: None) -> None:
    response = Client().get(path)
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_what_the_policy_forbids(path: str, db: None) -> None:
    page = Client().get(path).content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "javascript:" not in page
    assert not [part for part in page.split("<script")[1:] if " src=" not in part.split(">")[0]]
    assert " onclick=" not in page


@pytest.mark.parametrize("path", ["/password", "/styleguide", "/no-such-page"])
def test_pages_of_people_are_kept_by_no_cache(path: str, reviewer: User, signed_in: Any) -> None:
    caching = signed_in(reviewer).get(path)["Cache-Control"]
    assert "no-store" in caching
    assert "private" in caching


def test_what_concerns_nobody_sets_no_cookie(db: None) -> None:
    response = Client().get("/healthz")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_cookies_are_out_of_reach_of_scripts(reviewer: User) -> None:
    client = Client()
    client.get("/login")
    client.post("/login", {"username": reviewer.username, "password": PASSWORD}, REMOTE_ADDR="2001:db8::c00c")
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["samesite"] == "Lax"
        assert client.cookies[name]["httponly"]


def test_an_id_that_came_is_given_back(db: None) -> None:
    given = str(uuid.uuid4())
    assert Client().get("/login", headers={"x-request-id": given})["X-Request-Id"] == given


@pytest.mark.parametrize("text", ["", "abc", "x\ny", "a" * 500])
def test_anything_else_is_replaced(text: str, db: None) -> None:
    answer = Client().get("/login", headers={"x-request-id": text})["X-Request-Id"]
    assert answer != text
    assert uuid.UUID(answer)


def test_the_id_stands_in_events(reviewer: User, signed_in: Any) -> None:
    given = uuid.uuid4()
    signed_in(reviewer).post("/logout", headers={"x-request-id": str(given)})
    assert Event.objects.get(verb="sign_out.done").correlation == given
    assert current_correlation.get() is None


def test_the_log_holds_the_path_but_not_the_question(db: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    Client().get("/login?next=/secret-thing")
    assert "/login" in caplog.text
    assert "secret-thing" not in caplog.text


TRUSTED = ("10.0.0.0/8", "2001:db8:1::/48")


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # written by the caller himself
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),  # the left one is the caller's own claim
        ("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),  # the caller stands inside
        ("10.0.0.1", "garbage", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, garbage, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("2001:db8:1::1", "[2001:db8:ffff::7]:443", "2001:db8:ffff::7"),
        ("::ffff:192.0.2.7", "", "192.0.2.7"),
        ("", "198.51.100.1", "0.0.0.0"),
    ],
)
def test_from_where_a_request_comes(rf: RequestFactory, settings: Any, peer: str, forwarded: str, address: str) -> None:
    values = {name: getattr(django_settings.ENV, name) for name in Environment.__dataclass_fields__}
    networks = tuple(ipaddress.ip_network(each) for each in TRUSTED)
    settings.ENV = Environment(**{**values, "trusted_proxies": networks})
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert client_address(rf.get("/", REMOTE_ADDR=peer, headers=headers)) == address
