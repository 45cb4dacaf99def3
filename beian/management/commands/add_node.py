"""`manage.py add_node`: a system of the network, entered in this database's directory."""

from __future__ import annotations

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from beian.models import Node, NodeKind
from beian.numbers import ABBREVIATIONS

YES_OR_NO = ("two_stages", "refuses_unregistered")
CODE = re.compile(r"ministry|bureau:(?P<bureau>\d{6})|provider:(?P<provider>\d{12})")


class Command(BaseCommand):
    """Enter a system by its code, or change what is known of it: only what is given is changed.

    Every database needs the ministry, its own bureau, and the bureaus with which it exchanges
    messages; providers come with their accounts.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("code", help="ministry, bureau:440000 or provider:440000000001")
        parser.add_argument("--name", help="as pages show it; needed for a new one")
        parser.add_argument("--two-stages", choices=("yes", "no"), help="whether decisions need a second reviewer")
        parser.add_argument(
            "--refuses-unregistered",
            choices=("yes", "no"),
            help="whether addresses that are not registered to the provider return a record (1063)",
        )
        parser.add_argument("--telephone")
        parser.add_argument("--system-url")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        """Create or change it."""
        given = {name: options[name] for name in ("name", "telephone", "system_url") if options[name] is not None}
        given |= {name: options[name] == "yes" for name in YES_OR_NO if options[name] is not None}
        fixed = _kind_and_province(code)
        if "name" not in given and not Node.objects.filter(code=code).exists():
            raise CommandError(f"{code} is new here: give its --name.")
        _, created = Node.objects.update_or_create(code=code, defaults=given, create_defaults=given | fixed)
        self.stdout.write(f"{code}: {'entered' if created else 'changed' if given else 'known already'}")


def _kind_and_province(code: str) -> dict[str, Any]:
    """Give what the code itself tells."""
    parts = CODE.fullmatch(code)
    if parts is None:
        raise CommandError(f"{code!r}: write ministry, bureau:<six digits> or provider:<twelve digits>.")
    if code == "ministry":
        return {"kind": NodeKind.MINISTRY, "province": 0}
    province = int(parts["bureau"] or parts["provider"][:6])
    if province not in ABBREVIATIONS:
        raise CommandError(f"{code}: {province} is no province with a bureau.")
    return {"kind": NodeKind.BUREAU if parts["bureau"] else NodeKind.PROVIDER, "province": province}
