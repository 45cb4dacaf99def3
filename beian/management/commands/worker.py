"""`manage.py worker`: a Celery worker for the queues of this process's nodes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from beian.celery import app, queues


class Command(BaseCommand):
    """Run a Celery worker on the shared queues and those of the nodes this process serves."""

    help = __doc__
    # Celery runs the checks itself.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--concurrency", type=int, default=2, help="processes that take tasks")
        parser.add_argument("--name", default="worker@%h", help="must differ between workers of one broker")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to end."""
        app.worker_main(
            [
                "--quiet",
                "worker",
                f"--queues={','.join(queues())}",
                f"--concurrency={options['concurrency']}",
                f"--hostname={options['name']}",
                # Workers need not know of each other; asking for them delays the start by a second.
                "--without-mingle",
                "--without-gossip",
            ]
        )
