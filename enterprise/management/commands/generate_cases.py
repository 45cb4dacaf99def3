"""`manage.py generate_cases`: a provider's system with synthetic cases and holdings by the thousand."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from beian.models import Node, NodeKind
from enterprise.generate.run import Wanted, generate


class Command(BaseCommand):
    """Fill a provider's system with synthetic cases in all states and holdings, for trials and measurements.

    Demo mode only. May be run again: it goes on with new numbers. Interrupted, it leaves whole batches only.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--provider", type=int, default=440000000003, help="identifier (440000000003)")
        parser.add_argument("--cases", type=int, default=0, help="how many cases, in all states")
        parser.add_argument("--holdings", type=int, default=0, help="how many filings on file")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other data")
        parser.add_argument("--batch", type=int, default=2_000, help="cases or holdings a transaction (2000)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Generate, and show how far it is."""
        if not settings.ENV.demo:
            raise CommandError("generate_cases runs in demo mode only (BEIAN_DEMO=1).")
        code = f"provider:{options['provider']}"
        provider = Node.objects.filter(code=code, kind=NodeKind.PROVIDER).first()
        if provider is None:
            raise CommandError(f"there is no {code} in this database")
        wanted = Wanted(
            cases=options["cases"], holdings=options["holdings"], seed=options["seed"], batch=options["batch"]
        )
        generate(provider, wanted, self.stdout.write)
