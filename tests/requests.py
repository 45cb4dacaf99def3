"""Requests about filings on file, and how one is uploaded."""

from __future__ import annotations

from typing import Any

from beian.records import CancellationRecord, Cancelled, ChangeRecord, FilingRecord, WebsiteRecord
from bureau.models import Application
from bureau.services import intake
from interface.models import ProviderAccount
from tests.uploads import upload_of


def uploaded(account: ProviderAccount, *filings: Any, **sections: Any) -> Application:
    """Upload one record and have it judged; gives the application that it became."""
    upload = upload_of(account, *filings, **sections)
    intake.drain(account.pk)
    return Application.objects.get(upload=upload)


def change_of(stored: FilingRecord, *websites: WebsiteRecord, **changes: Any) -> ChangeRecord:
    """A change of a filing as its provider sees it: the sponsor whole, and `websites`."""
    values: dict[str, Any] = {"sponsor": stored.sponsor, "websites": websites or stored.websites[:1]}
    return ChangeRecord(**(values | changes))


def cancellation(what: Cancelled, number: int, **changes: Any) -> CancellationRecord:
    """A cancellation because the website has ceased."""
    return CancellationRecord(**({"what": what, "number": number, "reason": 1} | changes))
