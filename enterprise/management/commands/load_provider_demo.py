"""`manage.py load_provider_demo`: the systems of the demo's managed providers, from what their bureaus gave them."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from beian.demo.manifest import write
from enterprise.demo import cases, manifest, office, parameters, people


class Command(BaseCommand):
    """Load what is missing of the providers that this process serves, and add their people to `demo.json`.

    The parameters come from the `demo.json` in the folder, the bureau's; nothing else is taken from a bureau.
    Prints no secret.
    """

    help = "Load the demo of the providers' systems. May be run again: what is there stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--data", type=Path, required=True, help="folder with the bureau's demo.json")
        parser.add_argument("--base-url", default="http://127.0.0.1:8000", help="address of this server")

    def handle(self, *args: Any, data: Path, base_url: str, **options: Any) -> None:
        """Load, then write demo.json anew."""
        if not settings.ENV.demo:
            raise CommandError("Demo mode only (BEIAN_DEMO=1): everybody knows the passwords that this loads.")
        contents = parameters.read(data)
        with transaction.atomic():
            for provider in parameters.load(contents):
                office.load(provider.node)
                staff, desk = people.load(provider.node)
                count = cases.load(provider.node, desk, provider.last_sequence)
                manifest.add(contents, base_url, provider.node, staff)
                self.stdout.write(f"{provider.node.code}: {len(staff)} people, {count} cases")
        write(data, contents)
