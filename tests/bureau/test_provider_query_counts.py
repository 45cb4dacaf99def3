"""A provider's pages ask the database as often for many records as for few."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from beian.models import User
from bureau.models import Application
from bureau.services import intake
from interface.models import CallLog, Parcel, ProviderAccount
from interface.services import mailbox
from tests.builders import changed, filing
from tests.uploads import stored_upload, upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

PATHS = ("", "records/", "records/?answer=waiting", "uploads/", "mailbox/", "mailbox/confirmed/", "calls/", "help/")
MOST = 23


def live(account: ProviderAccount, seeds: range) -> None:
    """Give the provider something of everything for each seed."""
    for seed in seeds:
        bad = changed(filing(seed), "sponsor.person.email", "no-at-sign")
        upload_of(account, [bad, filing(seed + 50)])
        stored_upload(account, b"not xml at all")
        intake.drain(account.pk)
        CallLog.objects.create(bureau=account.bureau, account=account, operation="isp_upload", code=13, reason="示例")
        parcel = mailbox.hand_out(account)
        assert parcel is not None
        mailbox.acknowledge(account, parcel.file_name)
    upload_of(account, [changed(filing(seed + 100), "sponsor.person.email", "no-at-sign") for seed in seeds])
    intake.drain(account.pk)


def counted(client: Client, paths: list[str]) -> list[int]:
    found = []
    for path in paths:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/bureaus/440000/mine/{path}").status_code == 200
        found.append(len(captured))
    return found


def test_queries_do_not_grow(account: ProviderAccount, reader: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(reader)
    client.get("/bureaus/440000/mine/")  # the first page writes the session
    live(account, range(1, 2))
    last, parcel = account.uploads.get(sequence=3), Parcel.objects.latest("id")
    record = Application.objects.filter(state="returned").latest("id")
    paths = [*PATHS, f"uploads/{last.sequence}/", f"mailbox/{parcel.pk}/", f"records/{record.pk}/"]
    few = counted(client, paths)
    live(account, range(2, 7))
    assert counted(client, paths) == few
    assert max(few) <= MOST
