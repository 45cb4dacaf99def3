"""One HTTP call of ours to a system that may not answer: it ends in time, and what went wrong can be written down."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import SplitResult

_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


class TookTooLong(TimeoutError):
    """The call was broken off: there was no whole answer in its time."""


def legible(text: str) -> str:
    """Give what the other side said without control characters: the database takes no text with some of them."""
    return _UNWRITABLE.sub(" ", text).strip()


@contextmanager
def connected(url: SplitResult, *, idle: float, whole: float) -> Iterator[HTTPConnection]:
    """Connect to the system of `url` (http or https) for the block.

    `idle` seconds are waited for each step, `whole` for all of the block and its connection, also where a byte
    comes now and then. Only the time that the resolver takes to look the name up is its own. Raises `TookTooLong`,
    `OSError`, `http.client.HTTPException`, and `ValueError` for an address that is none.
    """
    until, over = time.monotonic() + whole, threading.Event()
    context = ssl.create_default_context() if url.scheme == "https" else None
    connection = _connection(url, context, idle)
    try:
        reached = _reached(connection.host, connection.port, idle, until)
        connection.sock = reached
        with _broken_off(reached, max(until - time.monotonic(), 0.0), over):
            if context:
                connection.sock = context.wrap_socket(reached, server_hostname=connection.host)
            yield connection
        if over.is_set():  # a line that was broken off reads like an answer that ends there
            raise TookTooLong(f"no whole answer in {whole:g} s")
    except TookTooLong:
        raise
    except Exception as error:
        if over.is_set():
            raise TookTooLong(f"no whole answer in {whole:g} s") from error
        raise
    finally:
        connection.close()


def _connection(url: SplitResult, context: ssl.SSLContext | None, idle: float) -> HTTPConnection:
    host = url.hostname or ""
    if context:
        return HTTPSConnection(host, url.port, timeout=idle, context=context)
    return HTTPConnection(host, url.port, timeout=idle)


def _reached(host: str, port: int, idle: float, until: float) -> socket.socket:
    """Connect to the first of the host's addresses that takes it, all within the time."""
    problem: OSError | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        reached = socket.socket(family, kind, protocol)
        try:
            reached.settimeout(max(min(idle, until - time.monotonic()), 0.001))
            reached.connect(address)
            reached.settimeout(idle)
            return reached
        except OSError as error:
            reached.close()
            problem = error
    raise problem or OSError("the name has no address")


@contextmanager
def _broken_off(connected: socket.socket, seconds: float, over: threading.Event) -> Iterator[None]:
    """Break a connection off after `seconds`, and set `over`: its timeout is only that of the next byte."""
    # Held twice: TLS takes the socket over while it begins, and its number must not be another's meanwhile.
    held = connected.dup()

    def end() -> None:
        over.set()
        with suppress(OSError):
            held.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        held.close()
