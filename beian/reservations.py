"""Taking and giving back what may exist only once at a holder.

Taken when an application is accepted, handed to the sponsor when it is approved, given back when it
ends otherwise; freed when what is on file no longer needs it. The unique constraint is the guard: a
key that somebody else took in the meantime raises `IntegrityError`, and the transaction is done again
with fresh facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from django.db.models import Model

from beian.checks.facts import stored_key
from beian.checks.keys import provider_id_keys, reservation_keys
from beian.copying import Rows
from beian.models import Node, ProviderId, Reservation, Reserved
from beian.records import FilingRecord

Key = tuple[str, str]

STAYING = (Reserved.CERTIFICATE, Reserved.DOMAIN, Reserved.HOME_PAGE)
"""What a sponsor on file has; other kinds mark pending requests that exclude each other."""


class Claims:
    """What some applications claim, gathered and then inserted in a fixed order."""

    def __init__(self) -> None:
        self._reservations: list[dict[str, Any]] = []
        self._ids: list[dict[str, Any]] = []

    def add(self, holder: Node, application: int, filing: FilingRecord, taken_by: str) -> None:
        """Claim certificate, domains and home pages of `filing` at `holder`."""
        self.add_keys(holder, application, reservation_keys(filing), taken_by)

    def add_keys(self, holder: Node, application: int, keys: Iterable[Key], taken_by: str) -> None:
        """Claim keys, each of a kind of `Reserved`, plain."""
        taken = {"holder_id": holder.pk, "taken_by": taken_by, "application": application}
        self._reservations += ({"kind": kind, "key": stored_key(kind, key), **taken} for kind, key in keys)

    def add_ids(self, holder: Node, application: int, filing: FilingRecord, isp_id: int) -> None:
        """Claim the provider's own ids."""
        self.add_own(holder, application, provider_id_keys(filing), isp_id)

    def add_own(self, holder: Node, application: int, own: Iterable[tuple[str, int]], isp_id: int) -> None:
        """Claim ids of a provider, each for a kind of object."""
        of = {"holder_id": holder.pk, "isp_id": isp_id, "application": application}
        self._ids += ({"kind": kind, "provider_id": id, **of} for kind, id in dict.fromkeys(own))

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
    """Let what an approved application reserved belong to its sponsor from now on.

    Marks of pending requests end with it, and so do ids of the provider that nothing came of.
    """
    reserved = Reservation.objects.filter(application=application)
    reserved.filter(kind__in=STAYING).update(application=None, sponsor=sponsor, taken_by=taken_by)
    reserved.exclude(kind__in=STAYING).delete()
    ids = ProviderId.objects.filter(application=application)
    ids.filter(number=None).delete()
    ids.update(application=None)


def take_missing(holder: Node, application: int, keys: Iterable[Key], taken_by: str) -> None:
    """Claim those of `keys` that an application, about to be approved, has not claimed when it came."""
    claimed = set(Reservation.objects.filter(application=application).values_list("kind", "key"))
    claims = Claims()
    claims.add_keys(
        holder,
        application,
        [(kind, key) for kind, key in keys if (kind, stored_key(kind, key)) not in claimed],
        taken_by,
    )
    claims.insert()


def free(holder: Node, sponsor: int, keys: Iterable[Key]) -> None:
    """Free `keys` of a sponsor on file: others may have them now."""
    of_sponsor = Reservation.objects.filter(holder=holder, sponsor=sponsor)
    by_kind: dict[str, list[str]] = {}
    for kind, key in keys:
        by_kind.setdefault(kind, []).append(stored_key(kind, key))
    for kind, stored in by_kind.items():
        of_sponsor.filter(kind=kind, key__in=stored).delete()


def free_all(holder: Node, sponsor: int) -> None:
    """Free whatever a sponsor that is no longer on file had."""
    Reservation.objects.filter(holder=holder, sponsor=sponsor).delete()


def give_back(applications: Iterable[int]) -> None:
    """Free what applications reserved that ended without a filing."""
    ended = list(applications)
    Reservation.objects.filter(application__in=ended).delete()
    ProviderId.objects.filter(application__in=ended).delete()
