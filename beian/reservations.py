"""Taking and giving back what may exist only once at a holder.

Taken when an application is accepted, handed to the sponsor when it is approved, given back when it
ends otherwise. The unique constraint is the guard: a key that somebody else took in the meantime
raises `IntegrityError`, and the transaction is done again with fresh facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from django.db.models import Model

from beian.checks.facts import stored_key
from beian.checks.keys import provider_id_keys, reservation_keys
from beian.copying import Rows
from beian.models import Node, ProviderId, Reservation
from beian.records import FilingRecord


class Claims:
    """What some applications claim, gathered and then inserted in a fixed order."""

    def __init__(self) -> None:
        self._reservations: list[dict[str, Any]] = []
        self._ids: list[dict[str, Any]] = []

    def add(self, holder: Node, application: int, filing: FilingRecord, taken_by: str) -> None:
        """Claim certificate, domains and home pages of `filing` at `holder`."""
        taken = {"holder_id": holder.pk, "taken_by": taken_by, "application": application}
        self._reservations += (
            {"kind": kind, "key": stored_key(kind, key), **taken} for kind, key in reservation_keys(filing)
        )

    def add_ids(self, holder: Node, application: int, filing: FilingRecord, isp_id: int) -> None:
        """Claim the provider's own ids."""
        of = {"holder_id": holder.pk, "isp_id": isp_id, "application": application}
        self._ids += ({"kind": kind, "provider_id": own, **of} for kind, own in dict.fromkeys(provider_id_keys(filing)))

    def insert(self) -> None:
        """Take everything; raises `IntegrityError` where somebody was faster."""
        _insert(Reservation, sorted(self._reservations, key=itemgetter("kind", "key")))
        _insert(ProviderId, sorted(self._ids, key=itemgetter("kind", "provider_id")))


def _insert(model: type[Model], claimed: Iterable[dict[str, Any]]) -> None:
    rows = Rows(model)
    for values in claimed:
        rows.add(**values)
    rows.flush()


def hand_over(application: int, sponsor: int, taken_by: str) -> None:
    """Let what an approved application reserved belong to its sponsor from now on."""
    Reservation.objects.filter(application=application).update(application=None, sponsor=sponsor, taken_by=taken_by)
    ProviderId.objects.filter(application=application).update(application=None)


def give_back(applications: Iterable[int]) -> None:
    """Free what applications reserved that ended without a filing."""
    ended = list(applications)
    Reservation.objects.filter(application__in=ended).delete()
    ProviderId.objects.filter(application__in=ended).delete()
