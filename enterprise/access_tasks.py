"""Who may see the pages of tasks and stock verification."""

from __future__ import annotations

from beian.web.access import Who, at_provider
from enterprise.workflow import CLERKS, OFFICE, STAFF

READERS = at_provider(*STAFF)
WORKERS = at_provider(*OFFICE)
REPORTERS = at_provider(*CLERKS)

WHO_MAY: dict[str, Who] = {
    **{f"enterprise:{name}": READERS for name in ("tasks", "task", "shells")},
    **{
        f"enterprise:{name}": WORKERS
        for name in (
            "tasks_assign",
            "task_reveal",
            "task_handle",
            "task_assign",
            "task_cut",
            "task_nothing",
        )
    },
    **{
        f"enterprise:{name}": REPORTERS
        for name in ("tasks_unfiled", "task_unfiled", "task_check", "task_reopen", "task_begin", "shell_begin")
    },
}
