"""The national copy: every filing that a bureau sends stands at the ministry too."""

from __future__ import annotations

from beian import events
from beian.exchange import Delivery, Refused, handles
from beian.models import MessageKind, NodeKind, Website
from beian.numbers import province_of
from beian.records import FilingRecord, from_json
from beian.records.rows import store_filing
from ministry.services.publish import publish


@handles(MessageKind.FILING, at=NodeKind.MINISTRY, newest_only=True)
def take_filing(delivery: Delivery) -> None:
    """Take a sponsor's whole filing, `{"filing": FilingRecord}`, from the bureau that has authority over it.

    What was known of the sponsor before is replaced; websites that the message does not name are
    gone. Raises `Refused` where the filing is another bureau's, or has no number.
    """
    filing = from_json(delivery.body["filing"], FilingRecord)
    number = filing.sponsor.number
    websites = [website.number for website in filing.websites if website.number is not None]
    if number is None or len(websites) < len(filing.websites):
        raise Refused("备案数据缺少编号")
    if delivery.source.kind != NodeKind.BUREAU or delivery.source.province != province_of(number):
        raise Refused(f"{delivery.source.code} 无权报送编号为 {number} 的主体")
    sponsor = store_filing(delivery.at, filing)
    Website.objects.held_by(delivery.at).filter(sponsor=sponsor).exclude(number__in=websites).delete()
    publish(filing)
    events.record("sponsor", number, "copy", node=delivery.at, data={"filing_number": sponsor.filing_number or ""})
