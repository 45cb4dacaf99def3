"""Who may say what of filings: each bureau of those whose numbers its province gave, of no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from beian.exchange.registry import Delivery, Refused
from beian.models import NodeKind
from beian.numbers import province_of, province_of_provider
from beian.records.filing import FilingRecord


def check_numbers(delivery: Delivery, numbers: Iterable[int | None]) -> None:
    """See that the sender of a message gives out these numbers. Raises `Refused`, also where one is missing."""
    for number in numbers:
        if number is None:
            raise Refused("备案数据缺少编号")
        if delivery.source.kind != NodeKind.BUREAU or delivery.source.province != province_of(number):
            raise Refused(f"{delivery.source.code} 无权报送编号为 {number} 的备案数据")


def check_filing(delivery: Delivery, filing: FilingRecord) -> None:
    """See that a whole filing is the sender's own: its sponsor, each website, each access. Raises `Refused`.

    A row is found by its number: a website of another province named here would move to this sponsor.
    """
    check_numbers(delivery, _numbers(filing))


def check_provider(delivery: Delivery, isp_id: int) -> None:
    """See that a provider for which a bureau speaks is of its province, as the identifier begins. Raises `Refused`."""
    if province_of_provider(isp_id) != delivery.source.province:
        raise Refused(f"{delivery.source.code} 无权代报备单位 {isp_id} 转送")


def check_notes(delivery: Delivery, notes: Iterable[Mapping[str, Any]]) -> None:
    """See that what is said to be cancelled was the sender's own. Raises `Refused`.

    A note makes a number a used one for good, so that one of another province could never be filed here.
    """
    check_numbers(delivery, (note[name] for note in notes for name in ("number", "sponsor")))


def _numbers(filing: FilingRecord) -> Iterator[int | None]:
    yield filing.sponsor.number
    for website in filing.websites:
        yield website.number
        yield from (access.number for access in website.accesses)
