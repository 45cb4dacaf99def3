"""A gunicorn worker that waits for slow callers without giving them its threads.

Gunicorn gives every connection a thread at once, and the thread waits for the caller: as many
callers as there are threads, each sending a byte now and then or nothing at all, and nobody else is
served. Here a request gets a thread when it is there: its head, and its body or the first
`ENOUGH` bytes of that. Until then it waits in the worker's poller, where a thousand wait as
cheaply as one. Who has a thread and then keeps it waiting, sending or fetching, is cut off.

The same holds for the end of a connection: gunicorn's loop itself would wait two seconds for a
caller to close; here that is the poller's business too.

A proxy that buffers requests (`docs/operations.md`) does the same before us; nothing here depends on one.
"""

from __future__ import annotations

import errno
import re
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

ENOUGH = 64 * 1024
# Seconds for that much of a request to arrive, and the same when there are hardly places left for connections.
ARRIVES_WITHIN = 20.0
ARRIVES_WITHIN_WHEN_FULL = 2.0
# Whoever keeps a thread waiting for so many seconds must have moved so many bytes in each of them.
GRACE = 10.0
GRACE_WHEN_FULL = 2.0
LEAST_BYTES_A_SECOND = 4096

# After an answer what the caller still sends is read for a while: a reset could take the answer from it.
LINGERS = 2.0
MOST_DRAINED = 8 * 1024 * 1024

_PIECE = 16 * 1024
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r?\n", re.IGNORECASE)
# What only the parser can judge, or what waits for a word from us before it goes on.
_OTHERWISE = re.compile(rb"\n(?:transfer-encoding|expect|upgrade):", re.IGNORECASE)
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Peer(socket.socket):
    """A connection that knows how long a thread has waited for its other side, and for how many bytes."""

    is_cut_off = False
    waited, moved = 0.0, 0
    # What both were when somebody last looked and was content.
    seen = (0.0, 0)
    # What to shut when patience ends: who does not send may still take an answer.
    _to_shut = socket.SHUT_RD
    _since: float | None = None

    def begin(self) -> None:
        """Count anew: another request begins."""
        self.waited, self.moved, self.seen, self._since = 0.0, 0, (0.0, 0), None

    def cut_off(self) -> None:
        """Wake the thread that waits. Reading fails from now on; who was too slow in sending still gets an answer."""
        self.is_cut_off = True
        with suppress(OSError):
            self.shutdown(self._to_shut)

    def waited_for(self) -> float:
        """Give the seconds that the thread waited within this request; 0 where it does not wait now."""
        since = self._since
        return 0.0 if since is None else self.waited + time.monotonic() - since

    def recv(self, *args: Any) -> bytes:
        """Receive. A body that was cut off must not look as if it had ended."""
        if self.is_cut_off:
            raise ConnectionResetError(errno.ECONNRESET, "the caller was too slow")
        self._to_shut, self._since = socket.SHUT_RD, time.monotonic()
        try:
            received = super().recv(*args)
        finally:
            self._count()
        if self.is_cut_off:
            raise ConnectionResetError(errno.ECONNRESET, "the caller was too slow")
        self.moved += len(received)
        return received

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send in small pieces, so that what moves is seen while it moves."""
        left = memoryview(data).cast("B")
        self._to_shut = socket.SHUT_RDWR
        while left:
            self._since = time.monotonic()
            try:
                sent = super().send(left[:_PIECE], flags)
            finally:
                self._count()
            self.moved += sent
            left = left[sent:]

    def _count(self) -> None:
        since, self._since = self._since, None
        if since is not None:
            self.waited += time.monotonic() - since


class Arriving(TConn):  # type: ignore[misc]
    """A connection whose next request is on its way: `early` is what came of it so far."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        super().__init__(cfg, Peer(fileno=sock.detach()), client, server)
        self.early = bytearray()
        self.drained = 0
        self.linger: Callable[[Arriving], None] | None = None
        self._head = 0
        self._needed: int | None = None

    def arrive(self) -> bool:
        """Take what is there; tells whether a thread can go on with it."""
        try:
            received = socket.socket.recv(self.sock, ENOUGH)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True
        self.early += received
        return not received or self._is_enough()

    def init(self) -> None:
        """Give the parser what came early."""
        super().init()
        if self.early:
            self.parser.unreader.unread(bytes(self.early))
        self.early, self._head, self._needed = bytearray(), 0, None

    def close(self, graceful: bool = False) -> None:
        """Close, or let the worker wait for the other side to do so first."""
        if graceful and self.linger is not None:
            self.linger(self)
        else:
            super().close()

    def drain(self) -> bool:
        """Throw away what still comes; tells whether that is the end."""
        try:
            received = socket.socket.recv(self.sock, ENOUGH)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True
        self.drained += len(received)
        return not received or self.drained > MOST_DRAINED

    @property
    def has_head(self) -> bool:
        """Tell whether the head is complete, so that the application can answer."""
        return self._needed is not None

    def _is_enough(self) -> bool:
        if self._needed is None:
            found = _END_OF_HEAD.search(self.early, max(0, self._head - 3))
            self._head = len(self.early)
            if found:
                self._needed = _needed(bytes(self.early[: found.end()]))
        return len(self.early) >= (ENOUGH if self._needed is None else self._needed)


