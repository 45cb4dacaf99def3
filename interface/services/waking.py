"""Waking the workers for accounts whose uploads wait, by a thread beside those that answer calls.

No caller waits for the broker, and an account that sends one document after the other is named to it
once in a while instead of each time: one task takes up all that wait. What is still to be told when a
process is killed, or while there is no broker, is found by the sweeper.
"""

from __future__ import annotations

import atexit
import contextvars
import threading
import time

import structlog
from kombu.exceptions import OperationalError

from beian.celery import app as celery

# The bureau's task, by name: this floor knows nothing of the one above.
PROCESS_UPLOAD = "bureau.tasks.process_upload"
# Seconds between two rounds: the first after a quiet while is at once.
REST = 0.5

log = structlog.get_logger("interface.waking")

_asking, _telling = threading.Lock(), threading.Lock()
_asked: dict[int, contextvars.Context] = {}
_some = threading.Event()
_thread: threading.Thread | None = None


def ask(account_id: int) -> None:
    """Have the waiting uploads of an account processed, soon; returns at once."""
    global _thread
    with _asking:
        # The task goes on under the id of the call that asked first.
        _asked.setdefault(account_id, contextvars.copy_context())
        # Not there yet, or left behind in the process that we were forked from.
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_tell_for_ever, name="waking", daemon=True)
            _thread.start()
    _some.set()


def tell() -> None:
    """Tell the broker what was asked for until now."""
    with _telling:
        with _asking:
            asked = dict(_asked)
            _asked.clear()
        for account_id, context in asked.items():
            context.run(_send, account_id)


def _tell_for_ever() -> None:
    while _some.wait():
        _some.clear()
        tell()
        time.sleep(REST)


def _send(account_id: int) -> None:
    try:
        celery.send_task(PROCESS_UPLOAD, args=[account_id], retry=False)
    except (OperationalError, OSError) as error:
        log.warning("no broker, the sweeper will take the uploads up", account=account_id, error=type(error).__name__)
    except Exception:
        log.exception("a worker could not be woken, the sweeper will take the uploads up", account=account_id)


# Whoever is stopped in good order does not leave it to the sweeper.
atexit.register(tell)
