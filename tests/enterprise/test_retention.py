"""Material of verifications is kept five years, then removed, with a record of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import InternalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beian import store
from beian.models import Content, Event, Node, User
from enterprise.models import Case, PieceKind, SponsorAccount, Verification
from enterprise.services import cases, files, retention, verifications
from enterprise.services.retention import due_before, remove_old_material
from enterprise.services.verification_closing import close_failed
from enterprise.workflow import State
from tests.enterprise.conftest import case_in
from tests.enterprise.verifying import begun, kept, passed, photo

THEN = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LATER = datetime(2031, 11, 23, 3, 0, tzinfo=UTC)


def closed(isp: Node, verifier: User, n: int = 1, colour: str = "navy", at: datetime = THEN) -> Verification:
    """A failed verification with a photo of its own, closed then."""
    with time_machine.travel(at, tick=False):
        verification = begun(isp, verifier, n)
        kept(verification, verifier, PieceKind.PHOTO, "person.0", photo(colour=colour))
        return close_failed(isp, verification.pk, verifier, "未带原件")


def test_nothing_goes_before_its_time(isp: Node, verifier: User) -> None:
    closed(isp, verifier)
    assert remove_old_material(LATER - timedelta(days=2)) == 0
    assert store.get(Verification.objects.get().pieces.get().content_id)


def test_after_five_years_material_goes_and_a_record_of_it_stays(isp: Node, verifier: User) -> None:
    verification = closed(isp, verifier)
    sha256 = verification.pieces.get().content_id
    assert remove_old_material(LATER) == 1
    with pytest.raises(store.Missing):
        store.get(sha256)
    gone = Verification.objects.get(pk=verification.pk)
    assert (gone.removed_at, gone.state, gone.closed_by, gone.closed_at) == (LATER, "failed", verifier, THEN)
    assert (gone.answers, gone.readings, gone.sheet, gone.reason) == ({}, {}, None, None)
    assert Content.objects.get(pk=sha256).removed_at is not None
    event = Event.objects.get(verb="remove_material", subject=str(verification.case_id))
    assert event.data == {"verification": verification.pk, "pieces": {"photo": 1}}
    assert remove_old_material(LATER) == 0


def test_an_open_one_is_never_removed(isp: Node, verifier: User) -> None:
    with time_machine.travel(THEN, tick=False):
        begun(isp, verifier)
    assert remove_old_material(LATER) == 0


def test_bytes_that_something_younger_names_stay(isp: Node, verifier: User) -> None:
    old = closed(isp, verifier, 1)
    with time_machine.travel(THEN, tick=False):
        young = begun(isp, verifier, 2)
        kept(young, verifier, PieceKind.PHOTO, "person.0")
    assert old.pieces.get().content_id == young.pieces.get().content_id
    assert remove_old_material(LATER) == 1
    assert store.get(young.pieces.get().content_id)
    assert old.pieces.get().removed_at == LATER


def test_one_that_is_corrected_goes_with_its_correction(isp: Node, verifier: User) -> None:
    first = closed(isp, verifier)
    with time_machine.travel(THEN + timedelta(days=400), tick=False):
        second = verifications.correct(isp, first.pk, verifier, "更正")
        assert remove_old_material(LATER) == 0
        close_failed(isp, second.pk, verifier, "仍未带原件")
    assert remove_old_material(LATER) == 0
    assert remove_old_material(LATER + timedelta(days=401)) == 2


def test_files_that_a_dying_run_left_go_with_the_next(
    isp: Node, verifier: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = closed(isp, verifier).pieces.get().content_id
    monkeypatch.setattr(retention, "remove_unnamed", _die)
    with pytest.raises(KeyboardInterrupt):
        remove_old_material(LATER)
    assert store.get(sha256)
    monkeypatch.undo()
    remove_old_material(LATER)
    with pytest.raises(store.Missing):
        store.get(sha256)


def test_bytes_that_stay_hide_none_that_should_go(isp: Node, verifier: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few at a time is how records are removed; what a dying run left is looked at whole."""
    stays = closed(isp, verifier, 1, "navy").pieces.get().content_id
    goes = closed(isp, verifier, 2, "red").pieces.get().content_id
    with time_machine.travel(THEN, tick=False):
        kept(begun(isp, verifier, 3), verifier, PieceKind.PHOTO, "person.0", photo(colour="navy"))
    with monkeypatch.context() as dying:
        dying.setattr(retention, "remove_unnamed", lambda hashes: 0)
        remove_old_material(LATER)
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    remove_old_material(LATER)
    assert store.get(stays)
    with pytest.raises(store.Missing):
        store.get(goes)


