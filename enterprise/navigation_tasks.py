"""The entries of tasks and stock verification in the navigation."""

from __future__ import annotations

from beian.web.navigation import Entry

NAVIGATION: tuple[Entry, ...] = (
    Entry(
        "任务与核验",
        "enterprise:tasks",
        also=("enterprise:task", "enterprise:task_check", "enterprise:tasks_unfiled", "enterprise:shells"),
    ),
)
