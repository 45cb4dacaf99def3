"""Tasks of the application as a whole."""

from __future__ import annotations

import time

from celery import shared_task
from django.core.cache import cache

from beian import mail

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


@shared_task(name=mail.SEND_WAITING)
def send_mail(mail_id: int) -> bool:
    """Send one letter; says whether it left now."""
    return mail.send(mail_id)


@shared_task
def sweep_mail() -> int:
    """Send what waits for another try, or lost its task; gives how many letters left."""
    return sum(mail.send(pk) for pk in mail.waiting().values_list("pk", flat=True)[:100])