def _needed(head: bytes) -> int:
    """Give how many bytes, head and body, are to be here before a thread begins."""
    length = _LENGTH.search(head)
    if length is None or _OTHERWISE.search(head):
        return len(head)
    return min(len(head) + int(length.group(1)), max(len(head), ENOUGH))


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threaded worker, with the waiting done in its poller."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.with_threads: set[Arriving] = set()
        self.lingering: deque[Arriving] = deque()

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and let it wait for its first request."""
        try:
            sock, client = listener.accept()
        except OSError as error:
            # Out of files: others will be closed, and this one is asked for again.
            if error.errno in (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED, errno.EMFILE, errno.ENFILE):
                return
            raise
        self.nr_conns += 1
        conn = Arriving(self.cfg, sock, client, listener.getsockname())
        conn.linger = self._linger
        self._await(conn)

    def on_client_socket_readable(self, conn: Arriving, client: socket.socket) -> None:
        """Let a kept connection wait for its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)

    def on_pending_socket_readable(self, conn: Arriving, client: socket.socket) -> None:
        """Give a request a thread, once there is enough of it."""
        if conn.arrive():
            self._forget_pending(conn)
            self.enqueue_req(conn)

    def handle(self, conn: Arriving) -> Any:
        """Answer a request, in a thread; who waits for whom is seen by `murder_pending`."""
        conn.sock.begin()
        conn.data_ready = True
        self.with_threads.add(conn)
        try:
            return super().handle(conn)
        finally:
            self.with_threads.discard(conn)

    def murder_pending(self) -> None:
        """Once a second: end what does not arrive, and cut off who keeps a thread waiting."""
        full = self.nr_conns >= self.worker_connections
        if full and self.keepalived_conns:
            self.keepalived_conns[0].timeout = 0
            self.murder_keepalived()
        while self.lingering and (full or self.lingering[0].timeout <= time.monotonic()):
            self._let_go(self.lingering[0])
        latest = time.monotonic() + (ARRIVES_WITHIN - ARRIVES_WITHIN_WHEN_FULL if full else 0)
        while self.pending_conns and self.pending_conns[0].timeout <= latest:
            self._end(self.pending_conns[0])
        grace = GRACE_WHEN_FULL if len(self.with_threads) >= self.cfg.threads else GRACE
        for conn in list(self.with_threads):
            _hurry(conn.sock, grace)

    def _await(self, conn: Arriving) -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + ARRIVES_WITHIN
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def _forget_pending(self, conn: Arriving) -> None:
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)

    def _end(self, conn: Arriving) -> None:
        """Let the application say that a body did not come; without a head there is nobody to ask."""
        self._forget_pending(conn)
        conn.sock.is_cut_off = True
        if conn.has_head:
            self.enqueue_req(conn)
            return
        if conn.early:
            with suppress(OSError):
                conn.sock.send(_TOO_SLOW)
        self.nr_conns -= 1
        conn.close()

    def _linger(self, conn: Arriving) -> None:
        """Say that nothing more comes, and wait for the caller's word in the poller."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._drain, conn))
        except (OSError, ValueError):
            conn.close()
            return
        self.nr_conns += 1
        conn.timeout = time.monotonic() + LINGERS
        self.lingering.append(conn)

    def _drain(self, conn: Arriving, client: socket.socket) -> None:
        if conn.drain():
            self._let_go(conn)

    def _let_go(self, conn: Arriving) -> None:
        self.poller.unregister(conn.sock)
        self.lingering.remove(conn)
        self.nr_conns -= 1
        conn.close()


def _hurry(peer: Peer, grace: float) -> None:
    """Cut a crawler off."""
    now, moved = peer.waited_for(), peer.moved
    waited = now - peer.seen[0]
    if waited <= grace:
        return
    if moved - peer.seen[1] >= waited * LEAST_BYTES_A_SECOND:
        peer.seen = (now, moved)
    else:
        peer.cut_off()
