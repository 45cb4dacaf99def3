"""`manage.py generate_data`: synthetic filings and applications by the million."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from beian.models import Node
from bureau.generate.run import RealData, Wanted, generate


class Command(BaseCommand):
    """Fill a bureau with synthetic filings and pending applications, for trials and measurements.

    May be run again: it goes on with new numbers. Interrupted, it leaves whole batches only.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--filings", type=int, default=0, help="how many filings to put on file")
        parser.add_argument("--applications", type=int, default=0, help="how many applications to leave in the queue")
        parser.add_argument("--bureau", type=int, default=440000, help="province of the bureau (440000)")
        parser.add_argument("--providers", type=int, default=40, help="by how many providers (40)")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other data")
        parser.add_argument("--batch", type=int, default=2_000, help="filings a transaction (2000)")
        parser.add_argument(
            "--national-copy", action="store_true", help="file them at the ministry of this database too"
        )
        parser.add_argument("--force", action="store_true", help="even where the bureau has filings of its own")

    def handle(self, *args: Any, **options: Any) -> None:
        """Generate, and show how far it is."""
        wanted = Wanted(
            filings=options["filings"],
            applications=options["applications"],
            providers=options["providers"],
            seed=options["seed"],
            batch=options["batch"],
            national_copy=options["national_copy"],
        )
        bureau = Node.objects.bureaus().filter(province=options["bureau"]).first()
        if bureau is None:
            raise CommandError(f"there is no bureau of {options['bureau']} in this database")
        try:
            generate(bureau, wanted, self.stdout.write, force=options["force"])
        except RealData as found:
            raise CommandError(f"{found} Give --force to add synthetic ones all the same.") from None
