"""Reading a request's body: chunked or not, bounded in time, few large ones at once.

Django reads nothing of a body that came without Content-Length, so the server's stream is read
here. A slow sender is cut off by closing the receiving half of the connection: that alone wakes a
thread that waits for bytes which trickle in.
"""

from __future__ import annotations

import socket
import threading
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


@contextmanager
def reading(request: HttpRequest, seconds: float = SECONDS) -> Iterator[Body]:
    """Give the request's body, to be read within `seconds`."""
    body = Body(request)
    timer = threading.Timer(seconds, body.expire, [request.META.get("gunicorn.socket")])
    timer.daemon = True
    timer.start()
    try:
        yield body
    finally:
        timer.cancel()


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
