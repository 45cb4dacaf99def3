"""`manage.py load_demo`: the demo's systems, people, providers and filings, and `demo.json`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from beian.demo.manifest import write
from beian.models import Node
from bureau.demo import history, manifest, nodes, people, providers


class Command(BaseCommand):
    """Load what is missing of the demo and keep what is there. Prints no secret."""

    help = "Load the demo data and write demo.json. May be run again: what is there stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--data", type=Path, required=True, help="folder that demo.json is written to")
        parser.add_argument("--base-url", required=True, help="address of the server, e.g. http://127.0.0.1:8000")

    def handle(self, *args: Any, data: Path, base_url: str, **options: Any) -> None:
        """Load, then write demo.json."""
        if not settings.ENV.demo:
            raise CommandError("load_demo runs in demo mode only (BEIAN_DEMO=1): its passwords are known to everyone.")
        with transaction.atomic():
            served = _served(nodes.load())
            accounts = providers.load(served)
            staff = people.load(served | {account.provider.code: account.provider for account in accounts})
            made = history.load(served)
            for account in accounts:
                account.refresh_from_db(fields=["last_sequence"])
        path = write(data, manifest.describe(base_url, staff, accounts))
        self.stdout.write(f"{len(staff)} people and {len(accounts)} providers, {made} applications; accounts in {path}")


def _served(known: dict[str, Node]) -> dict[str, Node]:
    return {code: node for code, node in known.items() if not settings.ENV.nodes or code in settings.ENV.nodes}
