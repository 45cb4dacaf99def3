"""Callers that are slow on purpose: nobody else waits for them, and they come to an end."""

from __future__ import annotations

import random
import socket
import threading
import time
from contextlib import ExitStack, suppress

import pytest

from interface.models import CallLog, ProviderAccount
from tests.hostile import wire
from tests.interface import calling
from tests.interface.calling import Caller
from tests.interface.serving import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
THREADS = 8


def seconds_of_another(server: Server, account: ProviderAccount) -> float:
    """Make one honest call; says how long it took."""
    body = calling.envelope("isp_querypreviousupload", calling.credentials(account))
    path = f"/bureaus/440000/{calling.PATHS['isp_querypreviousupload']}"
    answer = wire.exchange(server.port, wire.head(f"Content-Length: {len(body)}", path=path), body)
    assert (answer.status, answer.code) == (200, 0)
    return answer.seconds


def trickle(link: socket.socket, stop: threading.Event) -> None:
    """Send a byte a second until it fails."""
    with suppress(OSError):
        while not stop.wait(1):
            link.sendall(b"x")


OPENINGS = {
    "nothing at all": b"",
    "half a head": wire.head()[:-20],
    "a body that stops": wire.head("Content-Length: 1000") + b"<x",
    "a chunk that stops": wire.head("Transfer-Encoding: chunked") + b"100\r\n<x",
    "a large body that stops": wire.head("Content-Length: 9000000") + b"<x" * 60_000,
    "a form that stops": wire.head("Content-Length: 1000", path="/login") + b"username=a",
    "waits to be asked": wire.head("Content-Length: 1000", "Expect: 100-continue"),
}


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_others_are_served_and_the_slow_come_to_an_end(
    server: Server, account: ProviderAccount, opening: bytes
) -> None:
    """Half of them fall silent, half go on with a byte a second."""
    stop = threading.Event()
    with ExitStack() as links:
        slow = [links.enter_context(wire.connect(server.port)) for _ in range(2 * THREADS)]
        for number, link in enumerate(slow):
            link.sendall(opening)
            if number % 2:
                threading.Thread(target=trickle, args=[link, stop], daemon=True).start()
        time.sleep(0.2)
        # What waits in the poller costs others nothing; who got a thread loses it after a second or two.
        assert seconds_of_another(server, account) < 8
        ended = [wire.receive(link) for link in slow]
        stop.set()
    assert max(answer.seconds for answer in ended) < 15
    assert {answer.status for answer in ended} <= {0, 100, 400, 403, 408, 500}
    assert not [answer for answer in ended if b"Traceback" in answer.body]


@pytest.mark.parametrize("opening", list(OPENINGS.values())[:3], ids=list(OPENINGS)[:3])
def test_what_only_waits_costs_others_nothing(server: Server, account: ProviderAccount, opening: bytes) -> None:
    with ExitStack() as links:
        for _ in range(4 * THREADS):
            links.enter_context(wire.connect(server.port)).sendall(opening)
        assert seconds_of_another(server, account) < 1


def test_a_body_that_stops_is_answered_and_explained(server: Server, account: ProviderAccount) -> None:
    answer = wire.exchange(server.port, wire.head("Content-Length: 1000"), b"<?xml version='1.0'?><x>")
    assert answer.status == 500
    assert answer.is_fault
    assert 2 < answer.seconds < 8
    assert CallLog.objects.latest("id").reason == "请求未在规定时间内传完"


def test_a_caller_that_does_not_take_its_answer_is_left(server: Server, account: ProviderAccount) -> None:
    """Two dozen ask for the upload of four megabytes, and read none of it: their threads are free again."""
    document = calling.DOCUMENT + random.Random(1).randbytes(4_000_000)
    assert Caller(account).upload(1, document).code == 0
    operation = "isp_querypreviousupload"
    body = calling.envelope(operation, calling.credentials(account))
    ask = wire.head(f"Content-Length: {len(body)}", path=f"/bureaus/440000/{calling.PATHS[operation]}") + body
    with ExitStack() as links:
        for _ in range(3 * THREADS):
            link = links.enter_context(socket.socket())
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            link.connect(("127.0.0.1", server.port))
            link.sendall(ask)
        time.sleep(1)
        health = wire.exchange(server.port, wire.head(path="/healthz", method="GET"))
    assert health.status == 200
    assert health.seconds < 20


def test_more_connections_than_places_do_not_shut_others_out(server: Server, account: ProviderAccount) -> None:
    with ExitStack() as links:
        for _ in range(80):
            links.enter_context(wire.connect(server.port)).sendall(b"POST / HT")
        assert seconds_of_another(server, account) < 8


def test_kept_connections_are_served_as_before(server: Server, account: ProviderAccount) -> None:
    """A head in two pieces, two requests in one, a pause between: all on one connection."""
    ask = wire.head("Connection: keep-alive", path="/healthz", method="GET")
    with wire.connect(server.port) as link:
        link.sendall(ask[:30])
        time.sleep(0.3)
        link.sendall(ask[30:])
        assert link.recv(65536).startswith(b"HTTP/1.1 200")
        time.sleep(1.2)
        link.sendall(ask + ask)
        received = b""
        while received.count(b"\r\n\r\nok\n") < 2:
            received += link.recv(65536)
        link.sendall(wire.head(path="/healthz", method="GET"))
        assert wire.receive(link).status == 200