@pytest.mark.parametrize("column", ["draft", "request"])
@pytest.mark.parametrize("state", [State.DRAFT, State.ABANDONED])
def test_bytes_that_a_case_names_stay(
    isp: Node, verifier: User, sponsor_account: SponsorAccount, column: str, state: State
) -> None:
    """A sponsor may hand in the very picture that was taken at the counter, five years later."""
    sha256 = closed(isp, verifier).pieces.get().content_id
    case = case_in(isp, State.DRAFT, 2, sponsor_account)
    if state == State.ABANDONED:
        cases.abandon(isp, case.pk, None, "不再需要")
        case.refresh_from_db()
    content = {"sha256": sha256, "size": 1, "media_type": "image/jpeg"}
    setattr(case, column, {"attachments": [{"purpose": "2", "owner": "sponsor", "content": content}]})
    case.save(update_fields=[column])
    assert remove_old_material(LATER) == 1
    assert files.file_of(case, sha256)
    assert remove_old_material(LATER) == 0
    assert files.file_of(case, sha256)
    setattr(case, column, None)
    case.save(update_fields=[column])
    remove_old_material(LATER)
    with pytest.raises(store.Missing):
        store.get(sha256)


def test_what_a_verification_added_to_its_case_goes_with_it(isp: Node, verifier: User) -> None:
    """The signed form travels in the request; it is kept as long as the verification says."""
    with time_machine.travel(THEN, tick=False):
        verification = passed(isp, verifier)
    form = verification.pieces.get(kind=PieceKind.FORM).content_id
    case = Case.objects.get(pk=verification.case_id)
    assert form in files.hashes(case)
    assert remove_old_material(LATER) == 1
    with pytest.raises(store.Missing):
        files.file_of(case, form)
    for kept_by_the_case in files.hashes(case) - {form}:
        assert files.file_of(case, kept_by_the_case)


def _die(hashes: Iterable[str]) -> int:
    raise KeyboardInterrupt


def test_the_database_lets_nothing_go_earlier(isp: Node, verifier: User) -> None:
    verification = closed(isp, verifier)
    rows = Verification.objects.filter(pk=verification.pk)
    with pytest.raises(InternalError), transaction.atomic():
        rows.update(removed_at=LATER - timedelta(days=2), answers={})
    with pytest.raises(InternalError), transaction.atomic():
        rows.update(removed_at=LATER, state="passed")


def test_the_records_page_says_what_was_removed(client: Client, isp: Node, verifier: User, clerk: User) -> None:
    verification = closed(isp, verifier)
    piece = verification.pieces.get()
    client.force_login(clerk)
    where = {"isp": isp.isp_id, "pk": verification.pk}
    picture = reverse("enterprise:counter_piece", kwargs={**where, "piece": piece.pk})
    assert client.get(picture).status_code == 200
    remove_old_material(LATER)
    assert client.get(picture).status_code == 404
    shown = client.get(reverse("enterprise:counter_records", kwargs={"isp": isp.isp_id})).content.decode()
    assert "材料已清除" in shown
    assert "保存期满" in client.get(reverse("enterprise:counter", kwargs=where)).content.decode()


def test_the_case_itself_is_not_touched(isp: Node, verifier: User) -> None:
    with time_machine.travel(THEN, tick=False):
        verification = passed(isp, verifier)
    before = Case.objects.get(pk=verification.case_id)
    assert remove_old_material(LATER) == 1
    after = Case.objects.get(pk=verification.case_id)
    assert (after.state, after.request, after.version) == (before.state, before.request, before.version)


def test_five_years_before_the_odd_day_of_a_leap_year_is_a_day() -> None:
    assert due_before(datetime(2028, 2, 29, tzinfo=UTC)) == datetime(2023, 2, 28, tzinfo=UTC)


def test_the_clock_asks_for_it() -> None:
    from enterprise.schedule import SCHEDULE

    assert any(each["task"] == "enterprise.tasks.remove_old_material" for each in SCHEDULE.values())


def test_cases_without_a_verification_do_not_matter(isp: Node) -> None:
    case_in(isp, State.CHECKED)
    assert remove_old_material(timezone.now()) == 0
