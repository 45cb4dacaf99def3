"""Receivers of webhooks that take nothing: left alone for growing pauses, so that they take no worker's time.

What is known of them stands in the cache: where it is lost, one more try is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.cache import cache
from django.utils import timezone

from enterprise.models import Webhook

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=10)
PATIENCE = timedelta(days=3)
"""So long nothing may be taken before what is as old is given up."""
_KNOWN = 2 * PATIENCE


class Failing(NamedTuple):
    """A receiver has taken nothing since `since`, so many `times`; it is left alone until `until`."""

    since: datetime
    times: int
    until: datetime


def failed(hook: Webhook) -> Failing:
    """Take note that a delivery was not taken; says how the receiver stands."""
    now, before = timezone.now(), failing([hook]).get(hook.pk)
    since, times = (before.since, before.times + 1) if before else (now, 1)
    found = Failing(since, times, now + min(FIRST_PAUSE * 2 ** min(times - 1, 12), LONGEST_PAUSE))
    cache.set(_key(hook), tuple(found), _KNOWN.total_seconds())
    return found


def well(hook: Webhook) -> None:
    """Leave a receiver alone no longer: it took something, or a person wants it tried."""
    cache.delete(_key(hook))


def failing(hooks: Iterable[Webhook]) -> dict[int, Failing]:
    """Give those that took nothing the last time, by the webhook's id."""
    keys = {_key(hook): hook.pk for hook in hooks}
    return {keys[key]: Failing(*found) for key, found in cache.get_many(keys).items()}


def left_alone(hooks: Iterable[Webhook]) -> list[int]:
    """Give the ids of those that are left alone now."""
    now = timezone.now()
    return [pk for pk, found in failing(hooks).items() if found.until > now]


def _key(hook: Webhook) -> str:
    # With its moment: a Redis may be that of several databases, whose ids are the same.
    return f"enterprise:receiver:{hook.pk}:{hook.made_at.timestamp()}"
