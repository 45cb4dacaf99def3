"""Cancellations that the bureau tells of (注销数据): our copy loses them, and somebody has to cut the access."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from beian.models import Node, ObjectKind
from beian.records import Cancelled, FilingRecord, WebsiteRecord, as_json
from beian.records.notices import CancelledNotice
from beian.records.rows import number_of
from enterprise.applying.deadlines import due
from enterprise.applying.leaving import Left, Source, bury, holdings_with, leave, without
from enterprise.applying.tasks import Entry, open_tasks
from enterprise.models import Incoming, TaskKind
from enterprise.services import closures

_REASON = "管局通知注销"


def take_cancelled(provider: Node, incoming: Incoming, notices: Sequence[CancelledNotice]) -> None:
    """Take cancelled sponsors and websites out of our copy, and open a closure for each website we gave access to.

    The document is not acknowledged before those are done. What we hold nothing of needs nothing done.
    """
    if not notices:
        return
    before = _holdings(provider, notices)
    owners = _owners(before)
    gone = {number: Left(filing, filing) for number, filing in before.items()}
    entries: list[Entry] = []
    for notice in notices:
        number = owners.get((notice.what, notice.number))
        if number is not None and (held := gone[number].after) is not None:
            after = without(held, notice.what, notice.number, provider.isp_id)
            entries += _closures(notice, Left(held, after))
            gone[number] = Left(before[number], after)
    for task in open_tasks(provider, incoming, entries):
        closures.note(task)
    leave(provider, gone, Source(incoming, reason=_REASON))
    _bury(provider, notices, gone)


def _holdings(provider: Node, notices: Sequence[CancelledNotice]) -> dict[int, FilingRecord]:
    found: dict[int, FilingRecord] = {}
    for what in (Cancelled.SPONSOR, Cancelled.WEBSITE):
        numbers = [notice.number for notice in notices if notice.what == what]
        found |= holdings_with(provider, what, numbers) if numbers else {}
    return found


def _owners(holdings: Mapping[int, FilingRecord]) -> dict[tuple[Cancelled, int], int]:
    """Give the sponsor's number of everything that a notice may name."""
    owners = {(Cancelled.SPONSOR, number): number for number in holdings}
    for number, filing in holdings.items():
        owners |= {(Cancelled.WEBSITE, number_of(website)): number for website in filing.websites}
    return owners


def _closures(notice: CancelledNotice, left: Left) -> Iterator[Entry]:
    """Each website that goes is one task: it says what was ordered, and keeps what is to be cut."""
    for website in left.websites:
        yield Entry(
            kind=TaskKind.CLOSURE,
            about=f"website:{website.number}",
            title=_title(notice, left.before, website),
            content={
                **as_json(CancelledNotice(what=Cancelled.WEBSITE, number=number_of(website), remark=notice.remark)),
                "ordered": as_json(notice),
                "sponsor": as_json(left.before.sponsor),
                "website": as_json(website),
            },
            due=due(TaskKind.CLOSURE, notice.remark),
            sponsor_number=left.before.sponsor.number,
            website_number=website.number,
            holds=True,
        )


def _title(notice: CancelledNotice, filing: FilingRecord, website: WebsiteRecord) -> str:
    word = "主体注销" if notice.what == Cancelled.SPONSOR else "网站注销"
    domains = "、".join(domain.name for domain in website.domains)
    return f"{word}：{filing.sponsor.name}，{website.filing_number or website.name}（{domains}）"


def _bury(provider: Node, notices: Sequence[CancelledNotice], gone: Mapping[int, Left]) -> None:
    """Note what was cancelled, also what we did not hold: a parcel that was on its way brings none of it back."""
    sponsors: dict[int, int | None] = {
        notice.number: notice.number for notice in notices if notice.what == Cancelled.SPONSOR
    }
    websites: dict[int, int | None] = {notice.number: None for notice in notices if notice.what == Cancelled.WEBSITE}
    websites |= {number_of(website): number for number, left in gone.items() for website in left.websites}
    bury(provider, ObjectKind.SPONSOR, sponsors, _REASON)
    bury(provider, ObjectKind.WEBSITE, websites, _REASON)
