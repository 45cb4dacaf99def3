"""Reading a request's body: chunked or not, bounded in time, few large ones at once.

Django reads nothing of a body that came without Content-Length, so the server's stream is read
here. A slow sender is cut off by closing the receiving half of the connection: that alone wakes a
thread that waits for bytes which trickle in. One thread watches the time of all of them: a timer
each would be a thread for each call.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.http import HttpRequest

SECONDS = 180
LARGE_AT_ONCE = 4
SECONDS_TO_WAIT = 20

_large = threading.BoundedSemaphore(LARGE_AT_ONCE)


class TooSlow(Exception):
    """The body did not arrive in time."""


class Truncated(TooSlow):
    """The body ended before its length was reached."""


class TooBusy(Exception):
    """Enough large bodies are being read at this moment."""


class Body:
    """The body of one request, to be read once."""

    def __init__(self, request: HttpRequest) -> None:
        environ = request.META
        self._stream = environ["wsgi.input"]
        length, ends = environ.get("CONTENT_LENGTH"), environ.get("wsgi.input_terminated")
        self._left = None if ends and not length else int(length or 0)
        self.size = 0
        self.expired = False

    def read(self, size: int, /) -> bytes:
        """Give the next bytes, b"" at the end. Raises `TooSlow` once the time is over."""
        if self._left is not None:
            size = min(size, self._left)
        try:
            piece: bytes = self._stream.read(size) if size else b""
        except OSError as error:
            raise TooSlow from error
        if self.expired:
            raise TooSlow
        self.size += len(piece)
        if self._left is not None:
            self._left -= len(piece)
            if self._left and not piece:
                raise Truncated
        return piece

    def expire(self, connection: socket.socket | None) -> None:
        """End the reading, from another thread."""
        self.expired = True
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)


class _Clock:
    """Ends the bodies that take too long, by a thread that looks once a second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: dict[Body, tuple[float, socket.socket | None]] = {}
        self._thread: threading.Thread | None = None

    def begin(self, body: Body, seconds: float, connection: socket.socket | None) -> None:
        with self._lock:
            self._ends[body] = (time.monotonic() + seconds, connection)
            # Not there yet, or left behind in the process that we were forked from.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, name="bodies", daemon=True)
                self._thread.start()

    def end(self, body: Body) -> None:
        """From here on the connection is not touched: another request may stand on it."""
        with self._lock:
            del self._ends[body]

    def _watch(self) -> None:
        while True:
            time.sleep(1)
            with self._lock:
                for body, (ends, connection) in self._ends.items():
                    if ends <= time.monotonic():
                        body.expire(connection)


_clock = _Clock()


@contextmanager
def reading(request: HttpRequest, seconds: float = SECONDS) -> Iterator[Body]:
    """Give the request's body, to be read within `seconds` (and one more)."""
    body = Body(request)
    _clock.begin(body, seconds, request.META.get("gunicorn.socket"))
    try:
        yield body
    finally:
        _clock.end(body)


class Turn:
    """A call's right to be large: taken when it turns out to be, given back at its end."""

    def __init__(self) -> None:
        self._held = False

    def take(self, seconds: float = SECONDS_TO_WAIT) -> None:
        """Wait for a place among the large ones. Raises `TooBusy`."""
        if not self._held and not _large.acquire(timeout=seconds):
            raise TooBusy
        self._held = True

    def give_back(self) -> None:
        if self._held:
            self._held = False
            _large.release()
