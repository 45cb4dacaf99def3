"""Taking and giving back what may exist only once at a holder.

Taken when an application is accepted, handed to the sponsor when it is approved, given back when it
ends otherwise. The unique constraint is the guard: a key that somebody else took in the meantime
raises `IntegrityError`, and the transaction is done again with fresh facts.
"""

from __future__ import annotations

from collections.abc import Iterable

from beian.checks.facts import stored_key
from beian.checks.keys import provider_id_keys, reservation_keys
from beian.models import Node, ProviderId, Reservation
from beian.records import FilingRecord


class Claims:
    """What some applications claim, gathered and then inserted in a fixed order."""

    def __init__(self) -> None:
        self._reservations: list[Reservation] = []
        self._ids: list[ProviderId] = []

    def add(self, holder: Node, application: int, filing: FilingRecord, taken_by: str) -> None:
        """Claim certificate, domains and home pages of `filing` at `holder`."""
        self._reservations += (
            Reservation(holder=holder, kind=kind, key=stored_key(kind, key), taken_by=taken_by, application=application)
            for kind, key in reservation_keys(filing)
        )

    def add_ids(self, holder: Node, application: int, filing: FilingRecord, isp_id: int) -> None:
        """Claim the provider's own ids."""
        self._ids += (
            ProviderId(holder=holder, isp_id=isp_id, kind=kind, provider_id=own, application=application)
            for kind, own in dict.fromkeys(provider_id_keys(filing))
        )

    def insert(self) -> None:
        """Take everything; raises `IntegrityError` where somebody was faster."""
        Reservation.objects.bulk_create(sorted(self._reservations, key=lambda row: (row.kind, row.key)))
        ProviderId.objects.bulk_create(sorted(self._ids, key=lambda row: (row.kind, row.provider_id)))


def hand_over(application: int, sponsor: int, taken_by: str) -> None:
    """Let what an approved application reserved belong to its sponsor from now on."""
    Reservation.objects.filter(application=application).update(application=None, sponsor=sponsor, taken_by=taken_by)
    ProviderId.objects.filter(application=application).update(application=None)


def give_back(applications: Iterable[int]) -> None:
    """Free what applications reserved that ended without a filing."""
    ended = list(applications)
    Reservation.objects.filter(application__in=ended).delete()
    ProviderId.objects.filter(application__in=ended).delete()
