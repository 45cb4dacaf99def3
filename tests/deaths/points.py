"""Points at which a process stops for ever, so that it can be killed there."""

from __future__ import annotations

import functools
import os
import pkgutil
import threading
from typing import Any

REACHED = "reached the point"
POINT = "DIE_AT"
ONCE = "DIE_ONCE"
"""Names a file that is made by the first who gets there: whoever comes later goes on."""


def arm(point: str) -> None:
    """Stop `before` or `after` a function: `after bureau.services.intake._finish`, as that module names it."""
    when, _, path = point.partition(" ")
    owner_path, _, name = path.rpartition(".")
    owner = pkgutil.resolve_name(owner_path)
    function = getattr(owner, name)

    @functools.wraps(function)
    def stopping(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            _stop()
        result = function(*args, **kwargs)
        if when == "after":
            _stop()
        return result

    setattr(owner, name, stopping)


def _stop() -> None:
    if once := os.environ.get(ONCE):
        try:
            os.close(os.open(once, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
    # One write: another thread's output must not come between.
    os.write(1, f"{REACHED} {os.getpid()}\n".encode())
    threading.Event().wait()
