"""Telling everyone whom a change of what is on file concerns.

The provider that asked is answered (`answering`). The other providers with an access in the filing, as it
was or as it is, hear through the bureau where they have their account: the filing data again, or that
a sponsor or website was cancelled. Those bureaus and the ministry keep copies, which follow.

Two kinds of body travel as `filing` messages. The state of a filing, about `sponsor:N`, where the newest
counts: `{"sponsor": N, "filing": FilingRecord | null, "providers": [isp id], "ids": [[isp id, kind, id,
number]]}`, and what was cancelled, about `cancelled:N`: `{"sponsor": N, "cancelled": [note],
"providers": [isp id], "notice": CancelledNotice | null}`.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from django.db.models import QuerySet

from beian import store
from beian.exchange import send
from beian.models import MessageKind, Node, NodeKind, ProviderId
from beian.numbers import province_of_provider
from beian.records import ContentRecord, FilingRecord, as_json
from beian.records.cancelled import as_note
from beian.records.notices import CancelledNotice
from beian.records.rows import number_of, objects_of
from bureau.services.cancelling import Gone
from bureau.services.contents import scans_of, send_contents
from interface.models import ParcelKind, ProviderAccount
from interface.services import mailbox

log = structlog.get_logger(__name__)


def providers_of(*filings: FilingRecord | None) -> set[int]:
    """Give the providers with an access in any of the filings."""
    websites = (website for filing in filings if filing is not None for website in filing.websites)
    return {access.provider for website in websites for access in website.accesses if access.provider is not None}


def tell_filing(
    bureau: Node, before: FilingRecord, after: FilingRecord, *, requester: int | None, correlation: uuid.UUID
) -> None:
    """Send `after`, as it stands at its bureau now, to the ministry and to the other providers that see a change.

    The `requester` is told where its account is with another bureau; here the answer to it does that.
    """
    providers = providers_of(before, after)
    told = who_sees_change(before, after) | {isp_id for isp_id in providers if isp_id == requester}
    tell_accounts(bureau, told - {requester}, number_of(after.sponsor), correlation)
    _send_state(bureau, ministry(), after, correlation)
    for there, its_providers in _bureaus(bureau, providers).items():
        _send_scans(bureau, there, _new_scans(before, after, its_providers), correlation)
        _send_state(bureau, there, after, correlation, told & its_providers, its_providers)


def tell_gone(
    bureau: Node, gone: Gone, notice: CancelledNotice | None, *, requester: int | None, correlation: uuid.UUID
) -> None:
    """Tell of a cancellation: `notice` goes to the other providers that gave access to what went."""
    number = number_of(gone.before.sponsor)
    affected = {access.provider for access in gone.accesses if access.provider is not None} - {requester}
    elsewhere = _bureaus(bureau, providers_of(gone.before))
    if notice is not None:
        tell_cancelled(bureau, affected, notice, number, correlation)
    for there, providers in {ministry(): set[int](), **elsewhere}.items():
        body = {
            "sponsor": number,
            "cancelled": [as_note(note) for note in gone.notes],
            "providers": sorted(affected & providers),
            "notice": None if notice is None else as_json(notice),
        }
        send(bureau, there, MessageKind.FILING, body, correlation, about=f"cancelled:{gone.number}")
    if gone.after is not None:
        tell_filing(bureau, gone.before, gone.after, requester=requester, correlation=correlation)
        return
    for there in (ministry(), *elsewhere):
        body = {"sponsor": number, "filing": None, "providers": [], "ids": []}
        send(bureau, there, MessageKind.FILING, body, correlation, about=f"sponsor:{number}")


def tell_accounts(bureau: Node, providers: Iterable[int], sponsor: int, correlation: uuid.UUID) -> None:
    """Put the filing of `sponsor` into the mailboxes of those `providers` that have an account at `bureau`."""
    for account in _accounts(bureau, providers):
        mailbox.queue_filing(account, sponsor, about=f"sponsor:{sponsor}", correlation=correlation)


def tell_cancelled(
    bureau: Node, providers: Iterable[int], notice: CancelledNotice, sponsor: int, correlation: uuid.UUID
) -> None:
    """Tell those `providers` that have an account at `bureau` that something of `sponsor` is no longer on file."""
    for account in _accounts(bureau, providers):
        mailbox.queue_notice(account, ParcelKind.CANCELLED, notice, about=f"sponsor:{sponsor}", correlation=correlation)


def ministry() -> Node:
    """Give the node of the ministry."""
    return Node.objects.get(kind=NodeKind.MINISTRY)


def _accounts(bureau: Node, providers: Iterable[int]) -> QuerySet[ProviderAccount]:
    return ProviderAccount.objects.filter(bureau=bureau, isp_id__in=set(providers)).order_by("isp_id")


def who_sees_change(before: FilingRecord, after: FilingRecord) -> set[int]:
    """Give the providers to which `after` shows something else than `before` did."""
    return {isp_id for isp_id in providers_of(before, after) if _sees_change(before, after, isp_id)}


def _sees_change(before: FilingRecord, after: FilingRecord, isp_id: int) -> bool:
    """Whether a provider is shown anything else than before; what merely went is told in other words."""
    if before.sponsor != after.sponsor:
        return isp_id in providers_of(after)
    known = {website.number: website for website in before.websites}
    return any(
        isp_id in (access.provider for access in website.accesses) and website != known.get(website.number)
        for website in after.websites
    )


def _bureaus(here: Node, providers: Iterable[int]) -> Mapping[Node, set[int]]:
    """Sort providers by the other bureaus where they have their accounts."""
    local = set(_accounts(here, providers).values_list("isp_id", flat=True))
    elsewhere = set(providers) - local
    known = Node.objects.filter(kind=NodeKind.PROVIDER, code__in=[f"provider:{isp_id}" for isp_id in elsewhere])
    provinces = {int(node.code.rpartition(":")[2]): node.province for node in known}
    bureaus = {node.province: node for node in Node.objects.bureaus()}
    sorted_out: dict[Node, set[int]] = defaultdict(set)
    for isp_id in sorted(elsewhere):
        there = bureaus.get(provinces.get(isp_id, province_of_provider(isp_id)))
        if there is not None and there != here:
            sorted_out[there].add(isp_id)
    return sorted_out


def _send_state(
    bureau: Node,
    there: Node,
    filing: FilingRecord,
    correlation: uuid.UUID,
    told: Iterable[int] = (),
    providers: Iterable[int] = (),
) -> None:
    """Send a whole filing to a system that keeps a copy, with what the `providers` there call its objects."""
    number = number_of(filing.sponsor)
    body: dict[str, Any] = {
        "sponsor": number,
        "filing": as_json(replace(filing, attachments=())),
        "providers": sorted(told),
        "ids": _ids(bureau, filing, providers),
    }
    send(bureau, there, MessageKind.FILING, body, correlation, about=f"sponsor:{number}")


def _ids(bureau: Node, filing: FilingRecord, providers: Iterable[int]) -> list[tuple[int, str, int, int]]:
    numbers = [number_of(thing) for _, thing in objects_of(filing)]
    rows = ProviderId.objects.filter(holder=bureau, isp_id__in=list(providers), number__in=numbers)
    found = rows.order_by("pk").values_list("isp_id", "kind", "provider_id", "number")
    return [(isp_id, kind, own, number) for isp_id, kind, own, number in found if number is not None]


def _send_scans(bureau: Node, there: Node, scans: Iterable[ContentRecord], correlation: uuid.UUID) -> None:
    """Send scans ahead of the filing; one that was removed after its time, or never migrated, holds nothing up."""
    for scan in scans:
        try:
            send_contents(bureau, there, [scan], correlation)
        except store.Missing:
            log.warning("a scan is no longer here", sha256=scan.sha256, there=there.code)


def _new_scans(before: FilingRecord, after: FilingRecord, providers: set[int]) -> list[ContentRecord]:
    """Give the scans of `after` that a bureau does not have yet: all, where no provider of its gave access before."""
    known = {scan.sha256 for scan in scans_of(before)} if providers & providers_of(before) else set()
    return [scan for scan in scans_of(after) if scan.sha256 not in known]
