"""How long imported tables are kept: three months, for their rows are cases by then and the tables personal data."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from beian.models import Node
from enterprise.models import ImportRun, ImportState
from enterprise.services.retention import AT_ONCE, remove_orphans

KEPT = timedelta(days=92)


def remove_old_tables(now: datetime | None = None) -> int:
    """Remove some tables that were worked off three months ago, and what was said of their rows; gives how many.

    The row stays and says since when. Whoever dies in between leaves files that the next run removes.
    """
    now = now or timezone.now()
    ended = ImportRun.objects.filter(state__in=[ImportState.DONE, ImportState.FAILED], removed_at=None)
    old = ended.filter(finished_at__lt=now - KEPT, provider__in=Node.objects.served())
    runs = list(old.defer("problems").order_by("pk")[:AT_ONCE])
    for run in runs:
        run.problems, run.removed_at = [], now
        run.save(update_fields=["problems", "removed_at"])
    for name in ("content", "answer"):
        remove_orphans(ImportRun.objects.exclude(removed_at=None).values(name))
    return len(runs)
