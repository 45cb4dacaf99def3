"""Rows for the URLs of tasks, so that `test_access` can call every view."""

from __future__ import annotations

from typing import Any

from beian.models import Node
from enterprise.models import TaskKind
from tests.beian.url_examples import example
from tests.enterprise.tasked import plan_row, task_row

PAGES = ("task", "task_reveal", "task_handle", "task_reopen", "task_assign", "task_begin", "task_cut", "task_nothing")


def _task(provider: Node) -> dict[str, Any]:
    return {"pk": task_row(provider, TaskKind.SHELL).pk}


for _name in (*PAGES, "task_check", "task_unfiled"):
    example(f"enterprise:{_name}")(_task)


def _plan(provider: Node) -> dict[str, Any]:
    return {"pk": plan_row(provider).pk}


for _name in (
    "stock_plan", "stock_assign", "stock_close", "stock_results", "stock_items", "stock_record",
):  # fmt: skip
    example(f"enterprise:{_name}")(_plan)


def _item(provider: Node) -> dict[str, Any]:
    plan = plan_row(provider)
    return {"pk": plan.items.get().pk}


for _name in ("stock_item", "stock_reveal"):
    example(f"enterprise:{_name}")(_item)
