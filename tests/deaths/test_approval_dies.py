"""A process that is killed while it approves: all of it happened or nothing, and no number is issued twice."""

from __future__ import annotations

import pytest
from django.core import mail as outbox

from beian import mail
from beian.exchange import dispatch
from beian.models import Counter, Mail, Message, Node, Reservation, Sponsor, User
from bureau.models import Application
from bureau.services import intake, review
from bureau.workflow import State
from interface.models import Outcome, ProviderAccount
from tests.builders import filing
from tests.deaths.killing import kill_at
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("code_tables")]

BEFORE_THE_COMMIT = [
    "before bureau.services.approval.put_on_file",
    "after beian.numbers.issue_objects",
    "after bureau.services.letters.send_password",
    "after bureau.services.decide.tell",
]
AFTER_THE_COMMIT = [
    "before django.db.backends.base.base.BaseDatabaseWrapper.run_and_clear_commit_hooks",
    "after bureau.services.review.approve",
]


@pytest.fixture
def claimed(account: ProviderAccount, reviewer: User) -> Application:
    upload_of(account, [filing(1)])
    intake.drain(account.pk)
    return review.claim(Application.objects.get().pk, reviewer)


def assert_approved_once(bureau: Node, application: Application) -> None:
    application.refresh_from_db()
    assert (application.state, application.filing_number[-7:]) == (State.APPROVED, "000001号")
    sponsor = Sponsor.objects.held_by(bureau).get()
    assert sponsor.number == application.sponsor_number
    assert sorted(Outcome.objects.values_list("kind", flat=True)) == ["filings", "results"]
    assert set(Reservation.objects.values_list("sponsor", flat=True)) == {sponsor.number}
    assert Message.objects.get().kind == "filing"
    assert Mail.objects.count() == 1
    assert Counter.objects.get(node=bureau, series__startswith="filing:").value == 1


@pytest.mark.parametrize("point", BEFORE_THE_COMMIT)
def test_before_the_commit_nothing_happened(guangdong: Node, claimed: Application, reviewer: User, point: str) -> None:
    kill_at(point, "approve", claimed.pk, reviewer.username)
    claimed.refresh_from_db()
    assert (claimed.state, claimed.filing_number) == (State.CLAIMED, "")
    assert not Sponsor.objects.held_by(guangdong).exists()
    assert not Outcome.objects.exists()
    assert not Message.objects.exists()
    assert not Mail.objects.exists()
    assert not Counter.objects.filter(series__startswith="filing:").exists()

    review.approve(claimed.pk, reviewer, claimed.version)
    assert_approved_once(guangdong, claimed)


@pytest.mark.parametrize("point", AFTER_THE_COMMIT)
def test_after_the_commit_everything_did(
    guangdong: Node, ministry: Node, claimed: Application, reviewer: User, point: str
) -> None:
    """The reviewer saw no page and clicks again; nobody had been told of message and letter."""
    kill_at(point, "approve", claimed.pk, reviewer.username)
    assert_approved_once(guangdong, claimed)
    with pytest.raises(review.MovedOn):
        review.approve(claimed.pk, reviewer, claimed.version)
    assert_approved_once(guangdong, claimed)
    assert [mail.send(pk) for pk in mail.waiting().values_list("pk", flat=True)] == [True]
    assert len(outbox.outbox) == 1
    Message.objects.update(due_at=Message.objects.get().written_at)
    assert dispatch.sweep() == 1
