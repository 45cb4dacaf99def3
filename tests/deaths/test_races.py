"""Races, shown both ways: guarded, and with the lock or the reservation taken out, where they go wrong.

Two threads meet just behind the place where each has looked and not yet written. With the lock the
second cannot come there before the first has committed; then the first waits in vain and goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

from beian import reservations
from beian.models import Node, Sponsor, User
from bureau.models import Application
from bureau.services import approval, decide, intake, judging, review
from bureau.workflow import State
from interface.models import Outcome, Parcel, ProviderAccount, Upload
from interface.services import mailbox, uploads
from tests.builders import changed, filing
from tests.interface import calling
from tests.interface.calling import DOCUMENT, Caller
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("code_tables")]

Patch = pytest.MonkeyPatch
PATIENCE = 1.0


def meet_after(monkeypatch: Patch, module: Any, name: str) -> None:
    """Let two threads wait for each other when each comes out of `module.name`, as long as `PATIENCE`."""
    function, meeting = getattr(module, name), threading.Barrier(2)

    def meeting_function(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            meeting.wait(PATIENCE)
        return result

    monkeypatch.setattr(module, name, meeting_function)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Make the calls in threads; gives what each gave, or the name of its error."""
    outcomes: list[object] = [None] * len(calls)

    def make(place: int) -> None:
        try:
            outcomes[place] = calls[place]()
        except Exception as error:
            outcomes[place] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=make, args=[place]) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes, key=str)


def unlocked_account(account: ProviderAccount) -> ProviderAccount:
    """Read an account as `lock` does, without locking it."""
    return ProviderAccount.objects.select_related("bureau").get(pk=account.pk)


class TestTheSequence:
    """Two uploads under one number: one is accepted, the other hears the next number."""

    def race(self, monkeypatch: Patch) -> Sequence[object]:
        account = calling.account()
        meet_after(monkeypatch, uploads, "_check_backlog")
        return at_once(*(lambda n=n: Caller(account).upload(1, DOCUMENT + b" " * n).code for n in (1, 2)))

    def test_the_lock_lets_one_through(self, monkeypatch: Patch) -> None:
        assert self.race(monkeypatch) == [0, 14]
        assert Upload.objects.count() == 1

    def test_without_it_both_pass_and_only_the_database_stops_one(self, monkeypatch: Patch) -> None:
        monkeypatch.setattr(uploads, "_LOCK", "SELECT %s::bigint")
        assert self.race(monkeypatch) == [0, 999]


class TestJudging:
    """Two documents about one certificate: one is pending, the other comes back with 1003."""

    def race(self, monkeypatch: Patch, account: ProviderAccount) -> Sequence[object]:
        other = calling.account(at=account.bureau)
        upload_of(account, [filing(1)])
        upload_of(other, [changed(filing(2), "sponsor.certificate", filing(1).sponsor.certificate)])
        meet_after(monkeypatch, judging, "load_facts")
        return at_once(*(lambda pk=pk: intake.drain(pk) for pk in (account.pk, other.pk)))

    def states(self) -> list[str]:
        return sorted(Application.objects.values_list("state", flat=True))

    def test_one_document_at_a_time(self, monkeypatch: Patch, account: ProviderAccount) -> None:
        assert self.race(monkeypatch, account) == [1, 1]
        assert self.states() == [State.PENDING, State.RETURNED]
        assert [each["code"] for each in Application.objects.get(state=State.RETURNED).findings] == [1003]

    def test_without_the_turn_one_fails_and_must_be_tried_again(
        self, monkeypatch: Patch, account: ProviderAccount
    ) -> None:
        monkeypatch.setattr(intake, "wait_for_turn", lambda bureau: None)
        assert self.race(monkeypatch, account) == [1, "IntegrityError"]

    def test_without_the_reservation_both_are_accepted(self, monkeypatch: Patch, account: ProviderAccount) -> None:
        monkeypatch.setattr(reservations.Claims, "insert", lambda claims: None)
        assert self.race(monkeypatch, account) == [1, 1]
        assert self.states() == [State.PENDING, State.PENDING]


class TestDecisions:
    """Two clicks on one application: one decision."""

    @pytest.fixture
    def claimed(self, account: ProviderAccount, reviewer: User) -> Application:
        upload_of(account, [filing(1)])
        intake.drain(account.pk)
        return review.claim(Application.objects.get().pk, reviewer)

    def race(self, monkeypatch: Patch, claimed: Application, reviewer: User) -> Sequence[object]:
        meet_after(monkeypatch, approval, "conflicts")
        return at_once(*[lambda: str(review.approve(claimed.pk, reviewer, claimed.version).state)] * 2)

    def test_the_lock_lets_one_decide(
        self, monkeypatch: Patch, guangdong: Node, claimed: Application, reviewer: User
    ) -> None:
        assert self.race(monkeypatch, claimed, reviewer) == ["MovedOn", "approved"]
        assert Sponsor.objects.held_by(guangdong).count() == 1
        assert Outcome.objects.count() == 2

    def test_without_it_both_do(
        self, monkeypatch: Patch, guangdong: Node, claimed: Application, reviewer: User
    ) -> None:
        def unlocked(pk: int) -> Application:
            return Application.objects.select_related("holder").get(pk=pk)

        monkeypatch.setattr(decide, "lock", unlocked)
        outcomes = self.race(monkeypatch, claimed, reviewer)
        assert outcomes != ["MovedOn", "approved"]
        assert "MovedOn" not in outcomes


class TestParcels:
    """Two downloads at once: the same document twice."""

    def race(self, monkeypatch: Patch, account: ProviderAccount) -> Sequence[object]:
        mailbox._queue(account, mailbox.ParcelKind.RESULTS, "case:1", self.body(), None)
        meet_after(monkeypatch, mailbox, "_choose")
        return at_once(*[lambda: mailbox.hand_out(account).file_name] * 2)  # type: ignore[union-attr]

    @staticmethod
    def body() -> dict[str, object]:
        code = {"code": 1001, "description": "通过"}
        return {"result": {"codes": [code], "operation": 1, "subject": "1"}, "opinions": []}

    def test_the_lock_makes_one_parcel(self, monkeypatch: Patch, account: ProviderAccount) -> None:
        first, second = self.race(monkeypatch, account)
        assert first == second == Parcel.objects.get().file_name
        assert Parcel.objects.get().times_fetched == 2

    def test_without_it_one_of_them_fails(self, monkeypatch: Patch, account: ProviderAccount) -> None:
        monkeypatch.setattr(mailbox, "lock", unlocked_account)
        assert "IntegrityError" in self.race(monkeypatch, account)
