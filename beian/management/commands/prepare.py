"""`manage.py prepare`: everything between a new version of the code and its start."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Migrate the database, load code tables, collect static files; with `--demo`, load demo data.

    Each step may be repeated at any time.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--demo", type=Path, metavar="DIR", help="load demo data; demo.json goes into DIR")
        parser.add_argument("--base-url", default="http://127.0.0.1:8000", help="where demo.json says we are")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the steps in order and show each as it ends."""
        self._step("database schema", "migrate", "--no-input")
        self._step("code tables", "load_codes")
        self._step("static files", "collectstatic", "--no-input")
        if (demo := options["demo"]) is not None:
            self._load_demo(str(demo), options["base_url"])

    def _load_demo(self, folder: str, base_url: str) -> None:
        """Load the demo of what this process serves; the providers' comes from what the bureaus gave them."""
        providers = [code for code in settings.ENV.nodes if code.startswith("provider:")]
        served = ["--data", folder, "--base-url", base_url]
        if not providers or len(providers) < len(settings.ENV.nodes):
            self._step("demo data", "load_demo", *served)
        if (providers or not settings.ENV.nodes) and apps.is_installed("enterprise"):
            self._step("providers' demo", "load_provider_demo", *served)

    def _step(self, title: str, command: str, *arguments: str) -> None:
        started = time.monotonic()
        self.stdout.write(f"  {title:<18}", ending="")
        self.stdout.flush()
        call_command(command, *arguments, verbosity=0, stdout=io.StringIO())
        self.stdout.write(f"{time.monotonic() - started:5.1f} s")
