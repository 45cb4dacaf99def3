"""A provider's gateway in the tests: its line to the bureau in this process, and cases in its queue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db.models import F

from beian.models import Node
from enterprise.gateway import calls
from enterprise.models import Case, Connection, Outgoing, OutgoingState
from enterprise.workflow import State
from interface.models import ProviderAccount, Upload
from tests.enterprise.conftest import case_in
from tests.interface.in_process import InProcess


def in_process(monkeypatch: pytest.MonkeyPatch, account: ProviderAccount, client: InProcess | None = None) -> InProcess:
    """Bring the gateway's calls to our bureau's endpoint, without a network between."""
    client = client or InProcess(account)
    monkeypatch.setattr(calls, "client_of", lambda *_, **__: client)
    return client


def queued(provider: Node, count: int, first: int = 1) -> list[Case]:
    """Cases in the upload queue."""
    return [case_in(provider, State.QUEUED, first + n) for n in range(count)]


def later(connection: Connection) -> None:
    """Let the time pass for which the loops wait."""
    Connection.objects.filter(pk=connection.pk).update(
        uploads_wait_until=F("uploads_wait_until") - timedelta(days=2),
        downloads_wait_until=F("downloads_wait_until") - timedelta(days=2),
    )


def states(cases: Iterable[Case]) -> list[str]:
    """The states of cases as they are now."""
    found = dict(Case.objects.filter(pk__in=[case.pk for case in cases]).values_list("pk", "state"))
    return [found[case.pk] for case in cases]


def at_bureau(account: ProviderAccount) -> list[int]:
    """The numbers of the uploads that the bureau has."""
    return list(Upload.objects.filter(account=account).order_by("sequence").values_list("sequence", flat=True))


def numbers(provider: Node) -> list[int]:
    """The numbers of the uploads that we take for accepted."""
    rows = Outgoing.objects.filter(provider=provider, state=OutgoingState.ACCEPTED)
    return list(rows.order_by("sequence").values_list("sequence", flat=True))
