"""The events of an application, written one way."""

from __future__ import annotations

from typing import Any

from beian import events
from beian.models import User
from bureau.models import Application


def tell(
    application: Application,
    verb: str,
    actor: User | None = None,
    *,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Append an event about `application` under its own correlation id."""
    events.record(
        "application",
        application.pk,
        verb,
        node=application.holder,
        actor=actor,
        reason=reason,
        data=data,
        correlation=application.correlation,
    )
