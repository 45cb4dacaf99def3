"""A sponsor at his provider's portal, with the bureau in this process and filings in both copies."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from beian.models import Node
from beian.records import FilingRecord
from beian.records.rows import store_filings
from beian.web.throttle import Throttle
from enterprise.models import Claim, Connection, SponsorAccount
from interface.models import ProviderAccount
from interface.services import password_tries
from tests import builders
from tests.enterprise.gateways import in_process
from tests.interface.in_process import InProcess
from tests.on_file import on_file

ELSEWHERE = 440000000009
"""Another provider."""


class Away(InProcess):
    """A bureau that does not answer."""

    asked = 0

    def _exchange(self, operation: str, message: Any) -> str:
        from interface.client import NoConnection

        Away.asked += 1
        raise NoConnection("127.0.0.1: timed out")


def fresh_counters(monkeypatch: pytest.MonkeyPatch, connection: Connection) -> None:
    """Let this test count for itself, though Redis is everybody's."""
    mark, key, keys = uuid.uuid4().hex, Throttle._key, password_tries._keys
    monkeypatch.setattr(Throttle, "_key", lambda self, parts: key(self, (mark, *parts)))
    monkeypatch.setattr(password_tries, "_keys", lambda isp, number: keys(isp, f"{mark}{number}"))
    cache.delete(f"enterprise:bureau-away:{connection.pk}")


def at_bureau(account: ProviderAccount, n: int = 1, *, isp_id: int | None = None) -> FilingRecord:
    """A filing on file at the bureau, its access given by the provider of `account` or by `isp_id`."""
    return on_file(account.bureau, builders.filing(n), isp_id or account.isp_id)


def held(provider: Node, filing: FilingRecord) -> FilingRecord:
    """Put a filing into the provider's copy too, as a parcel does."""
    with transaction.atomic():
        store_filings(provider, [filing], isp_id=provider.isp_id)
    return filing


def his(account: SponsorAccount, filing: FilingRecord) -> FilingRecord:
    """Let a sponsor have proved that a filing is his."""
    Claim.objects.create(provider=account.provider, account=account, sponsor_number=filing.sponsor.number)
    return filing


def page(account: SponsorAccount, path: str, data: dict[str, Any] | None = None, **headers: Any) -> Any:
    """Open (or send) a page of the portal as a sponsor."""
    client = Client()
    client.force_login(account.user)
    address = path if path.startswith("/") else f"/isp/{account.provider.isp_id}/{path}"
    return client.get(address, headers=headers) if data is None else client.post(address, data, headers=headers)


def text_of(response: Any) -> str:
    """The page's text."""
    return str(response.content.decode())


__all__ = ["Away", "at_bureau", "fresh_counters", "held", "his", "in_process", "page", "text_of"]
