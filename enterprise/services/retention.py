"""How long the material of verifications is kept, and its removal afterwards, with a record of it.

A record stays five years from its closing, or from that of the last one that corrects it. Then answers,
notes and pictures go; that there was a verification, by whom, when, with which outcome, and what was
removed, stays. A picture whose bytes something else still names, a case say, stays in the store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from beian import store
from beian.models import Attachment, Content, Node
from beian.models.held import HeldQuerySet
from enterprise.models import Case, HandedFile, ImportRun, Incoming, Outgoing, Piece, Verification
from enterprise.models.verification import KEPT_YEARS
from enterprise.services.files import named_by_cases
from enterprise.services.guard import tell

AT_ONCE = 100


def due_before(now: datetime) -> datetime:
    """Give the moment before which a record must have been closed for its material to go at `now`."""
    leap = (now.month, now.day) == (2, 29)
    return now.replace(year=now.year - KEPT_YEARS, day=28 if leap else now.day)


def due(now: datetime) -> QuerySet[Verification]:
    """Give the closed records whose time is over; one that is corrected goes with its correction."""
    before = due_before(now)
    older = Verification.objects.closed().filter(removed_at=None, closed_at__lt=before)
    younger = Q(corrections__closed_at=None, corrections__isnull=False) | Q(corrections__closed_at__gte=before)
    return older.exclude(younger).filter(provider__in=Node.objects.served()).order_by("closed_at", "pk")


def remove_old_material(now: datetime | None = None) -> int:
    """Remove the material of some records whose time is over, and write that down; gives how many records.

    Each record is one transaction; files go after them. Whoever dies in between leaves files that
    nothing names, which the next run removes. Call again until it gives 0.
    """
    now = now or timezone.now()
    removed = [_remove(pk, now) for pk in due(now).values_list("pk", flat=True)[:AT_ONCE]]
    remove_orphans(Piece.objects.exclude(removed_at=None).values("content"))
    return sum(removed)


def _remove(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        found = Verification.objects.select_for_update().filter(pk=pk, removed_at=None).first()
        if found is None:
            return False
        pieces = list(found.pieces.filter(removed_at=None))
        kinds = Counter(piece.kind for piece in pieces)
        found.removed_at = now
        found.answers, found.readings, found.sheet, found.reason, found.correction_reason = {}, {}, None, None, None
        found.save(update_fields=["removed_at", "answers", "readings", "sheet", "reason", "correction_reason"])
        found.pieces.filter(removed_at=None).update(removed_at=now)
        case = Case.objects.select_related("provider").get(pk=found.case_id)
        tell(case, "remove_material", data={"verification": pk, "pieces": dict(kinds)})
    return True


def remove_unnamed(hashes: Iterable[str]) -> int:
    """Take those of some files out of the store that nothing names any more; gives how many went.

    To find out what cases name takes long: ask for all at once.
    """
    left = [sha256 for sha256 in hashes if not _is_named(sha256)]
    pictures = Content.objects.filter(pk__in=left).exclude(media_type="").values_list("pk", flat=True)
    named = named_by_cases(frozenset(pictures))
    unnamed = [sha256 for sha256 in left if sha256 not in named and not _is_named(sha256)]
    for sha256 in unnamed:
        store.remove(sha256)
    return len(unnamed)


def _is_named(sha256: str) -> bool:
    """Say whether a row names a file; of cases see `named_by_cases`."""
    return (
        Piece.objects.filter(content=sha256, removed_at=None).exists()
        or HeldQuerySet(Attachment).filter(content=sha256).exists()
        or HandedFile.objects.filter(content=sha256).exists()
        or Outgoing.objects.filter(content=sha256, removed_at=None).exists()
        or Incoming.objects.filter(content=sha256, removed_at=None).exists()
        or ImportRun.objects.filter(Q(content=sha256) | Q(answer=sha256), removed_at=None).exists()
    )


def remove_orphans(gone: QuerySet[Any, Any]) -> None:
    """Take away what was written off, by this run or one that died: files that are there, of the hashes in `gone`.

    All are looked at: those that something else still names would hide the rest for ever.
    """
    remove_unnamed(Content.objects.filter(pk__in=gone, removed_at=None).values_list("pk", flat=True))
