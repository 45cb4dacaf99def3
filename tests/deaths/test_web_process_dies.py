"""A web process that is killed between storing and answering: the provider asks again, nothing is lost or doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from beian.models import Event
from beian.records import CodeRecord, ResultRecord
from bureau.services import intake
from interface.client import NoConnection, Parameters, ProviderClient
from interface.models import Outcome, Parcel, ProviderAccount, Upload
from interface.services import mailbox
from tests.deaths.killing import Victim, web_that_dies
from tests.interface import calling
from tests.interface.calling import DOCUMENT, PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def account() -> ProviderAccount:
    return calling.account()


@contextmanager
def dying(folder: Path, account: ProviderAccount, point: str) -> Iterator[tuple[ProviderClient, Victim]]:
    """A bureau whose web process stops at a point, and a provider that calls it."""
    with web_that_dies(folder, point) as victim:
        known = Parameters(
            endpoint=victim.server.endpoint(), isp_id=account.isp_id, user_name=account.user_name, password=PASSWORD
        )
        yield ProviderClient(known, seconds=30), victim


def lose(victim: Victim, call: Callable[..., object], *arguments: object) -> None:
    """Call, and kill the process that deals with it: there is no answer."""
    killer = threading.Thread(target=victim.kill)
    killer.start()
    with pytest.raises(NoConnection):
        call(*arguments)
    killer.join()


@pytest.mark.parametrize(
    ("point", "stored"),
    [
        ("after interface.services.uploads._store", False),
        ("before interface.services.uploads.wake_worker", True),
        ("after interface.services.uploads.accept", True),
    ],
)
def test_an_upload_is_stored_once(tmp_path: Path, account: ProviderAccount, point: str, stored: bool) -> None:
    with dying(tmp_path, account, point) as (provider, victim):
        lose(victim, provider.upload, DOCUMENT, 1)
        assert Upload.objects.count() == stored
        previous = provider.previous_upload()
        assert previous.file is not None
        assert previous.file.sequence == stored
        assert provider.upload(DOCUMENT, 1).code == 0
        assert provider.upload(DOCUMENT + b" ", 2).code == 0
    assert list(Upload.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2]
    assert Event.objects.filter(subject_kind="upload", verb="received").count() == 2


def test_an_upload_of_which_no_worker_was_told_is_found(tmp_path: Path, account: ProviderAccount) -> None:
    with dying(tmp_path, account, "before interface.services.uploads.wake_worker") as (provider, victim):
        lose(victim, provider.upload, DOCUMENT, 1)
    with time_machine.travel(timezone.now() + intake.SETTLED + timedelta(seconds=10)):
        assert intake.waiting_accounts() == [account.pk]


def queue(account: ProviderAccount, number: int) -> None:
    result = ResultRecord(codes=(CodeRecord(code=1001, description="通过"),), operation=1, subject=str(number))
    mailbox.queue_result(account, result, about=f"case:{number}")


@pytest.mark.parametrize(
    ("point", "built"),
    [
        ("after interface.services.mailbox._build", False),
        ("after interface.services.mailbox.hand_out", True),
    ],
)
def test_a_document_that_never_arrived_is_handed_out_again(
    tmp_path: Path, account: ProviderAccount, point: str, built: bool
) -> None:
    queue(account, 1)
    with dying(tmp_path, account, point) as (provider, victim):
        lose(victim, provider.download)
        assert Parcel.objects.count() == built
        queue(account, 2)
        first, again = provider.download(), provider.download()
        assert first == again
        assert first.file is not None
        assert provider.acknowledge(first.file.file_name).code == 0
        rest = provider.download()
        # What was queued meanwhile is in the parcel that was gathered anew, or in the next one.
        assert rest.code == (0 if built else 2)
    assert Parcel.objects.count() == 1 + built
    assert not Outcome.objects.filter(parcel=None).exists()


def test_an_acknowledgement_whose_answer_was_lost_may_be_repeated(tmp_path: Path, account: ProviderAccount) -> None:
    queue(account, 1)
    with dying(tmp_path, account, "after interface.services.mailbox.acknowledge") as (provider, victim):
        file = provider.download().file
        assert file is not None
        lose(victim, provider.acknowledge, file.file_name)
        assert Parcel.objects.get().acknowledged_at is not None
        assert provider.acknowledge(file.file_name).code == 0
        assert provider.download().code == 2
    assert Event.objects.filter(subject_kind="parcel", verb="acknowledged").count() == 1
