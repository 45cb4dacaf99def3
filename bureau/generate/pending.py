"""Applications that wait in the queue, as intake leaves them."""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from beian.calendar import DECISION_DAYS, deadline
from beian.checks.facts import stored_key
from beian.checks.keys import provider_id_keys, reservation_keys
from beian.copying import Rows, take_ids
from beian.generate.records import Maker
from beian.models import Event, Node, ProviderId, Reservation
from beian.records import FilingRecord, as_json
from bureau.models import Application
from bureau.services.applying import claim_name, describe
from bureau.workflow import Kind, State

Provider = tuple[int, str]
"""A provider's identifier and name."""


def wait_in_queue(bureau: Node, maker: Maker, ns: range, providers: Sequence[Provider]) -> int:
    """Let the filings `ns` wait for review at `bureau`; gives the number of rows. One transaction."""
    chance = random.Random(f"{maker.seed} {ns.start}")  # noqa: S311
    batch = _Batch(bureau)
    with transaction.atomic():
        for pk, n in zip(take_ids(Application, len(ns)), ns, strict=True):
            batch.add(pk, maker.filing(n), providers[n % len(providers)], _received(chance))
        return batch.flush()


def _received(chance: random.Random) -> datetime.datetime:
    """Give a time within the term that a bureau has, and a little over."""
    return timezone.now() - datetime.timedelta(seconds=chance.randrange((DECISION_DAYS + 10) * 86_400))


class _Batch:
    """The rows of some applications."""

    def __init__(self, bureau: Node) -> None:
        self.bureau = bureau
        self.applications, self.events = Rows(Application), Rows(Event)
        self.reservations, self.ids = Rows(Reservation), Rows(ProviderId)
        self.deadlines: dict[datetime.date, datetime.date] = {}

    def add(self, pk: int, filing: FilingRecord, provider: Provider, received: datetime.datetime) -> None:
        """Take an application."""
        correlation = uuid.uuid4()
        isp_id, name = provider
        self.applications.add(
            id=pk,
            holder_id=self.bureau.pk,
            received_by_id=self.bureau.pk,
            kind=int(Kind.NEW_FILING),
            state=str(State.PENDING),
            isp_id=isp_id,
            provider_name=name,
            subject=str(filing.sponsor.provider_id),
            record=as_json(filing),
            received_at=received,
            deadline=self._deadline(received),
            correlation=correlation,
            origin=uuid.uuid4(),
            **describe(filing),
        )
        taken_by = claim_name(Application(provider_name=name, received_at=received))
        for kind, key in reservation_keys(filing):
            self.reservations.add(
                holder_id=self.bureau.pk, kind=kind, key=stored_key(kind, key), taken_by=taken_by, application=pk
            )
        for kind, own in provider_id_keys(filing):
            self.ids.add(holder_id=self.bureau.pk, isp_id=isp_id, kind=kind, provider_id=own, application=pk)
        self.events.add(
            node_id=self.bureau.pk,
            subject_kind="application",
            subject=str(pk),
            verb="receive",
            at=received,
            data={"codes": []},
            correlation=correlation,
        )

    def flush(self) -> int:
        """Send them all."""
        return sum(rows.flush() for rows in (self.applications, self.reservations, self.ids, self.events))

    def _deadline(self, received: datetime.datetime) -> datetime.date:
        day = timezone.localdate(received)
        if day not in self.deadlines:
            self.deadlines[day] = deadline(received)
        return self.deadlines[day]
