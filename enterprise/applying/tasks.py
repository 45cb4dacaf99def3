"""What somebody has to do because of a document: each entry one task, a repeated entry none."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from beian import events
from beian.models import Node
from enterprise.models import Incoming, Task, TaskKind, TaskState
from enterprise.services.tasks import SUBJECT, holding

__all__ = ["Entry", "digest", "holding", "open_tasks"]

_TITLE, _DIGITS = 255, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a task is made of. `about` names the object (`website:440000000000012`), `content` is the notice as JSON."""

    kind: TaskKind
    about: str
    title: str
    content: Any
    due: date
    sponsor_number: int | None = None
    website_number: int | None = None
    holds: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Tell it from others: the same words about the same object are the same entry."""
        return self.kind, f"{self.about[:200]}#{digest(self.content)[:_DIGITS]}"


def open_tasks(provider: Node, incoming: Incoming, entries: Sequence[Entry]) -> list[Task]:
    """Open a task for each entry that this document did not bring before, and that none is open for. Three queries.

    A notice that comes once more after its task was done is a task again: the bureau is not content.
    """
    if not entries:
        return []
    wanted = {entry.key: entry for entry in entries}
    known = _known(provider, incoming, [about for _, about in wanted])
    new = [
        Task(
            provider=provider,
            incoming=incoming,
            kind=entry.kind,
            about=key[1],
            title=entry.title[:_TITLE],
            content=entry.content,
            due=entry.due,
            holds=entry.holds,
            sponsor_number=entry.sponsor_number,
            website_number=entry.website_number,
        )
        for key, entry in wanted.items()
        if key not in known
    ]
    Task.objects.bulk_create(new)
    told = [(task.pk, "receive", {"kind": str(task.kind), "incoming": incoming.file_name}) for task in new]
    events.record_many(SUBJECT, told, node=provider, correlation=uuid.uuid4())
    return new


def _known(provider: Node, incoming: Incoming, abouts: list[str]) -> set[tuple[str, str]]:
    same = Task.objects.filter(provider=provider, about__in=abouts)
    found = same.values_list("kind", "about", "incoming_id", "state")
    return {(kind, about) for kind, about, source, state in found if source == incoming.pk or state != TaskState.DONE}


def digest(content: Any) -> str:
    """Give what tells one content from another (hex)."""
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()
