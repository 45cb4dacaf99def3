"""`manage.py load_registered_ranges`: which addresses are registered to which provider (1023, 1062, 1063)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from beian import registered_ranges
from beian.models import Node, NodeKind


class Command(BaseCommand):
    """Replace a bureau's table of registered address ranges by a file.

    CSV in UTF-8 with the columns provider, first, last; addresses dotted or as numbers. While a row is
    bad nothing is loaded; every bad row is named.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--bureau", help="bureau:440000; may be left out where this process serves one only")

    def handle(self, *_: Any, file: Path, bureau: str | None, **__: Any) -> None:
        """Read, then replace. Raises `CommandError` with all that is wrong."""
        holder = _bureau(bureau)
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                rows = registered_ranges.read(lines)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        except registered_ranges.BadRows as bad:
            raise CommandError(f"{file}: nothing is loaded\n{bad}") from bad
        count = registered_ranges.replace_all(holder, rows)
        providers = len({row.isp_id for row in rows})
        self.stdout.write(f"{holder.code}: {count} ranges of {providers} providers")


def _bureau(code: str | None) -> Node:
    bureaus = Node.objects.served().bureaus() if code is None else Node.objects.filter(kind=NodeKind.BUREAU, code=code)
    found = list(bureaus[:2])
    if len(found) != 1:
        raise CommandError(f"there is no {code} here" if code else "say which: --bureau bureau:440000")
    return found[0]
