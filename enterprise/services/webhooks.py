"""Webhooks: what happens to cases and tasks is told to the provider's own systems.

Nothing is told in the transaction in which it happens. What happened stands in the events, append-only;
each webhook has a cursor in them. `gather` turns events after the cursor into deliveries, `deliver` posts
one, `tell` does both for all. A body names what changed, and holds no personal data: the system asks for the
rest with its token.

    Beian-Signature: t=1769040000,v1=<hex HMAC-SHA256 of "t.body" under the webhook's secret>

A delivery that is not answered 2xx within ten seconds is tried again with growing pauses for three days, and
the others of its webhook wait with it (`receivers`). It may arrive twice (its `id` is the same then), and not
in order: the state that a body names is that of the event.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
import uuid
from collections.abc import Iterable
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from beian import events
from beian.models import Event, Node, User
from beian.services.refusals import Invalid
from enterprise.gateway.turns import turn
from enterprise.models import Case, Delivery, DeliveryState, Task, Webhook
from enterprise.services import receivers, tasks
from interface.http_call import connected, legible

SECONDS = 10.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=3)
MOST_TRIES = 40
KEPT = timedelta(days=30)
AT_ONCE = 500
A_FEW = 25
"""So many deliveries of one webhook are posted in a run."""
RUN_SECONDS = 20.0
"""After so long a run begins no further delivery: others want the worker too."""
TELLING = 0x74656C6C
"""The first of the two numbers of the advisory lock of a run; the second is 0."""
_LEASE = timedelta(minutes=1)
_TOLD = ("case", tasks.SUBJECT)
_WRITING = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'relation' AND relation = 'beian_event'::regclass AND mode = 'RowExclusiveLock' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND pid IS DISTINCT FROM pg_backend_pid()
    )
"""

log = structlog.get_logger(__name__)


