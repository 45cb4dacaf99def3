"""What a provider's system does by the clock."""

from __future__ import annotations

from beian.celery import MAIL

HOURLY = 3600.0
DAILY = 24 * HOURLY

SCHEDULE = {
    "sweep-imports": {"task": "enterprise.tasks.sweep_imports", "schedule": 60.0, "options": {"expires": 60}},
    "recheck-holdings": {
        "task": "enterprise.tasks.recheck_holdings",
        "schedule": HOURLY,
        "options": {"expires": HOURLY},
    },
    "settle-tasks": {"task": "enterprise.tasks.settle_tasks", "schedule": 10.0, "options": {"expires": 10}},
    # Receivers may be slow: with the mail, away from what people wait for; one process at a time, for seconds.
    "tell-webhooks": {
        "task": "enterprise.tasks.tell_webhooks",
        "schedule": 5.0,
        "options": {"queue": MAIL, "expires": 5},
    },
    "remove-old-material": {
        "task": "enterprise.tasks.remove_old_material",
        "schedule": DAILY,
        "options": {"expires": DAILY},
    },
    "forget-calls": {"task": "enterprise.tasks.forget_calls", "schedule": HOURLY, "options": {"expires": HOURLY}},
}
