"""Write docs/checks.md from the rules."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from beian.checks.reference import render
from beian.settings import ROOT


class Command(BaseCommand):
    """Write the reference page of the checks, or say whether it is up to date."""

    help = "Write docs/checks.md from the rules (--check: only say whether it is up to date)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare `--check`."""
        parser.add_argument("--check", action="store_true", help="change nothing, fail when the page is old")

    def handle(self, *_: Any, check: bool, **__: Any) -> None:
        """Write the page. Raises `CommandError` where `--check` finds it old."""
        page = ROOT / "docs" / "checks.md"
        text = render()
        if check:
            if not page.exists() or page.read_text("utf-8") != text:
                raise CommandError("docs/checks.md is not up to date: run manage.py checks_reference")
            return
        page.parent.mkdir(exist_ok=True)
        page.write_text(text, "utf-8")
        self.stdout.write(f"{page}: written")
