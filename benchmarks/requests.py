"""Processing 1,000 requests of each kind about filings that stand, from the stored upload to the queue."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from django.contrib.auth.hashers import make_password

from beian import filing_password, store
from beian.generate.approved import verification_form
from beian.generate.records import Maker
from beian.models import Node, Sponsor
from beian.records import (
    CancellationRecord,
    Cancelled,
    ChangeRecord,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    WebsiteRecord,
)
from beian.records.rows import filings
from benchmarks import calls, processing
from benchmarks.one import Bench
from benchmarks.report import Row
from bureau.generate import filings as generated
from interface.documents.upload import write_upload
from interface.models import ProviderAccount
from interface.services import mailbox

REQUESTS = 1_000
PASSWORD = "Geheim12"
HASHES_TIMED = 10

Make = Callable[[FilingRecord, WebsiteRecord], Any]


def run(bench: Bench) -> tuple[list[Row], list[str]]:
    """Measure each kind on filings of its own."""
    account, other = calls.accounts(2)
    count = bench.sized(REQUESTS, 20)
    seconds_each = _seconds_of_one_password()
    filing_password.fits = lambda password, kept: True  # type: ignore[assignment]
    standing = _on_file(calls.bureau(), account, 5 * count)
    spare = _websites()
    rows = []
    for what, by, section, make in (
        ("new websites", account, "new_websites", _new_website),
        ("new accesses", other, "new_accesses", _new_access),
        ("changes", account, "changes", _change),
        ("cancellations of websites", account, "cancellations", _cancel_website),
        ("cancellations of sponsors", account, "cancellations", _cancel_sponsor),
    ):
        some = list(islice(standing, count))
        if section == "changes":
            _acknowledge(account, some)
        document = _document(by, section, [make(filing, next(spare)) for filing in some])
        rows.append(processing.measure(bench, by, f"{count:,} {what}", [document], count))
    return rows, [
        "Floor: as for new filings. Each request loads, shows and compares a whole filing beside it.",
        f"Without filing passwords: each takes {seconds_each * 1000:.0f} ms on purpose, ahead of the transaction.",
    ]


def _seconds_of_one_password() -> float:
    kept = make_password(filing_password.digest(PASSWORD))
    started = time.monotonic()
    for _ in range(HASHES_TIMED):
        filing_password.fits(PASSWORD, kept)
    return (time.monotonic() - started) / HASHES_TIMED


def _on_file(bureau: Node, account: ProviderAccount, number: int) -> Iterator[FilingRecord]:
    """Put filings on file, all accesses by one provider; gives them one after the other as it sees them."""
    maker = Maker.at(bureau.province, 1, verification_form())
    generated.on_file(bureau, maker, range(1, number + 1), [account.isp_id])
    numbers = Sponsor.objects.held_by(bureau).order_by("number").values_list("number", flat=True)
    return iter(list(filings(bureau, numbers, isp_id=account.isp_id).values()))


def _websites() -> Iterator[WebsiteRecord]:
    """Give websites that nobody has, without scans."""
    for n, filing in enumerate(calls.new_filings()):
        yield replace(processing.bare(filing).websites[0], name=f"示例网站{n}")


def _acknowledge(account: ProviderAccount, standing: Sequence[FilingRecord]) -> None:
    """Let the provider have the filings that it will change: a base to compare with."""
    for filing in standing:
        mailbox.queue_filing(account, filing.sponsor.number or 0, about=f"sponsor:{filing.sponsor.number}")
    while parcel := mailbox.hand_out(account):
        mailbox.acknowledge(account, parcel.file_name)


def _document(account: ProviderAccount, section: str, requests: Sequence[Any]) -> bytes:
    return write_upload(**{section: requests}, requesting_provider=account.isp_id, load=store.get)


def _new_website(filing: FilingRecord, new: WebsiteRecord) -> NewWebsitesRecord:
    return NewWebsitesRecord(sponsor=NameRecord(number=filing.sponsor.number), websites=(new,))


def _new_access(filing: FilingRecord, new: WebsiteRecord) -> NewAccessRecord:
    website = NameRecord(filing_number=filing.websites[0].filing_number)
    return NewAccessRecord(website=website, access=new.accesses[0], filing_password=PASSWORD)


def _change(filing: FilingRecord, new: WebsiteRecord) -> ChangeRecord:
    return ChangeRecord(sponsor=filing.sponsor, websites=(replace(filing.websites[0], name=new.name),))


def _cancel_website(filing: FilingRecord, new: WebsiteRecord) -> CancellationRecord:
    return CancellationRecord(what=Cancelled.WEBSITE, number=filing.websites[0].number or 0, reason=1)


def _cancel_sponsor(filing: FilingRecord, new: WebsiteRecord) -> CancellationRecord:
    number = filing.sponsor.number or 0
    return CancellationRecord(what=Cancelled.SPONSOR, number=number, reason=1, filing_password=PASSWORD)
