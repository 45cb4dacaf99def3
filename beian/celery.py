"""The Celery application: tasks and schedules of all installed apps.

Each app may have `tasks.py`, and `schedule.py` with a `SCHEDULE` that is written as Celery's
`beat_schedule`: `{"name": {"task": "bureau.tasks.expire_claims", "schedule": 60}}`.
"""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import structlog
from celery import Celery
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun, worker_ready
from django.conf import settings
from redis import RedisError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beian.settings")

CORRELATION_HEADER = "beian_correlation"
PACKAGES_WITH_TASKS = ["beian.exchange"]
"""Packages that are no apps of Django's and have a `tasks.py`, or tasks in their modules."""


def own(name: str) -> str:
    """Give a name that only the processes of our nodes use, on a broker shared with other nodes.

    Their databases may be others than ours, so a task that names a row must not come to them.
    """
    return ".".join([name, *settings.ENV.nodes])


# Mail may hang on a slow server and must not keep the rest from running: a queue of its own, which
# a large installation gives a worker of its own.
WORK = own("work")
MAIL = own("mail")

app = Celery("beian")
app.conf.update(settings.CELERY, task_default_queue=WORK)
app.autodiscover_tasks()
app.autodiscover_tasks(PACKAGES_WITH_TASKS)


def node_queue(code: str) -> str:
    """Give the queue of messages to a node: `node.bureau:440000`."""
    return f"node.{code}"


def queues() -> list[str]:
    """Give the queues that a worker of this process consumes: those for work, those of its nodes.

    The nodes are those of `BEIAN_NODES`, or all systems in the database but the providers', which
    are reached by SOAP only.
    """
    return [WORK, MAIL, *map(node_queue, _nodes())]


def _nodes() -> list[str]:
    from beian.models import Node
    from beian.models.node import NodeKind

    served = Node.objects.served().exclude(kind=NodeKind.PROVIDER)
    return list(served.order_by("code").values_list("code", flat=True))


def schedule() -> dict[str, Any]:
    """Collect the schedules of the installed apps.

    Raises `ValueError` when two apps use one name: the second would silently replace the first.
    """
    from django.apps import apps

    collected: dict[str, Any] = {}
    for config in apps.get_app_configs():
        module = f"{config.name}.schedule"
        if find_spec(module) is None:
            continue
        entries = import_module(module).SCHEDULE
        if twice := collected.keys() & entries.keys():
            raise ValueError(f"{module}: {', '.join(sorted(twice))} is scheduled by another app already")
        collected |= entries
    return collected


@setup_logging.connect
def _keep_our_logging(**kwargs: Any) -> None:
    """Django has set logging up as the settings say; Celery must not do it again."""
    import django

    django.setup()


@worker_ready.connect
def _say_ready(**kwargs: Any) -> None:
    """Show `/readyz` a worker at once, not only at the next beat."""
    from beian.tasks import note_worker

    note_worker()


@task_prerun.connect
def _say_busy(**kwargs: Any) -> None:
    """Show `/readyz` a worker whose queue is long."""
    from beian.tasks import note_busy_worker

    with suppress(RedisError):
        note_busy_worker()


@before_task_publish.connect
def _send_correlation(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    from beian.events import current_correlation

    if headers is not None and (current := current_correlation.get()):
        headers.setdefault(CORRELATION_HEADER, str(current))


@task_prerun.connect
def _take_correlation(task: Any, **kwargs: Any) -> None:
    """Go on under the id of the request or task that caused this one, or begin a new one."""
    from beian.events import current_correlation

    correlation = uuid.UUID(task.request.get(CORRELATION_HEADER) or task.request.get("id"))
    current_correlation.set(correlation)
    structlog.contextvars.bind_contextvars(correlation=str(correlation), task=task.name)


@task_postrun.connect
def _drop_correlation(**kwargs: Any) -> None:
    from beian.events import current_correlation

    current_correlation.set(None)
    structlog.contextvars.clear_contextvars()
