"""Statements that PostgreSQL parses and plans once for each connection, not each time.

That is the larger part of what a row by its key costs it. A pool between us and the server must give
a connection to one process at a time; that holds for our cursors on the server's side too.
"""

from __future__ import annotations

from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

# By the driver's connection: when Django opens another one, that knows nothing yet.
_known: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def execution(cursor: Any, statement: str) -> str:
    """Give what carries `statement` out, with a `%s` for each of its own; the connection knows it from then on.

    The cursor must be open already: opening one may open another connection.
    """
    known = _known.setdefault(connection.connection, {})
    if statement not in known:
        name, parts = f"statement_{len(known)}", statement.split("%s")
        numbered = "".join(part + f"${number}" for number, part in zip(count(1), parts[:-1], strict=False)) + parts[-1]
        cursor.execute(f"PREPARE {name} AS {numbered}")
        values = ", ".join(["%s"] * (len(parts) - 1))
        known[statement] = f"EXECUTE {name} ({values})" if values else f"EXECUTE {name}"
    return known[statement]
