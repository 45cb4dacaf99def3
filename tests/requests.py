"""Requests about filings on file, and how one is uploaded."""

from __future__ import annotations

from dataclasses import replace
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
    written = tuple(_with_ids(website) for website in websites or stored.websites[:1])
    values: dict[str, Any] = {"sponsor": stored.sponsor, "websites": written}
    return ChangeRecord(**(values | changes))


def cancellation(what: Cancelled, number: int, **changes: Any) -> CancellationRecord:
    """A cancellation because the website has ceased."""
    return CancellationRecord(**({"what": what, "number": number, "reason": 1} | changes))


def _with_ids(website: WebsiteRecord) -> WebsiteRecord:
    """Give domains and ranges without an id of the provider's one: the wire has no change without."""
    accesses = tuple(replace(access, ranges=tuple(map(_with_id, access.ranges))) for access in website.accesses)
    return replace(website, domains=tuple(map(_with_id, website.domains)), accesses=accesses)


def _with_id(record: Any) -> Any:
    return record if record.provider_id else replace(record, provider_id=9_000_000 + record.number % 10**6)