def add(provider: Node, url: str, actor: User) -> tuple[Webhook, str]:
    """Add a webhook; gives it and its secret, shown once. It is told what happens from now on."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Invalid({"url": ["请填写 http:// 或 https:// 开头的完整地址，不含用户名和密码。"]})
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        now = Event.objects.aggregate(last=Max("id"))["last"] or 0
        hook = Webhook.objects.create(provider=provider, url=url.strip(), secret=secret, cursor=now, made_by=actor)
        events.record("webhook", hook.pk, "add", node=provider, actor=actor, data={"host": parts.hostname})
    return hook, secret


def switch(provider: Node, webhook_id: int, active: bool, actor: User) -> None:
    """Switch a webhook on or off; what happens meanwhile is told when it is on again."""
    with transaction.atomic():
        hook = Webhook.objects.select_for_update().get(provider=provider, pk=webhook_id)
        hook.active = active
        hook.save(update_fields=["active"])
        receivers.well(hook)
        events.record("webhook", hook.pk, "switch_on" if active else "switch_off", node=provider, actor=actor)


def send_again(provider: Node, delivery_id: uuid.UUID, actor: User) -> None:
    """Put a delivery back to be posted now, also one that was given up or delivered."""
    with transaction.atomic():
        rows = Delivery.objects.select_related("webhook").select_for_update(of=("self",))
        delivery = rows.get(webhook__provider=provider, pk=delivery_id)
        delivery.state, delivery.not_before, delivery.tries = DeliveryState.WAITING, None, 0
        delivery.save(update_fields=["state", "not_before", "tries"])
        receivers.well(delivery.webhook)
        events.record("webhook", delivery.webhook_id, "send_again", node=provider, actor=actor)


def tell() -> int:
    """Gather what happened and post what waits; gives how many deliveries were taken.

    One process at a time, for some 20 seconds and the last delivery. Of a webhook a few deliveries at once, and
    none after one that was not taken; receivers that took nothing the last time come after the others.
    """
    with turn(TELLING, 0) as mine:
        if not mine:
            return 0
        until = time.monotonic() + RUN_SECONDS
        hooks = list(Webhook.objects.filter(active=True))
        for hook in hooks:
            _gathered(hook)
        failing = receivers.failing(hooks)
        hooks.sort(key=lambda hook: failing[hook.pk].times if hook.pk in failing else 0)
        return sum(_told(hook, until) for hook in hooks)


def gather(webhook_id: int) -> int:
    """Turn what happened since the cursor into deliveries; gives how many. 500 events at once.

    What can be seen is told. The cursor follows only to where nothing can appear any more (`_settled`): events
    are numbered in one order and seen in another.
    """
    with transaction.atomic():
        hook = Webhook.objects.select_for_update(skip_locked=True).filter(pk=webhook_id, active=True).first()
        if hook is None:
            return 0
        settled = _settled(hook)  # before the events are read
        news = list(_news(hook))
        bodies = _bodies(hook.provider, news)
        Delivery.objects.bulk_create(
            [Delivery(webhook=hook, event=event.pk, body=bodies[event.pk]) for event in news if event.pk in bodies],
            ignore_conflicts=True,
        )
        reached = min(settled, news[-1].pk) if len(news) == AT_ONCE else settled
        if reached > hook.cursor:
            hook.cursor = reached
            hook.save(update_fields=["cursor"])
        return len(bodies)


def waiting() -> QuerySet[Delivery]:
    """Give the deliveries that may be posted now: what was tried least first, then the oldest."""
    due = Q(not_before=None) | Q(not_before__lte=timezone.now())
    alone = receivers.left_alone(Webhook.objects.filter(active=True).defer("secret"))
    found = Delivery.objects.filter(due, state=DeliveryState.WAITING, webhook__active=True)
    return found.exclude(webhook__in=alone).order_by("tries", "made_at")


def deliver(delivery_id: uuid.UUID) -> bool:
    """Post one delivery; says whether it was taken. Nobody else posts it meanwhile."""
    # The try is counted with the lease: also one that ends as nobody thought of.
    mine = waiting().filter(pk=delivery_id)
    if not mine.update(not_before=timezone.now() + _LEASE, tries=F("tries") + 1):
        return False
    delivery = Delivery.objects.select_related("webhook").get(pk=delivery_id)
    if delivery.tries > MOST_TRIES:
        Delivery.objects.filter(pk=delivery_id).update(state=DeliveryState.GIVEN_UP)
        return False
    delivery.answered, delivery.problem = _post(delivery)
    taken = delivery.answered is not None and 200 <= delivery.answered < 300
    if taken:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, timezone.now()
    else:
        delivery.not_before = timezone.now() + min(FIRST_PAUSE * 2 ** min(delivery.tries, 12), LONGEST_PAUSE)
        if delivery.tries >= MOST_TRIES:
            delivery.state = DeliveryState.GIVEN_UP
    delivery.save(update_fields=["answered", "problem", "state", "not_before", "delivered_at"])
    if taken:
        receivers.well(delivery.webhook)
    else:
        _wait_with_it(delivery.webhook)
    return taken


def forget(before_now: timedelta = KEPT) -> int:
    """Remove settled deliveries after 30 days; gives how many."""
    old = Delivery.objects.filter(made_at__lt=timezone.now() - before_now)
    return old.exclude(state=DeliveryState.WAITING).delete()[0]


def signature(secret: str, moment: int, body: bytes) -> str:
    """Give the value of `Beian-Signature` for a body sent at `moment` (Unix time)."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _gathered(hook: Webhook) -> None:
    try:
        gather(hook.pk)
    except Exception:
        log.exception("what happened could not be gathered", webhook=hook.pk)


def _told(hook: Webhook, until: float) -> int:
    """Post a few deliveries of a webhook; gives how many were taken."""
    taken = 0
    for pk in list(waiting().filter(webhook=hook).values_list("pk", flat=True)[:A_FEW]):
        if time.monotonic() >= until or not _delivered(hook, pk):
            break
        taken += 1
    return taken


