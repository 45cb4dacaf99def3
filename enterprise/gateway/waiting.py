"""Why a loop does not go on, and until when: said on the connection, in words for the office."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from beian import events
from beian.models import Node, Role, User
from beian.services.refusals import NotAllowed
from beian.services.staff import roles_at
from enterprise.models import Connection

SUBJECT = "connection"
"""The subject kind of events about connections."""

PAUSES = (5, 15, 30, 60, 120, 300, 600, 900)
"""Seconds until the next try, by how often in a row it failed; the last for all that follow."""

LONGEST_FOR_HOURS = timedelta(days=1, minutes=1)
"""A bureau with reporting hours opens within a day."""

CLOCKS_APART = timedelta(minutes=2)
"""So much the clocks of two of our machines may differ."""


_LONGEST = timedelta(seconds=max(PAUSES))


def lock(connection_id: int) -> Connection:
    """Lock a connection for the rest of the transaction; calls may still be written down beside it."""
    rows = Connection.objects.select_for_update(of=("self",), no_key=True).select_related("provider")
    return rows.get(pk=connection_id)


def require(actor: User | None, provider: Node, roles: frozenset[Role]) -> None:
    """Refuse a person who holds none of `roles` at the provider; None is the system itself. Raises `NotAllowed`."""
    if actor is not None and not roles_at(actor, provider) & roles:
        raise NotAllowed("您的角色不能进行这项操作。")


def pause_after(failed: int) -> timedelta:
    """Give how long to wait after `failed` tries in a row that failed."""
    return timedelta(seconds=PAUSES[min(max(failed, 1), len(PAUSES)) - 1])


def tell(connection: Connection, verb: str, actor: User | None = None, **data: object) -> None:
    """Append an event about a connection."""
    events.record(SUBJECT, connection.pk, verb, node=connection.provider, actor=actor, data=data)


def uploads(connection_id: int, because: str, *, until: datetime | None = None) -> None:
    """Let uploads wait: until then, or for a pause that grows with every failure in a row."""
    with transaction.atomic():
        connection = lock(connection_id)
        connection.uploads_failed += 1
        connection.uploads_wait_until = until or timezone.now() + pause_after(connection.uploads_failed)
        if connection.uploads_wait_because != because:
            tell(connection, "uploads_wait", because=because)
        connection.uploads_wait_because = because
        connection.save(update_fields=["uploads_failed", "uploads_wait_until", "uploads_wait_because"])


def downloads(connection_id: int, because: str, *, until: datetime | None = None) -> None:
    """Let downloads wait likewise."""
    with transaction.atomic():
        connection = lock(connection_id)
        connection.downloads_failed += 1
        connection.downloads_wait_until = until or timezone.now() + pause_after(connection.downloads_failed)
        if connection.downloads_wait_because != because:
            tell(connection, "downloads_wait", because=because)
        connection.downloads_wait_because = because
        connection.save(update_fields=["downloads_failed", "downloads_wait_until", "downloads_wait_because"])


def uploads_go_on(connection: Connection) -> None:
    """Take note that uploads work again, on a locked connection."""
    if connection.uploads_wait_because:
        tell(connection, "uploads_go_on")
    connection.uploads_failed, connection.uploads_wait_until, connection.uploads_wait_because = 0, None, ""
    connection.save(update_fields=["uploads_failed", "uploads_wait_until", "uploads_wait_because"])


def downloads_go_on(connection: Connection) -> None:
    """Take note that downloads work again, on a locked connection."""
    if connection.downloads_wait_because:
        tell(connection, "downloads_go_on")
    connection.downloads_failed, connection.downloads_wait_until, connection.downloads_wait_because = 0, None, ""
    connection.save(update_fields=["downloads_failed", "downloads_wait_until", "downloads_wait_because"])


def stop(connection_id: int, because: str, *, password: bool = False) -> None:
    """Stop uploads until a person has looked; after a wrong `password`, every call."""
    with transaction.atomic():
        connection = lock(connection_id)
        connection.stopped, connection.stopped_because = True, because
        connection.password_refused = password
        connection.save(update_fields=["stopped", "stopped_because", "password_refused"])
        tell(connection, "stopped", because=because)


def uploads_until(connection: Connection) -> datetime | None:
    """Give until when uploads wait; None where they do not, or not any more."""
    return _still(connection.uploads_wait_until, max(LONGEST_FOR_HOURS, _LONGEST))


def downloads_until(connection: Connection) -> datetime | None:
    """Give until when downloads wait likewise."""
    return _still(connection.downloads_wait_until, max(_LONGEST, timedelta(seconds=connection.poll_seconds)))


def last_look(connection: Connection) -> datetime | None:
    """Give when the mailbox was last looked into; None where it never was, or our clock was wrong then."""
    looked, now = connection.last_looked_at, timezone.now()
    if looked is None or looked > now + CLOCKS_APART:
        return None
    return min(looked, now)


def _still(moment: datetime | None, longest: timedelta) -> datetime | None:
    # Nothing waits for longer: what is further away was written while the clock was ahead.
    now = timezone.now()
    return moment if moment is not None and now < moment <= now + longest + CLOCKS_APART else None


def free(connection: Connection) -> None:
    """Clear whatever the loops wait for or are stopped by, on a locked connection."""
    connection.stopped, connection.stopped_because, connection.password_refused = False, "", False
    connection.uploads_failed, connection.uploads_wait_until, connection.uploads_wait_because = 0, None, ""
    connection.downloads_failed, connection.downloads_wait_until, connection.downloads_wait_because = 0, None, ""
    connection.save()
