"""Rows for the URLs of tasks, so that `test_access` can call every view."""

from __future__ import annotations

from typing import Any

from beian.models import Node
from enterprise.models import TaskKind
from tests.beian.url_examples import example
from tests.enterprise.tasked import task_row

PAGES = ("task", "task_reveal", "task_handle", "task_reopen", "task_assign", "task_begin", "task_cut", "task_nothing")


def _task(provider: Node) -> dict[str, Any]:
    return {"pk": task_row(provider, TaskKind.SHELL).pk}


for _name in (*PAGES, "task_check", "task_unfiled"):
    example(f"enterprise:{_name}")(_task)
