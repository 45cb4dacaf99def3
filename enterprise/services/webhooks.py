"""Webhooks: what happens to cases and tasks is told to the provider's own systems.

Nothing is told in the transaction in which it happens. What happened stands in the events, append-only;
each webhook has a cursor in them. `gather` turns events behind the cursor into deliveries, `deliver` posts
one. A body names what changed, and holds no personal data: the system asks for the rest with its token.

    Beian-Signature: t=1769040000,v1=<hex HMAC-SHA256 of "t.body" under the webhook's secret>

A delivery that is not answered 2xx within ten seconds is tried again with growing pauses for three days. It
may arrive twice (its `id` is the same then), and not in order: the state that a body names is that of the
event.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterable
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from beian import events
from beian.models import Event, Node, User
from beian.services.refusals import Invalid
from enterprise.models import Case, Delivery, DeliveryState, Task, Webhook
from enterprise.services import tasks

SECONDS = 10
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=3)
MOST_TRIES = 40
KEPT = timedelta(days=30)
AT_ONCE = 500
_LEASE = timedelta(minutes=1)
_TOLD = ("case", tasks.SUBJECT)

# Events whose transactions may still be joined by older ones are not read yet: a cursor that passed
# them would never see those. The oldest that runs is asked for first: what begins later numbers its events higher.
_OLDEST_RUNNING = """
    SELECT backend_xid::text FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL
    ORDER BY age(backend_xid) DESC LIMIT 1
"""
_BEFORE = 'age("beian_event"."xmin") > age(%s::text::xid)'

log = structlog.get_logger(__name__)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A receiver that moved says so to its administrator, not to us."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects())


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
        events.record("webhook", hook.pk, "switch_on" if active else "switch_off", node=provider, actor=actor)


def send_again(provider: Node, delivery_id: uuid.UUID, actor: User) -> None:
    """Put a delivery back to be posted now, also one that was given up or delivered."""
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(webhook__provider=provider, pk=delivery_id)
        delivery.state, delivery.not_before, delivery.tries = DeliveryState.WAITING, None, 0
        delivery.save(update_fields=["state", "not_before", "tries"])
        events.record("webhook", delivery.webhook_id, "send_again", node=provider, actor=actor)


def gather(webhook_id: int) -> int:
    """Turn what happened since the cursor into deliveries; gives how many. 500 events at once."""
    with transaction.atomic():
        hook = Webhook.objects.select_for_update(skip_locked=True).filter(pk=webhook_id, active=True).first()
        if hook is None:
            return 0
        news = list(_news(hook))
        if not news:
            return 0
        bodies = _bodies(hook.provider, news)
        Delivery.objects.bulk_create(
            [Delivery(webhook=hook, event=event.pk, body=bodies[event.pk]) for event in news if event.pk in bodies],
            ignore_conflicts=True,
        )
        hook.cursor = news[-1].pk
        hook.save(update_fields=["cursor"])
        return len(bodies)


def waiting() -> QuerySet[Delivery]:
    """Give the deliveries that may be posted now."""
    due = Q(not_before=None) | Q(not_before__lte=timezone.now())
    return Delivery.objects.filter(due, state=DeliveryState.WAITING, webhook__active=True).order_by("made_at")


def deliver(delivery_id: uuid.UUID) -> bool:
    """Post one delivery; says whether it was taken. Nobody else posts it meanwhile."""
    now = timezone.now()
    if not waiting().filter(pk=delivery_id).update(not_before=now + _LEASE):
        return False
    delivery = Delivery.objects.select_related("webhook").get(pk=delivery_id)
    delivery.tries += 1
    delivery.answered, delivery.problem = _post(delivery)
    if delivery.answered is not None and 200 <= delivery.answered < 300:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, timezone.now()
    else:
        delivery.not_before = timezone.now() + min(FIRST_PAUSE * 2 ** min(delivery.tries, 12), LONGEST_PAUSE)
        if delivery.tries >= MOST_TRIES:
            delivery.state = DeliveryState.GIVEN_UP
    delivery.save(update_fields=["tries", "answered", "problem", "state", "not_before", "delivered_at"])
    return delivery.state == DeliveryState.DELIVERED


def forget(before_now: timedelta = KEPT) -> int:
    """Remove settled deliveries after 30 days; gives how many."""
    old = Delivery.objects.filter(made_at__lt=timezone.now() - before_now)
    return old.exclude(state=DeliveryState.WAITING).delete()[0]


def signature(secret: str, moment: int, body: bytes) -> str:
    """Give the value of `Beian-Signature` for a body sent at `moment` (Unix time)."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _news(hook: Webhook) -> QuerySet[Event]:
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_RUNNING)
        oldest = cursor.fetchone()
    found = Event.objects.filter(node=hook.provider, id__gt=hook.cursor, subject_kind__in=_TOLD)
    if oldest:
        found = found.annotate(settled=RawSQL(_BEFORE, oldest)).filter(settled=True)  # noqa: S611
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
    }
    request = urllib.request.Request(delivery.webhook.url, data=body, headers=headers, method="POST")  # noqa: S310
    try:
        with _OPENER.open(request, timeout=SECONDS) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        return error.code, f"应答 {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        return None, f"{type(error).__name__}: {getattr(error, 'reason', error)}"[:255]
