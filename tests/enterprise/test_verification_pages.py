"""The pages of the counter: who sees what, without scripts as well, and where the camera may be used."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from beian.models import Event, Node, User
from enterprise.models import Case, Piece, PieceKind, PieceSource, Verification, VerificationState
from enterprise.services import cases, verifications
from enterprise.services.cases import Correction
from enterprise.services.verification_sheet import sheet_of
from enterprise.workflow import State
from tests.enterprise.conftest import case_in, new_filing
from tests.enterprise.verifying import answered, begun, kept, passed, photo

pytestmark = pytest.mark.usefixtures("code_tables")


def url(isp: Node, name: str, **kwargs: Any) -> str:
    return reverse(f"enterprise:{name}", kwargs={"isp": isp.isp_id, **kwargs})


@pytest.fixture
def verification(isp: Node, verifier: User) -> Verification:
    return begun(isp, verifier)


def test_the_day_shows_who_waits_and_what_the_clerks_have_to_check(client: Client, isp: Node, verifier: User) -> None:
    waiting, fresh = case_in(isp, State.CHECKED, 1), case_in(isp, State.SUBMITTED, 2)
    client.force_login(verifier)
    shown = client.get(url(isp, "counter_today")).content.decode()
    assert waiting.reference in shown
    assert fresh.reference not in shown
    assert "1 件申请等待初审" in shown


def test_at_the_counter_contact_details_stand_plain_and_that_is_noted(
    client: Client, isp: Node, verifier: User, verification: Verification
) -> None:
    client.force_login(verifier)
    page = client.get(url(isp, "counter", pk=verification.pk))
    person = sheet_of(verification.case).subjects[1]
    assert person.fact("mobile") in page.content.decode()
    assert person.number not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    client.get(url(isp, "counter", pk=verification.pk))
    assert Event.objects.filter(verb="reveal", subject=str(verification.case_id)).count() == 1


def test_a_clerk_reads_without_personal_data(
    client: Client, isp: Node, clerk: User, verification: Verification
) -> None:
    client.force_login(clerk)
    shown = client.get(url(isp, "counter", pk=verification.pk)).content.decode()
    person = sheet_of(verification.case).subjects[1]
    assert person.fact("mobile") not in shown
    assert "核验通过</button>" not in shown
    assert client.post(url(isp, "counter_answer", pk=verification.pk), {}).status_code == 403


def test_an_agent_sees_nothing_of_it(
    client: Client, isp: Node, agent_person: User, verifier: User, verification: Verification
) -> None:
    kept(verification, verifier, PieceKind.PHOTO, "person.0")
    piece = Piece.objects.get()
    client.force_login(agent_person)
    for page in (
        url(isp, "counter_today"),
        url(isp, "counter", pk=verification.pk),
        url(isp, "counter_form", pk=verification.pk),
        url(isp, "counter_piece", pk=verification.pk, piece=piece.pk),
        url(isp, "counter_records"),
    ):
        assert client.get(page).status_code == 403


def test_a_piece_of_another_verification_is_not_served(
    client: Client, isp: Node, verifier: User, verification: Verification
) -> None:
    other = begun(isp, verifier, 2)
    kept(other, verifier, PieceKind.PHOTO, "person.0")
    client.force_login(verifier)
    piece = Piece.objects.get()
    assert client.get(url(isp, "counter_piece", pk=verification.pk, piece=piece.pk)).status_code == 404
    served = client.get(url(isp, "counter_piece", pk=other.pk, piece=piece.pk))
    assert served["Content-Type"] == "image/jpeg"
    assert served["Cache-Control"] == "no-store, private"


def test_the_camera_is_open_on_the_page_that_takes_photos_and_nowhere_else(
    client: Client, isp: Node, verifier: User, verification: Verification
) -> None:
    client.force_login(verifier)
    capture = url(isp, "counter_capture", pk=verification.pk, kind="photo", place="person.0")
    assert "camera=(self)" in client.get(capture)["Permissions-Policy"]
    for page in (url(isp, "counter", pk=verification.pk), "/login"):
        assert "camera=()" in client.get(page)["Permissions-Policy"]


def test_everything_can_be_done_without_scripts(
    client: Client, isp: Node, verifier: User, verification: Verification
) -> None:
    client.force_login(verifier)
    answer = url(isp, "counter_answer", pk=verification.pk)
    back = client.post(answer, {"answer-person.0:mobile": "yes", "note-person.0:mobile": "回拨"})
    assert back["Location"].endswith("#q-person-0-mobile")
    subject = sheet_of(verification.case).subjects[1]
    client.post(url(isp, "counter_number", pk=verification.pk), {"place": subject.key, "line": subject.number})
    capture = url(isp, "counter_capture", pk=verification.pk, kind="photo", place=subject.key)
    said = {"source": "file", "curtain": "on", "file": SimpleUploadedFile("p.jpg", photo(), "image/jpeg")}
    look = client.post(capture, said)["Location"]
    assert "800×600" in client.get(look).content.decode()
    piece = Piece.objects.get()
    client.post(url(isp, "counter_keep", pk=verification.pk, piece=piece.pk))
    found = Verification.objects.get(pk=verification.pk)
    assert found.answers["person.0:mobile"]["note"] == "回拨"
    assert found.readings[subject.key]["agrees"]
    assert found.pieces.kept().get().source == PieceSource.FILE


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("p.jpg", b"no picture", "不是完整的JPEG或PNG图片"),
        ("p.jpg", b"", "不是完整的JPEG或PNG图片"),
        ("p.jpg", photo(320, 240), "至少应为800×600像素"),
        ("", b"", "请拍摄或选择图片"),
    ],
)
def test_what_is_no_photo_is_told_beside_the_field(
    client: Client, isp: Node, verifier: User, verification: Verification, name: str, data: bytes, words: str
) -> None:
    client.force_login(verifier)
    capture = url(isp, "counter_capture", pk=verification.pk, kind="photo", place="person.0")
    files = {"file": SimpleUploadedFile(name, data, "image/jpeg")} if name else {}
    answer = client.post(capture, {"source": "file", "curtain": "on", **files})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_nothing_is_taken_of_nobody_or_of_a_closed_one(client: Client, isp: Node, verifier: User) -> None:
    done = passed(isp, verifier)
    going_on = begun(isp, verifier, 2)
    client.force_login(verifier)
    for pk, kind, place in ((done.pk, "photo", "person.0"), (going_on.pk, "photo", "person.9"),
                            (going_on.pk, "signature", "person.0")):  # fmt: skip
        assert client.get(url(isp, "counter_capture", pk=pk, kind=kind, place=place)).status_code == 404


def test_a_passing_that_lacks_shows_all_of_it_with_ways_there(
    client: Client, isp: Node, verifier: User, verification: Verification
) -> None:
    client.force_login(verifier)
    answer = client.post(url(isp, "counter_passed", pk=verification.pk))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert f"共缺 {len(sheet_of(verification.case).questions) + 1} 项" in shown
    assert 'href="#signed-form"' in shown
    assert 'href="#q-person-0-photo"' in shown


def test_it_is_closed_corrected_and_shown(
    client: Client, isp: Node, verifier: User, verification: Verification
) -> None:
    answered(verification, verifier)
    client.force_login(verifier)
    assert client.post(url(isp, "counter_passed", pk=verification.pk), {"paper_kept": "on"}).status_code == 302
    shown = client.get(url(isp, "counter", pk=verification.pk)).content.decode()
    assert "更正…" in shown
    assert client.post(url(isp, "counter_correct", pk=verification.pk), {"reason": ""}).status_code == 422
    new = client.post(url(isp, "counter_correct", pk=verification.pk), {"reason": "号码听错"})["Location"]
    assert f"{verification.pk} 号记录" in client.get(new).content.decode()
    assert "已由" in client.get(url(isp, "counter", pk=verification.pk)).content.decode()


def test_a_failing_wants_a_reason_and_offers_what_the_person_may_do(
    client: Client, isp: Node, verifier: User, office_supervisor: User, verification: Verification
) -> None:
    page = url(isp, "counter_failed", pk=verification.pk)
    client.force_login(verifier)
    assert "放弃这件申请" not in client.get(page).content.decode()
    assert client.post(page, {"reason": "", "then": "stay"}).status_code == 422
    assert client.post(page, {"reason": "未带原件", "then": "abandon"}).status_code == 422
    client.force_login(office_supervisor)
    assert "放弃这件申请" in client.get(page).content.decode()
    client.post(page, {"reason": "未带原件", "then": "send_back"})
    assert Case.objects.get(pk=verification.case_id).state == State.SENT_BACK
    assert Verification.objects.get(pk=verification.pk).state == VerificationState.FAILED


def corrected(isp: Node, verification: Verification, clerk: User, **changes: Any) -> Case:
    """The case as it waits again after the sponsor put something right."""
    from dataclasses import replace

    case_id = verification.case_id
    cases.send_back(isp, case_id, [Correction("websites.0.name", "请修改")], clerk)
    filing = new_filing(1)
    first = replace(filing.websites[0], **changes)
    cases.submit(isp, case_id, replace(filing, websites=(first, *filing.websites[1:])), None)
    return cases.pass_check(isp, case_id, clerk)


def test_what_needs_nobody_again_goes_on_with_the_earlier_verification(
    client: Client, isp: Node, verifier: User, clerk: User
) -> None:
    verification = passed(isp, verifier)
    case = corrected(isp, verification, clerk, name="改名后的示例网站")
    assert case.state == State.CHECKED
    client.force_login(verifier)
    assert "沿用此前的核验" in client.get(url(isp, "counter_case", pk=case.pk)).content.decode()
    client.post(url(isp, "counter_reuse", pk=case.pk))
    after = Case.objects.get(pk=case.pk)
    assert after.state == State.VERIFIED
    sent = [each["content"]["sha256"] for each in after.request["attachments"]]
    assert sent.count(verification.pieces.get(kind=PieceKind.FORM).content_id) == 1


def test_another_person_has_to_come_himself(client: Client, isp: Node, verifier: User, clerk: User) -> None:
    from tests import builders

    verification = passed(isp, verifier)
    case = corrected(isp, verification, clerk, person=builders.person(77))
    client.force_login(verifier)
    assert "沿用此前的核验" not in client.get(url(isp, "counter_case", pk=case.pk)).content.decode()
    client.post(url(isp, "counter_reuse", pk=case.pk))
    assert Case.objects.get(pk=case.pk).state == State.CHECKED
    assert verifications.begin(isp, case.pk, verifier).is_open
