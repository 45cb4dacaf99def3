"""The entries of tasks and stock verification in the navigation."""

from __future__ import annotations

from beian.web.navigation import Entry

NAVIGATION: tuple[Entry, ...] = (
    Entry(
        "任务与核验",
        "enterprise:tasks",
        also=(
            "enterprise:task",
            "enterprise:task_check",
            "enterprise:tasks_unfiled",
            "enterprise:shells",
            "enterprise:stock_plans",
            "enterprise:stock_new",
            "enterprise:stock_plan",
            "enterprise:stock_items",
            "enterprise:stock_item",
            "enterprise:rechecks",
            "enterprise:recheck_rule",
        ),
    ),
    Entry("核对备案", "enterprise:portal_rechecks"),
)
