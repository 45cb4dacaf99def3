"""What was answered to be kept, and is kept on paper alone: said beside the line, confirmed before it is passed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from beian.models import Event, Node, User
from beian.services.refusals import Invalid
from enterprise.models import PieceKind, Scope, Verification, VerificationState
from enterprise.services import verifications
from enterprise.services.verification_closing import PAPER_KEPT, close_passed
from enterprise.services.verification_sheet import sheet_of
from enterprise.verification_form import Said
from tests.enterprise.calling_api import System
from tests.enterprise.verifying import answered, begun, kept

ON_PAPER = "本系统内没有留存文件，纸质件由本单位保管"


@pytest.fixture
def done(isp: Node, verifier: User) -> Verification:
    """Everything answered with yes; no copy and no agreement scanned."""
    verification = begun(isp, verifier)
    answered(verification, verifier)
    return Verification.objects.get(pk=verification.pk)


def keeping(verification: Verification) -> list[str]:
    """The lines that say that something is kept."""
    return [each.key for each in sheet_of(verification.case).questions if each.key.endswith((":copy", ":agreement"))]


def scan_everything(verification: Verification, actor: User) -> None:
    for question in sheet_of(verification.case).questions:
        if question.key in keeping(verification):
            kept(verification, actor, PieceKind(question.piece), question.subject)


def closing(verification: Verification) -> dict[str, Any]:
    event = Event.objects.get(subject_kind="case", subject=str(verification.case_id), verb="close_verification")
    return dict(event.data)


def test_it_is_passed_when_somebody_confirms_and_the_event_says_so(
    isp: Node, verifier: User, done: Verification
) -> None:
    with pytest.raises(Invalid) as caught:
        close_passed(isp, done.pk, verifier)
    assert set(caught.value.errors) == {PAPER_KEPT}
    (words,) = caught.value.errors[PAPER_KEPT]
    assert words.count("留存复印件") == len(keeping(done)) - 1
    assert "签订并留存书面协议" in words
    close_passed(isp, done.pk, verifier, paper_kept=True)
    assert closing(done)["on_paper"] == keeping(done)
    assert closing(done)["paper_kept"] is True


def test_what_is_scanned_needs_no_confirmation(isp: Node, verifier: User, done: Verification) -> None:
    scan_everything(done, verifier)
    close_passed(isp, done.pk, verifier)
    assert "on_paper" not in closing(done)


def test_the_page_says_beside_each_line_whether_a_scan_is_here(
    client: Client, isp: Node, verifier: User, done: Verification
) -> None:
    client.force_login(verifier)
    page = reverse("enterprise:counter", kwargs={"isp": isp.isp_id, "pk": done.pk})
    assert client.get(page).content.decode().count(ON_PAPER) == len(keeping(done))
    kept(done, verifier, PieceKind.AGREEMENT, "sponsor")
    shown = client.get(page).content.decode()
    assert shown.count(ON_PAPER) == len(keeping(done)) - 1
    assert shown.count("本系统内已留存文件") == 1


def test_the_confirmation_is_asked_for_beside_the_button(
    client: Client, isp: Node, verifier: User, done: Verification
) -> None:
    client.force_login(verifier)
    passed = reverse("enterprise:counter_passed", kwargs={"isp": isp.isp_id, "pk": done.pk})
    refused = client.post(passed)
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert 'id="paper-kept-error"' in shown
    assert 'href="#paper-kept"' in shown
    verifications.answer(isp, done.pk, verifier, {"person.0:mobile": (Said.NO, "")})
    lacking = client.post(passed, {"paper_kept": "on"}).content.decode()
    assert 'name="paper_kept" autocomplete="off" checked' in lacking
    assert 'id="paper-kept-error"' not in lacking
    verifications.answer(isp, done.pk, verifier, {"person.0:mobile": (Said.YES, "")})
    assert client.post(passed, {"paper_kept": "on"}).status_code == 302
    record = client.get(reverse("enterprise:counter", kwargs={"isp": isp.isp_id, "pk": done.pk}))
    assert record.content.decode().count(ON_PAPER) == len(keeping(done))


def test_nothing_is_asked_where_everything_is_scanned(
    client: Client, isp: Node, verifier: User, done: Verification
) -> None:
    scan_everything(done, verifier)
    client.force_login(verifier)
    page = reverse("enterprise:counter", kwargs={"isp": isp.isp_id, "pk": done.pk})
    assert 'name="paper_kept"' not in client.get(page).content.decode()


def test_a_field_app_may_say_so_and_is_not_stopped_where_it_does_not(
    isp: Node, office_administrator: User, verifier: User, done: Verification
) -> None:
    app = System(isp, office_administrator, Scope.VERIFICATIONS_WRITE)
    said = {"verifier": verifier.username, "outcome": "passed"}
    refused = app.post(f"verifications/{done.pk}/close", {**said, "paper_kept": False})
    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == ["paper_kept"]
    closed = app.post(f"verifications/{done.pk}/close", said).json()
    assert closed["state"] == VerificationState.PASSED
    assert {each["key"] for each in closed["questions"] if each["kept"] is False} == set(keeping(done))
    assert closing(done)["paper_kept"] is None
