"""A worker that is killed at any step of intake leaves an upload that the next one processes, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from beian.models import Event, Message, Node, ProviderId, Reservation
from bureau.models import Application
from bureau.services import intake, judging
from interface.models import Outcome, ProviderAccount, Upload, UploadState
from tests.builders import changed, filing
from tests.bureau.test_forwarding import of_beijing
from tests.deaths.killing import kill_at
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("code_tables")]

UNDONE = [
    "before bureau.services.intake._read",
    "after bureau.services.intake._read",
    "after bureau.services.judging._reserve",
    "after bureau.services.intake._finish",
]
DONE = "after bureau.services.intake.process"


def three_records(account: ProviderAccount) -> Upload:
    """One for review here, one that comes back at once, one for another province."""
    faulty = changed(filing(2), "sponsor.person.email", "no-at-sign")
    return upload_of(account, [filing(1), faulty, of_beijing(3)])


def sweep_later() -> list[int]:
    """What the sweeper does when the dead worker's lease is over, within 60 s of the death."""
    with time_machine.travel(timezone.now() + intake.LEASE + timedelta(seconds=10)):
        return [intake.drain(account_id) for account_id in intake.waiting_accounts()]


def assert_processed_once(upload: Upload) -> None:
    upload.refresh_from_db()
    assert (upload.state, upload.records, upload.returned) == (UploadState.PROCESSED, 3, 1)
    assert sorted(Application.objects.values_list("state", flat=True)) == ["forwarded", "pending", "returned"]
    assert Outcome.objects.count() == 1
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["application", "content"]
    reserved = Application.objects.get(state="pending").pk
    assert set(Reservation.objects.values_list("application", flat=True)) == {reserved}
    assert ProviderId.objects.values("application").distinct().count() == 2
    assert Event.objects.filter(subject_kind="upload", verb="processed").count() == 1


@pytest.mark.parametrize("point", UNDONE)
def test_killed_before_the_commit_it_leaves_nothing(account: ProviderAccount, beijing: Node, point: str) -> None:
    upload = three_records(account)
    kill_at(point, "process", account.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.tries) == (UploadState.RECEIVED, 1)
    assert not Application.objects.exists()
    assert not Reservation.objects.exists()
    assert not Outcome.objects.exists()
    assert not Message.objects.exists()

    assert sweep_later() == [1]
    assert_processed_once(upload)
    assert upload.tries == 2


def test_killed_after_the_commit_it_leaves_nothing_to_do(account: ProviderAccount, beijing: Node) -> None:
    """The broker gives its task to another, who finds the upload done."""
    upload = three_records(account)
    kill_at(DONE, "process", account.pk)
    assert_processed_once(upload)
    assert intake.drain(account.pk) == 0
    assert sweep_later() == []
    assert_processed_once(upload)


def test_nobody_takes_the_upload_of_a_worker_that_lives(account: ProviderAccount, beijing: Node) -> None:
    upload = three_records(account)
    kill_at(UNDONE[0], "process", account.pk)
    assert intake.drain(account.pk) == 0
    with time_machine.travel(upload.received_at + intake.SETTLED - timedelta(seconds=5)):
        assert intake.waiting_accounts() == []


def test_uploads_behind_a_dead_workers_are_processed_with_it(account: ProviderAccount, beijing: Node) -> None:
    first = three_records(account)
    upload_of(account, [filing(4)])
    upload_of(account, [filing(5)])
    kill_at(UNDONE[-1], "process", account.pk)
    assert sweep_later() == [3]
    first.refresh_from_db()
    assert not Upload.objects.filter(state=UploadState.RECEIVED).exists()
    assert Application.objects.count() == 5


def test_a_database_that_went_away_costs_no_more_than_the_lease(
    account: ProviderAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pauses after other failures grow beyond the 60 s in which an upload is to be processed."""
    upload = upload_of(account, [filing(1)])

    def away(*_: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as broken:
        broken.setattr(judging, "tell_judged", away)
        with pytest.raises(OperationalError):
            intake.drain(account.pk)
    upload.refresh_from_db()
    assert upload.not_before is not None
    assert upload.not_before - timezone.now() <= intake.LEASE
    assert upload.problem == ""
    assert sweep_later() == [1]
