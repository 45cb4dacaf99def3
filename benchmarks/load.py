"""Clients in processes of their own: lanes of prepared requests, each sent when the one before is answered."""

from __future__ import annotations

import math
import multiprocessing
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

PROCESSES = 2
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Shot:
    """A whole HTTP request, and when to send it (seconds after the start; None: at once)."""

    data: bytes
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """What came of it. Latencies are in seconds, sorted; `wrong` are answers without what was expected."""

    latencies: list[float]
    seconds: float
    wrong: list[bytes]

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.latencies) / self.seconds

    def at(self, share: float) -> float:
        """Give a percentile in milliseconds."""
        if not self.latencies:
            return math.nan
        return 1000 * self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))]

    def __str__(self) -> str:
        figures = [
            f"{self.at(share):.0f}" if self.at(share) >= 20 else f"{self.at(share):.1f}" for share in (0.5, 0.95, 0.99)
        ]
        return f"{self.rate:.0f}/s, {' / '.join(figures)} ms"


def drive(port: int, lanes: Sequence[Sequence[Shot]], expected: bytes, *, seconds: float = math.inf) -> Timing:
    """Send every lane to its end, or for `seconds`; a late start of a timed shot counts as waiting."""
    context = multiprocessing.get_context("fork")
    shares = [share for share in (lanes[number::PROCESSES] for number in range(PROCESSES)) if share]
    barrier = context.Barrier(len(shares) + 1)
    results: Any = context.Queue()
    arguments = [(port, share, expected, seconds, barrier, results) for share in shares]
    children = [context.Process(target=_client, args=each, daemon=True) for each in arguments]
    for child in children:
        child.start()
    barrier.wait()
    found = [results.get() for _ in children]
    for child in children:
        child.join()
    begin, end = min(each[2] for each in found), max(each[3] for each in found)
    latencies = sorted(latency for each in found for latency in each[0])
    return Timing(latencies, end - begin, [wrong for each in found for wrong in each[1]])


def _client(
    port: int, lanes: Sequence[Sequence[Shot]], expected: bytes, seconds: float, barrier: Barrier, results: Any
) -> None:
    latencies: list[float] = []
    wrong: list[bytes] = []
    barrier.wait()
    begin = time.monotonic()
    threads = [
        threading.Thread(target=_lane, args=(port, lane, expected, begin, seconds, latencies, wrong)) for lane in lanes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put((latencies, wrong, begin, time.monotonic()))


def _lane(
    port: int,
    lane: Sequence[Shot],
    expected: bytes,
    begin: float,
    seconds: float,
    latencies: list[float],
    wrong: list[bytes],
) -> None:
    for shot in lane:
        if shot.at is not None:
            time.sleep(max(0.0, begin + shot.at - time.monotonic()))
        started = time.monotonic() if shot.at is None else begin + shot.at
        if started - begin > seconds:
            return
        answer = exchange(port, shot.data)
        if expected in answer:
            latencies.append(time.monotonic() - started)
        else:
            wrong.append(answer[-600:])
            return


def exchange(port: int, data: bytes) -> bytes:
    """Send a request on a connection of its own and read until the server closes it."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
            connection.sendall(data)
            pieces = []
            while piece := connection.recv(65536):
                pieces.append(piece)
    except OSError as error:
        return f"{type(error).__name__}: {error}".encode()
    return b"".join(pieces)


def get(path: str, **headers: str) -> bytes:
    """Write a GET request. `X_Forwarded_For` stands for `X-Forwarded-For`."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(path: str, body: bytes, content_type: str) -> bytes:
    """Write a POST request."""
    head = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        'SOAPAction: ""',
        "Connection: close",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