def _delivered(hook: Webhook, delivery_id: uuid.UUID) -> bool:
    try:
        return deliver(delivery_id)
    except Exception:
        log.exception("a delivery could not be posted", webhook=hook.pk, delivery=str(delivery_id))
        receivers.failed(hook)
        return False


def _wait_with_it(hook: Webhook) -> None:
    """Leave a webhook's receiver alone; give up what is old, where it has taken nothing for days."""
    now, found = timezone.now(), receivers.failed(hook)
    if now - found.since >= receivers.PATIENCE:
        old = hook.deliveries.filter(state=DeliveryState.WAITING, made_at__lt=now - receivers.PATIENCE)
        old.filter(tries=0).update(problem=f"接收方连续{receivers.PATIENCE.days}天没有接收。")
        old.update(state=DeliveryState.GIVEN_UP)


def _settled(hook: Webhook) -> int:
    """Give the number up to which all events can be seen now or never will be.

    A transaction takes the lock on the table before its first number, and before it has an id of its own; it
    gives it back only once its events can be seen, or are gone. So where nobody holds the lock, all numbers
    that were taken before are settled: those up to the highest that could be seen before we looked for locks.
    Ids of transactions say nothing here: one that began later may take its number earlier.
    """
    last = Event.objects.aggregate(last=Max("id"))["last"] or 0
    with connection.cursor() as cursor:
        cursor.execute(_WRITING)
        writing: bool = cursor.fetchone()[0]
    return hook.cursor if writing else max(last, hook.cursor)


def _news(hook: Webhook) -> QuerySet[Event]:
    told = Delivery.objects.filter(webhook=hook, event=OuterRef("pk"))
    found = Event.objects.filter(~Exists(told), node=hook.provider, id__gt=hook.cursor, subject_kind__in=_TOLD)
    return found.order_by("id")[:AT_ONCE]


def _bodies(provider: Node, news: Iterable[Event]) -> dict[int, dict[str, Any]]:
    """Say each event as a body, by its id; events of what is not there any more are left out."""
    news = list(news)
    keys = {kind: [int(event.subject) for event in news if event.subject_kind == kind] for kind in _TOLD}
    cases = Case.objects.at(provider).light().in_bulk(keys["case"])
    rows = Task.objects.filter(provider=provider).defer("content").in_bulk(keys[tasks.SUBJECT])
    bodies: dict[int, dict[str, Any]] = {}
    for event in news:
        about: dict[str, Any] | None = None
        if event.subject_kind == "case" and (case := cases.get(int(event.subject))):
            state = event.data.get("after", case.state)
            about = {
                "case": {"id": case.pk, "reference": case.reference, "order": case.origin_reference, "state": state}
            }
        elif event.subject_kind == tasks.SUBJECT and (task := rows.get(int(event.subject))):
            about = {"task": {"id": task.pk, "kind": task.kind, "state": task.state}}
        if about is not None:
            name = "case" if event.subject_kind == "case" else "task"
            bodies[event.pk] = {"event": f"{name}.{event.verb}", "at": event.at.isoformat(), **about}
    return bodies


def _post(delivery: Delivery) -> tuple[int | None, str]:
    """Post a delivery; gives the HTTP status and what went wrong."""
    body = json.dumps({"id": str(delivery.pk), **delivery.body}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Beian-Signature": signature(delivery.webhook.secret, int(time.time()), body),
        "User-Agent": "Beian-Webhook/1",
        "Connection": "close",
    }
    try:
        url = urlsplit(delivery.webhook.url)
        with connected(url, idle=SECONDS, whole=SECONDS) as receiver:
            path = f"{url.path or '/'}{'?' if url.query else ''}{url.query}"
            receiver.request("POST", path, body=body, headers=headers)
            status = receiver.getresponse().status
    except (OSError, HTTPException, ValueError) as error:
        return None, legible(f"{type(error).__name__}: {error}")[:255]
    return status, "" if 200 <= status < 300 else f"应答 {status}"
