"""Tasks, schedules and queues of the Celery application."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from celery.signals import before_task_publish, task_postrun, task_prerun
from pytest_django.fixtures import Settings

from beian import celery
from beian.events import current_correlation
from beian.models import Node
from beian.models.node import NodeKind


@pytest.fixture
def nodes(db: None) -> None:
    Node.objects.all().delete()
    for code, kind in [
        ("ministry", NodeKind.MINISTRY),
        ("bureau:440000", NodeKind.BUREAU),
        ("bureau:110000", NodeKind.BUREAU),
        ("provider:440000000001", NodeKind.PROVIDER),
    ]:
        Node.objects.create(code=code, kind=kind, name=code)


@pytest.fixture
def _clean_context() -> Iterator[None]:
    yield
    current_correlation.set(None)
    structlog.contextvars.clear_contextvars()


def test_every_scheduled_task_exists() -> None:
    celery.app.autodiscover_tasks(force=True)
    celery.app.autodiscover_tasks(celery.PACKAGES_WITH_TASKS, force=True)
    tasks = {entry["task"] for entry in celery.schedule().values()}

    assert "beian.tasks.heartbeat" in tasks
    assert not tasks - celery.app.tasks.keys()


@pytest.mark.usefixtures("nodes")
def test_a_worker_of_all_nodes_takes_every_queue_but_the_providers() -> None:
    assert celery.queues() == ["work", "mail", "node.bureau:110000", "node.bureau:440000", "node.ministry"]


@pytest.mark.usefixtures("nodes")
def test_a_worker_of_one_node_takes_its_own(settings: Settings) -> None:
    settings.ENV = SimpleNamespace(nodes=("bureau:440000",))

    assert celery.queues()[2:] == ["node.bureau:440000"]


def test_nodes_on_one_broker_do_not_take_each_others_work(settings: Settings) -> None:
    settings.ENV = SimpleNamespace(nodes=("bureau:440000",))

    assert celery.own("work") == "work.bureau:440000"


@pytest.mark.usefixtures("_clean_context")
def test_a_task_goes_on_under_the_id_of_its_cause() -> None:
    cause = uuid.uuid4()
    headers: dict[str, Any] = {}
    current_correlation.set(cause)
    before_task_publish.send("task", headers=headers)
    current_correlation.set(None)
    task = SimpleNamespace(name="t", request={**headers, "id": str(uuid.uuid4())})

    task_prerun.send(task.name, task=task, task_id=task.request["id"])

    assert current_correlation.get() == cause
    assert structlog.contextvars.get_contextvars()["correlation"] == str(cause)
    task_postrun.send(task.name, task=task)
    assert current_correlation.get() is None


@pytest.mark.usefixtures("_clean_context")
def test_a_task_without_a_cause_begins_its_own() -> None:
    own = uuid.uuid4()
    task = SimpleNamespace(name="t", request={"id": str(own)})

    task_prerun.send(task.name, task=task, task_id=str(own))

    assert current_correlation.get() == own
