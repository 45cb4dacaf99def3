"""What probes are told when parts fail."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from ipaddress import ip_network
from types import SimpleNamespace
from typing import Any

import pytest
from celery.signals import task_prerun
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from beian import health, tasks
from beian.tasks import HEARTBEAT, heartbeat, worker_seen


@pytest.fixture(autouse=True)
def _worker() -> None:
    heartbeat()


def ask(view: Callable[[HttpRequest], HttpResponse], **meta: str) -> HttpResponse:
    return view(RequestFactory().get("/", **meta))


def ready() -> tuple[int, dict[str, Any]]:
    answer = ask(health.readyz)
    return answer.status_code, json.loads(answer.content)


def test_alive_asks_nobody(django_assert_num_queries: DjangoAssertNumQueries, db: None) -> None:
    with django_assert_num_queries(0):
        assert ask(health.healthz).content == b"ok\n"


@pytest.mark.django_db
def test_ready_when_all_is_there() -> None:
    status, parts = ready()

    assert status == 200
    assert 0 <= parts.pop("worker_seen") < 10
    assert parts == {"ready": True, "database": "ok", "redis": "ok", "migrations": "ok", "worker": "ok"}


@pytest.mark.django_db
def test_not_ready_without_a_worker() -> None:
    cache.delete(HEARTBEAT)

    status, parts = ready()

    assert (status, parts["worker"]) == (503, "no worker seen within the hour")


@pytest.mark.django_db
def test_not_ready_with_a_worker_that_fell_silent() -> None:
    cache.set(HEARTBEAT, time.time() - 90)

    status, parts = ready()

    assert (status, parts["worker"]) == (503, "no worker seen for 90 s")


@pytest.mark.django_db
def test_not_ready_with_a_migration_missing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'interface'")

    status, parts = ready()

    assert status == 503
    assert "not applied" in parts["migrations"]


@pytest.mark.django_db
def test_not_ready_without_redis(settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://:secret@127.0.0.1:1/1"}}

    status, parts = ready()

    assert (status, parts["redis"]) == (503, "failed: ConnectionError")
    assert "secret" not in json.dumps(parts)
    assert parts["database"] == "ok"


def test_not_ready_without_the_database() -> None:
    # Without the mark `django_db` no test reaches the database: pytest-django refuses.
    status, parts = ready()

    assert status == 503
    assert parts["database"] == "failed: RuntimeError"
    assert parts["redis"] == "ok"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1", "10.9.0.5"])
def test_metrics_for_those_who_are_near(address: str, settings: Settings) -> None:
    settings.ENV = SimpleNamespace(trusted_proxies=(ip_network("10.9.0.0/16"),))

    answer = ask(health.metrics, REMOTE_ADDR=address)

    assert answer.status_code == 200
    assert b"# TYPE beian_uploads_waiting gauge" in answer.content


@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "203.0.113.7"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=127.0.0.1"},
    ],
)
def test_no_metrics_for_others(meta: dict[str, str]) -> None:
    assert ask(health.metrics, **meta).status_code == 403


def test_a_worker_with_a_backlog_is_seen_at_work() -> None:
    cache.delete(HEARTBEAT)
    tasks._noted = 0.0

    task_prerun.send(sender=None, task=SimpleNamespace(name="any", request={"id": str(uuid.uuid4())}))

    assert worker_seen() is not None


def test_a_busy_worker_does_not_say_so_with_every_task() -> None:
    tasks.note_busy_worker()
    cache.delete(HEARTBEAT)

    tasks.note_busy_worker()

    assert worker_seen() is None
