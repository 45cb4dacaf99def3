"""Notes of what was cancelled, as they travel with the news of it to whoever keeps a copy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from beian.models import Cancelled, Node

_FIELDS = ("kind", "number", "filing_number", "sponsor", "isp_id", "reason")


def as_note(row: Cancelled) -> dict[str, Any]:
    """Write the note of one object as JSON."""
    return {name: getattr(row, name) for name in _FIELDS}


def take_notes(holder: Node, notes: Iterable[dict[str, Any]]) -> None:
    """Note in `holder`'s copy what was cancelled; what is noted already stays."""
    rows = [Cancelled(holder=holder, **{name: note[name] for name in _FIELDS}) for note in notes]
    Cancelled.objects.held_by(holder).bulk_create(rows, ignore_conflicts=True)
