"""What tests of supervision share: filings on file with the provider of Guangdong, and its pages."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace
from itertools import count

from django.utils import timezone

from beian import numbers
from beian.models import Node, Sponsor
from beian.records import FilingRecord, ResultRecord, from_json
from beian.records.rows import store_filing, with_numbers
from interface import codec
from interface.documents.download import DownloadDocument, read_download
from interface.models import Outcome, ProviderAccount
from interface.services import mailbox
from tests.builders import content, filing

TASKS = "/bureaus/440000/tasks/"


def on_file(account: ProviderAccount, seed: int = 1, *, holder: Node | None = None, websites: int = 1) -> Sponsor:
    """A filing in the bureau's copy to whose websites the provider gives access."""
    bureau = holder or account.bureau
    first = bureau.province * numbers.OBJECTS_PER_PROVINCE + seed * 1_000
    record = with_numbers(filing(seed, websites=websites, attachments=()), count(first).__next__, account.isp_id)
    return store_filing(bureau, filed(record, bureau, seed), isp_id=account.isp_id)


def filed(record: FilingRecord, bureau: Node, seed: int) -> FilingRecord:
    """Give a numbered record with filing numbers."""
    number = f"{numbers.ABBREVIATIONS[bureau.province]}ICP备2026{seed:06d}号"
    sites = tuple(
        replace(website, filing_number=f"{number}-{place}") for place, website in enumerate(record.websites, 1)
    )
    address = replace(record.sponsor.address, province=bureau.province)
    return replace(record, sponsor=replace(record.sponsor, filing_number=number, address=address), websites=sites)


def tomorrow() -> datetime.date:
    """A deadline that is not over."""
    return timezone.localdate() + datetime.timedelta(days=1)


def yesterday() -> datetime.date:
    """A deadline that is over."""
    return timezone.localdate() - datetime.timedelta(days=1)


def download(account: ProviderAccount, *, acknowledge: bool = True) -> DownloadDocument:
    """What the provider gets when it asks once, and acknowledges unless told otherwise."""
    parcel = mailbox.hand_out(account)
    assert parcel is not None
    document = codec.document(io.BytesIO(bytes(parcel.content)))
    if acknowledge:
        mailbox.acknowledge(account, parcel.file_name)
    return read_download(document, lambda data: content(data))


def results(account: ProviderAccount) -> list[ResultRecord]:
    """The results that wait for the provider, in their order."""
    waiting = Outcome.objects.filter(account=account, kind="results", parcel=None).order_by("id")
    return [from_json(outcome.body["result"], ResultRecord) for outcome in waiting]
