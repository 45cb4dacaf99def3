"""Looking again at what is on file: when a holding was last found right, and asking its sponsor."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from beian import events
from beian.models import Node, User
from enterprise.models import Confirmation, How

SUBJECT = "holding"
"""The subject kind of events about a holding; the subject is the bureau's number of the sponsor."""

VERIFYING = frozenset({How.VERIFIED, How.STOCK, How.CHECK})
"""Ways in which somebody of the office looked; a sponsor's word alone is no verification."""


def note(provider: Node, sponsor_number: int, how: How, by_name: str, *, actor: User | None = None) -> Confirmation:
    """Note that a holding was found right just now; its reminders begin anew."""
    now = timezone.now()
    values = {"confirmed_at": now, "how": how, "by_name": by_name[:64], "reminders": 0, "reminded_at": None}
    if how in VERIFYING:
        values["verified_at"] = now
    with transaction.atomic():
        known, _ = Confirmation.objects.update_or_create(
            provider=provider, sponsor_number=sponsor_number, defaults=values
        )
        events.record(SUBJECT, sponsor_number, "confirm", node=provider, actor=actor, data={"how": how.value})
        return known
