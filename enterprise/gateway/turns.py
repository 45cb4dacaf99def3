"""One process at a time: the turn of a loop, held by the database session.

A killed process loses its session, and with it the turn. Should a session be lost while its call is still
on the way, two may send at once: the same document under the same number, which bureaus take once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection

UPLOADS = 0x75706C64
FETCHES = 0x66657463
"""The first of the two numbers of an advisory lock; the second is the connection's."""


@contextmanager
def turn(loop: int, connection_id: int) -> Iterator[bool]:
    """Take the turn of `loop` for the block; gives False where another process has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [loop, connection_id])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            # A session that is gone has given the turn back itself.
            with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [loop, connection_id])
