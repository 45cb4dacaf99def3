"""What probes and Prometheus ask: `/healthz`, `/readyz`, `/metrics`."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from beian.metrics import render
from beian.tasks import STALE_AFTER, worker_seen


class NotReady(Exception):
    """A part that the application needs does not serve it; the text says in which way."""


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; it asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say part by part whether the application can work: 200 when all is well, else 503.

    `worker_seen` is how many seconds ago a worker took a task, where it could be asked.
    """
    parts: dict[str, object] = {name: _state(check) for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in parts.values())
    if parts["redis"] == "ok":
        parts["worker_seen"] = worker_seen()
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the numbers, to this machine and the trusted networks only."""
    if not _is_near(request):
        return HttpResponseForbidden("metrics are given to this machine and TRUSTED_PROXIES only\n")
    return HttpResponse(render(), content_type=CONTENT_TYPE_LATEST)


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as problem:
        return str(problem)
    except Exception as problem:  # a probe reports what is wrong, whatever it is
        # The class only: drivers put addresses and user names into their messages.
        return f"failed: {type(problem).__name__}"
    return "ok"


def _check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _check_redis() -> None:
    cache.get("beian:probe")


def _check_migrations() -> None:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise NotReady(f"{len(missing)} migrations are not applied")


def _check_worker() -> None:
    seen = worker_seen()
    if seen is None:
        raise NotReady("no worker seen within the hour")
    if seen > STALE_AFTER:
        raise NotReady(f"no worker seen for {seen:.0f} s")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _check_database,
    "redis": _check_redis,
    "migrations": _check_migrations,
    "worker": _check_worker,
}


def _is_near(request: HttpRequest) -> bool:
    """Tell whether the caller itself is near: what a proxy hands on comes from anywhere."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback or any(address in network for network in settings.ENV.trusted_proxies)
