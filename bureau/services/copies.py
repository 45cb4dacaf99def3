"""Copies of other provinces' filings: a bureau keeps those to which its own providers give access."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from beian import events
from beian.exchange import Delivery, Refused
from beian.exchange.authority import check_filing, check_notes, check_numbers
from beian.models import Node, Website
from beian.records import FilingRecord, from_json
from beian.records.cancelled import take_notes
from beian.records.notices import CancelledNotice
from beian.records.removing import forget_gone, remove_sponsor
from beian.records.rows import filings, keep_ids, number_of, objects_of, store_filing
from bureau.services.concerned import providers_of, tell_accounts, tell_cancelled, who_sees_change
from interface.models import ProviderAccount
from interface.services import base


def hear_filing(delivery: Delivery) -> None:
    """Take what another bureau says of a filing of its province (see `concerned` for the two kinds of body).

    Raises `Refused` for whatever in it is not the sender's to say.
    """
    body, here = delivery.body, delivery.at
    number = body["sponsor"]
    check_numbers(delivery, [number])
    if "cancelled" in body:
        check_notes(delivery, body["cancelled"])
        take_notes(here, body["cancelled"])
        if body["notice"] is not None:
            notice = from_json(body["notice"], CancelledNotice)
            tell_cancelled(here, body["providers"], notice, number, delivery.correlation)
        return
    filing = None if body["filing"] is None else from_json(body["filing"], FilingRecord)
    if filing is not None:
        _check_state(delivery, number, filing)
    before = filings(here, [number]).get(number)
    keep_copy(here, before, filing)
    if filing is not None:
        _keep_ids(here, body["ids"])
        # An earlier state may have been overtaken, and with it the word whom that one concerned.
        unheard = set() if before is None else who_sees_change(before, filing)
        tell_accounts(here, unheard.union(body["providers"]), number, delivery.correlation)
    events.record("sponsor", number, "copy", node=here, correlation=delivery.correlation)


def keep_copy(here: Node, before: FilingRecord | None, after: FilingRecord | None) -> None:
    """Let the copy `before` become `after`; it goes where no provider of this bureau gives access any more."""
    if after is not None and _has_accounts(here, after):
        sponsor = store_filing(here, after)
        kept = [number_of(website) for website in after.websites]
        Website.objects.held_by(here).filter(sponsor=sponsor).exclude(number__in=kept).delete()
        if before is not None:
            forget_gone(here, before, after)
    elif before is not None:
        remove_sponsor(here, before)
        base.forget(here, number_of(before.sponsor))


def _has_accounts(here: Node, filing: FilingRecord) -> bool:
    return ProviderAccount.objects.filter(bureau=here, isp_id__in=providers_of(filing)).exists()


def _check_state(delivery: Delivery, number: int, filing: FilingRecord) -> None:
    """See that a state is that of the sponsor that the message is about, and names nothing but its objects."""
    check_filing(delivery, filing)
    numbers = {thing.number for _, thing in objects_of(filing)}
    if filing.sponsor.number != number or not numbers.issuperset(each for *_, each in delivery.body["ids"]):
        raise Refused(f"报送的内容不是编号为 {number} 的主体的")


def _keep_ids(here: Node, ids: list[list[Any]]) -> None:
    by_provider: dict[int, dict[tuple[str, int], int]] = defaultdict(dict)
    for isp_id, kind, provider_id, number in ids:
        by_provider[isp_id][kind, provider_id] = number
    for isp_id, own in by_provider.items():
        keep_ids(here, isp_id, own)
