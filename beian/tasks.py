"""Tasks of the application as a whole."""

from __future__ import annotations

import time

from celery import shared_task
from django.core.cache import cache

from beian import mail

HEARTBEAT = "beian:worker-seen"
# Three missed beats: the worker is busy with long tasks, stuck or gone.
STALE_AFTER = 40
# How often a busy worker says so.
NOTED_EVERY = 5

_noted = 0.0


@shared_task
def heartbeat() -> None:
    """Note that a worker takes tasks; sent by the clock, for workers that have nothing else to do."""
    note_worker()


def note_worker() -> None:
    """Note that a worker took a task just now; `/readyz` looks for it.

    Any task counts: the heartbeat alone would wait behind a long backlog, and a worker at work look gone.
    """
    cache.set(HEARTBEAT, time.time(), timeout=3600)


def note_busy_worker() -> None:
    """Note that a worker took a task, where that was not noted in the last seconds."""
    global _noted
    if time.monotonic() - _noted >= NOTED_EVERY:
        _noted = time.monotonic()
        note_worker()


def worker_seen() -> float | None:
    """Give how many seconds ago a worker took a task, `None` if not within the hour."""
    noted = cache.get(HEARTBEAT)
    return None if noted is None else time.time() - float(noted)


@shared_task(name=mail.SEND_WAITING)
def send_mail(mail_id: int) -> bool:
    """Send one letter; says whether it left now."""
    return mail.send(mail_id)


@shared_task
def sweep_mail() -> int:
    """Send what waits for another try, or lost its task; gives how many letters left."""
    return sum(mail.send(pk) for pk in mail.waiting().values_list("pk", flat=True)[:100])
