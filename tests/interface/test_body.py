"""Bodies that come slowly, without a length, or too many at once."""

from __future__ import annotations

import io
import socket
import threading
import time
from typing import Any

import pytest
from django.http import HttpRequest

from interface import body, endpoint
from interface.body import TooBusy, TooSlow, Turn, reading
from interface.models import CallLog
from tests.interface.calling import Caller


def request(**environ: Any) -> HttpRequest:
    made = HttpRequest()
    made.META = environ
    return made


def test_a_body_ends_where_its_length_says() -> None:
    environ = {"wsgi.input": io.BytesIO(b"0123456789"), "CONTENT_LENGTH": "4"}
    with reading(request(**environ)) as read:
        assert (read.read(3), read.read(3), read.read(3), read.size) == (b"012", b"3", b"", 4)


def test_a_body_without_length_is_read_where_the_server_ends_it() -> None:
    environ = {"wsgi.input": io.BytesIO(b"0123456789"), "wsgi.input_terminated": True}
    with reading(request(**environ)) as read:
        assert (read.read(8), read.read(8), read.read(8)) == (b"01234567", b"89", b"")


def test_a_body_without_length_from_another_server_is_empty() -> None:
    with reading(request(**{"wsgi.input": io.BytesIO(b"0123")})) as read:
        assert read.read(8) == b""


def test_a_sender_that_stalls_is_cut_off() -> None:
    near, far = socket.socketpair()
    with near, far:
        far.sendall(b"abc")
        environ = {"wsgi.input": near.makefile("rb"), "wsgi.input_terminated": True, "gunicorn.socket": near}
        started = time.monotonic()
        with reading(request(**environ), seconds=0.2) as read, pytest.raises(TooSlow):
            read.read(100)
        assert time.monotonic() - started < 5
        near.sendall(b"still able to answer")


def test_only_so_many_are_large_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "_large", threading.BoundedSemaphore(1))
    first, second = Turn(), Turn()
    first.take()
    first.take()
    with pytest.raises(TooBusy):
        second.take(seconds=0.05)
    first.give_back()
    first.give_back()
    second.take(seconds=0.05)


@pytest.mark.django_db
def test_a_large_call_without_a_place_is_999(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(self: Turn) -> None:
        raise TooBusy

    monkeypatch.setattr(endpoint.Turn, "take", busy)
    answered = caller.upload(1, beianInfo="AAAA" * 500_000)
    assert answered.code == 999
    assert "系统繁忙" in answered.message
    assert CallLog.objects.latest("id").code == 999


@pytest.mark.django_db
def test_a_large_call_from_an_unregistered_address_takes_no_place(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "_large", threading.BoundedSemaphore(1))
    caller.address = "10.0.0.7"
    monkeypatch.setattr(endpoint.Turn, "take", lambda self: pytest.fail("a place was taken"))
    assert caller.upload(1, beianInfo="AAAA" * 500_000).code == 13


@pytest.mark.django_db
def test_a_defect_of_ours_is_999_without_details(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(request: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setitem(endpoint.OPERATIONS, "isp_download", broken)
    answered = caller("isp_download")
    assert (answered.code, answered.message) == (999, "其他错误")
    log = CallLog.objects.latest("id")
    assert (log.code, "secret detail" in log.reason) == (999, False)
