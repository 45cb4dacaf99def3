"""Tasks of the application as a whole."""

from __future__ import annotations

import time

from celery import shared_task
from django.core.cache import cache

HEARTBEAT = "beian:worker-seen"
# Three missed beats: the worker is busy with long tasks, stuck or gone.
STALE_AFTER = 40


@shared_task
def heartbeat() -> None:
    """Note that a worker took a task just now; `/readyz` looks for it."""
    cache.set(HEARTBEAT, time.time(), timeout=3600)


def worker_seen() -> float | None:
    """Give how many seconds ago a worker took a task, `None` if not within the hour."""
    noted = cache.get(HEARTBEAT)
    return None if noted is None else time.time() - float(noted)
