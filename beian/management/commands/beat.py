"""`manage.py beat`: the clock that starts scheduled tasks; run one for each node."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from beian.celery import app, schedule


class Command(BaseCommand):
    """Run Celery beat with the schedules of all apps."""

    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to end."""
        # Before beat starts: it reads the schedule once, earlier than any of its signals.
        app.conf.beat_schedule = schedule()
        # In memory, without files that a crash could spoil: what is scheduled may be repeated, and
        # looks in the database for what is due.
        app.start(["--quiet", "beat", "--scheduler=celery.beat.Scheduler", "--pidfile="])
