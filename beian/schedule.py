"""What Celery beat does for the application as a whole."""

from __future__ import annotations

from beian.celery import MAIL

SCHEDULE = {
    "heartbeat": {"task": "beian.tasks.heartbeat", "schedule": 10, "options": {"expires": 10}},
    "sweep-mail": {"task": "beian.tasks.sweep_mail", "schedule": 60, "options": {"queue": MAIL, "expires": 60}},
    "sweep-messages": {"task": "beian.exchange.sweep", "schedule": 15, "options": {"expires": 15}},
}
