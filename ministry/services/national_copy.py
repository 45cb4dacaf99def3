"""The national copy: every filing that a bureau sends stands at the ministry too, until it is cancelled."""

from __future__ import annotations

from beian import events
from beian.exchange import Delivery, handles
from beian.exchange.authority import check_filing, check_notes, check_numbers
from beian.models import MessageKind, NodeKind, Website
from beian.records import FilingRecord, from_json
from beian.records.cancelled import take_notes
from beian.records.removing import remove_sponsor
from beian.records.rows import filings, number_of, store_filing
from ministry.services.publish import publish, unpublish


@handles(MessageKind.FILING, at=NodeKind.MINISTRY, newest_only=True)
def take_filing(delivery: Delivery) -> None:
    """Take what the bureau that has authority over a sponsor says of its filing.

    Either the whole filing, `{"filing": FilingRecord}`: what was known before is replaced, and websites
    that it does not name are gone; with null for a filing the `sponsor` itself is. Or
    `{"cancelled": [note]}`: what was cancelled, so that its numbers stay known. Raises `Refused`
    where the filing is another bureau's, or has no number.
    """
    body = delivery.body
    filing = None if body.get("filing") is None else from_json(body["filing"], FilingRecord)
    if filing is not None:
        check_filing(delivery, filing)
    number = body["sponsor"] if filing is None else number_of(filing.sponsor)
    check_numbers(delivery, [number])
    if "cancelled" in body:
        check_notes(delivery, body["cancelled"])
        take_notes(delivery.at, body["cancelled"])
    elif filing is None:
        _remove(delivery, number)
    else:
        _replace(delivery, number, filing)


def _replace(delivery: Delivery, number: int, filing: FilingRecord) -> None:
    sponsor = store_filing(delivery.at, filing)
    named = [number_of(website) for website in filing.websites]
    Website.objects.held_by(delivery.at).filter(sponsor=sponsor).exclude(number__in=named).delete()
    publish(filing)
    events.record("sponsor", number, "copy", node=delivery.at, data={"filing_number": sponsor.filing_number or ""})


def _remove(delivery: Delivery, number: int) -> None:
    known = filings(delivery.at, [number]).get(number)
    if known is not None:
        remove_sponsor(delivery.at, known)
    unpublish(number)
    events.record("sponsor", number, "copy_gone", node=delivery.at)
