"""What tests of supervision share: filings on file with the provider of Guangdong, and its pages."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace
from itertools import count
from typing import Any

from django.utils import timezone

from beian import numbers
from beian.models import Node, Sponsor, User
from beian.records import FilingRecord, ResultRecord, from_json
from beian.records.rows import store_filing, with_numbers
from bureau.models import CheckTask, UnfiledWebsite
from interface import codec
from interface.documents.download import DownloadDocument, read_download
from interface.models import Outcome, ProviderAccount
from interface.services import mailbox
from tests.builders import content, filing
from tests.conftest import make_account

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


def somebody() -> User:
    """A person who gave something out."""
    user, _ = User.objects.get_or_create(username="someone", defaults={"name": "示例检查员"})
    return user


def account_row(bureau: Node) -> ProviderAccount:
    """The account of a provider of the bureau."""
    isp_id = bureau.province * 1_000_000 + 7
    known = ProviderAccount.objects.filter(bureau=bureau, isp_id=isp_id).first()
    return known or make_account(bureau, isp_id, "示例接入商七")


def check_task_row(account: ProviderAccount, number: int = 1, **values: Any) -> CheckTask:
    """An open check task, without anything in the mailbox; `values` are columns."""
    return CheckTask.objects.create(
        **{
            "bureau": account.bureau,
            "account": account,
            "sponsor_number": account.bureau.province * numbers.OBJECTS_PER_PROVINCE + number,
            "sponsor_name": f"示例科技有限公司{number}",
            "filing_number": f"粤ICP备2026{number:06d}号",
            "due": tomorrow(),
            "created_by": somebody(),
            **values,
        }
    )


def unfiled_row(account: ProviderAccount, number: int = 1, **values: Any) -> UnfiledWebsite:
    """An open item of the list of unfiled websites, without anything in the mailbox; `values` are columns."""
    return UnfiledWebsite.objects.create(
        **{
            "bureau": account.bureau,
            "account": account,
            "domain": f"example-unfiled{number}.cn",
            "key": f"example-unfiled{number}.cn",
            "address": (198 << 24) + (18 << 16) + number,
            "carrier": 440000000001,
            "province": account.bureau.province,
            "detected": timezone.localdate(),
            "due": tomorrow(),
            "listed_by": somebody(),
            **values,
        }
    )
