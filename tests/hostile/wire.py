"""Bytes by hand: connections that stop, trickle, lie or go on, and what comes back."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from dataclasses import dataclass

from tests.interface import calling

PATH = f"/bureaus/440000/{calling.PATHS['isp_upload']}"
SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    """What a server wrote until it closed: the status (0 where it wrote nothing), the head, the body."""

    status: int
    head: str
    body: bytes
    seconds: float

    @property
    def is_fault(self) -> bool:
        return b":Fault" in self.body and b"xml" in self.body[:60]

    @property
    def is_return(self) -> bool:
        return b"Response" in self.body and b"&lt;msg_code&gt;" in self.body

    @property
    def code(self) -> int:
        return int(self.body.partition(b"msg_code&gt;")[2].partition(b"&lt;")[0])


def connect(port: int, seconds: float = SECONDS) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=seconds)


def head(*lines: str, path: str = PATH, method: str = "POST", version: str = "1.1") -> bytes:
    """A request's head, closing the connection unless told otherwise."""
    given = [f"{method} {path} HTTP/{version}", "Host: localhost", "Content-Type: text/xml; charset=utf-8", *lines]
    if not any(line.lower().startswith("connection:") for line in lines):
        given.append("Connection: close")
    return "\r\n".join([*given, "", ""]).encode("latin-1")


def receive(link: socket.socket, started: float | None = None) -> Answer:
    """Read until the server closes."""
    started = started or time.monotonic()
    received = b""
    with suppress(ConnectionResetError):
        while piece := link.recv(65536):
            received += piece
    return taken_apart(received, time.monotonic() - started)


def taken_apart(received: bytes, seconds: float = 0.0) -> Answer:
    top, _, body = received.partition(b"\r\n\r\n")
    status = int(top.split(b" ", 2)[1]) if top.startswith(b"HTTP/") else 0
    return Answer(status, top.decode("latin-1"), body, seconds)


def exchange(port: int, *parts: bytes, half_close: bool = False, seconds: float = SECONDS) -> Answer:
    """Send `parts` one after another, then read to the end. `half_close` says that nothing more comes."""
    started = time.monotonic()
    with connect(port, seconds) as link:
        with suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                link.sendall(part)
            if half_close:
                link.shutdown(socket.SHUT_WR)
        return receive(link, started)


def post(port: int, body: bytes, *lines: str) -> Answer:
    """A well-formed request around `body`."""
    return exchange(port, head(f"Content-Length: {len(body)}", *lines), body)
