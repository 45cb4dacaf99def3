"""Writing down what happened."""

from __future__ import annotations

import contextvars
import uuid
from collections.abc import Iterable
from typing import Any

from beian import copying
from beian.models import Event, Node, User

# What the current request or task belongs to; a middleware or the task sets it.
current_correlation: contextvars.ContextVar[uuid.UUID | None] = contextvars.ContextVar(
    "current_correlation", default=None
)


def record(
    subject_kind: str,
    subject: object,
    verb: str,
    *,
    node: Node | None = None,
    actor: User | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
    correlation: uuid.UUID | None = None,
) -> Event:
    """Append an event about `subject` (an id or number, as text).

    Without an actor the system itself acted. `data` must be JSON and hold no personal data.
    """
    event = make(subject_kind, subject, verb, node=node, actor=actor, reason=reason, data=data, correlation=correlation)
    event.save(force_insert=True)
    return event


def make(
    subject_kind: str,
    subject: object,
    verb: str,
    *,
    node: Node | None = None,
    actor: User | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
    correlation: uuid.UUID | None = None,
) -> Event:
    """Give an event as `record` appends it, for those who store it together with other rows."""
    return Event(
        node=node,
        subject_kind=subject_kind,
        subject=str(subject),
        verb=verb,
        actor=actor,
        actor_name=str(actor) if actor else "系统",
        reason=reason,
        data=data or {},
        correlation=correlation or current_correlation.get() or uuid.uuid4(),
    )


def record_many(
    subject_kind: str,
    what: Iterable[tuple[object, str, dict[str, Any]]],
    *,
    node: Node,
    correlation: uuid.UUID,
) -> None:
    """Append many events of the system itself at once: (subject, verb, data) each."""
    copying.insert(
        Event(node=node, subject_kind=subject_kind, subject=str(subject), verb=verb, data=data, correlation=correlation)
        for subject, verb, data in what
    )
