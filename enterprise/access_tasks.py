"""Who may see the pages of tasks and stock verification."""

from __future__ import annotations

from beian.models import Role
from beian.web.access import Who, at_provider
from enterprise.workflow import CLERKS, OFFICE, STAFF

SUPERVISORS = at_provider(Role.SUPERVISOR)
SETTERS = at_provider(Role.SUPERVISOR, Role.ADMINISTRATOR)
SPONSOR = at_provider(Role.SPONSOR)
READERS = at_provider(*STAFF)
WORKERS = at_provider(*OFFICE)
REPORTERS = at_provider(*CLERKS)

WHO_MAY: dict[str, Who] = {
    **{
        f"enterprise:{name}": READERS
        for name in ("tasks", "task", "shells", "stock_plans", "stock_plan", "stock_items", "rechecks")
    },
    **{
        f"enterprise:{name}": WORKERS
        for name in (
            "tasks_assign",
            "task_reveal",
            "task_handle",
            "task_assign",
            "task_cut",
            "task_nothing",
            "stock_item",
            "stock_reveal",
            "stock_record",
        )
    },
    **{
        f"enterprise:{name}": REPORTERS
        for name in ("tasks_unfiled", "task_unfiled", "task_check", "task_reopen", "task_begin", "shell_begin")
    },
    **{f"enterprise:{name}": SUPERVISORS for name in ("stock_new", "stock_assign", "stock_close", "stock_results")},
    "enterprise:recheck_rule": SETTERS,
    "enterprise:portal_rechecks": SPONSOR,
    "enterprise:portal_recheck": SPONSOR,
}
