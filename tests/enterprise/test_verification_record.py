"""A verification in person: what it asks, what it lacks, how it ends, and that it never changes afterwards."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import InternalError, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from beian import store
from beian.models import Event, Node, Role, User
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from enterprise.models import Case, CounterSettings, Piece, PieceKind, PieceSource, Verification, VerificationState
from enterprise.services import cases, verification_closing, verification_pieces, verifications
from enterprise.services.contents import request_of
from enterprise.services.fitting import FORM_LIMIT, SCAN_LIMIT
from enterprise.services.verification_closing import Next, close_failed, close_passed
from enterprise.services.verification_pieces import Taken
from enterprise.services.verification_sheet import sheet_of
from enterprise.services.verification_standing import FORM_PLACE, standing
from enterprise.verification_form import Proof, Said
from enterprise.workflow import State
from tests import builders
from tests.enterprise.conftest import case_in, new_filing
from tests.enterprise.verifying import answered, begun, kept, passed, photo


def refused_by_the_database(change: Callable[[], object]) -> None:
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        change()


def test_a_new_filing_asks_of_the_sponsor_each_person_once_and_each_website(isp: Node) -> None:
    sheet = sheet_of(case_in(isp, State.CHECKED))
    assert next(subject.key for subject in sheet.subjects) == "sponsor"
    numbers = [subject.number for subject in sheet.subjects if subject.key.startswith("person")]
    assert len(numbers) == len(set(numbers))
    assert sheet.comers
    keys = [question.key for question in sheet.questions]
    assert len(keys) == len(set(keys))
    assert {"sponsor:number", "person.0:photo", "website.0:domains", "sponsor:agreement"} <= set(keys)


def test_a_persons_filing_asks_for_no_certificate_of_an_organisation(isp: Node) -> None:
    case = case_in(isp, State.DRAFT)
    store.put(builders.jpeg_bytes())
    filing = builders.without_ids(builders.filing(2, organisation=False))
    sheet = sheet_of(cases.submit(isp, case.pk, filing, None))
    assert sheet.is_person
    assert not [each for each in sheet.questions if each.subject == "sponsor" and each.part == "subject"]


def test_two_websites_of_one_person_ask_for_one_photo(isp: Node) -> None:
    case = case_in(isp, State.DRAFT)
    filing = new_filing(3)
    first = filing.websites[0]
    second = replace(builders.without_ids(builders.filing(4)).websites[0], person=first.person)
    sheet = sheet_of(cases.submit(isp, case.pk, replace(filing, websites=(first, second)), None))
    assert len([each for each in sheet.questions if each.proof == Proof.PHOTO]) == 1
    assert len([each for each in sheet.questions if each.key.endswith(":domains")]) == 2


def test_a_verification_begins_once_and_only_for_a_case_that_waits_for_it(isp: Node, verifier: User) -> None:
    first = begun(isp, verifier)
    assert verifications.begin(isp, first.case_id, verifier) == first
    with pytest.raises(MovedOn):
        verifications.begin(isp, case_in(isp, State.SUBMITTED, 2).pk, verifier)


def test_only_verifiers_and_supervisors_verify(isp: Node, clerk: User, agent_person: User, verifier: User) -> None:
    verification = begun(isp, verifier)
    for person in (clerk, agent_person):
        with pytest.raises(NotAllowed):
            verifications.begin(isp, verification.case_id, person)
        with pytest.raises(NotAllowed):
            verifications.answer(isp, verification.pk, person, {})


def test_another_providers_verification_is_none_at_all(
    isp: Node, verifier: User, guangdong: Node, person: Callable[..., User]
) -> None:
    other = Node.objects.create(code="provider:440000008", name="示例接入商八", kind="provider", province=440000)
    stranger = person("lu", other, Role.VERIFIER)
    with pytest.raises(MovedOn):
        verifications.answer(other, begun(isp, verifier).pk, stranger, {})


def test_it_says_everything_that_lacks_at_once(isp: Node, verifier: User) -> None:
    verification = begun(isp, verifier)
    with pytest.raises(Invalid) as caught:
        close_passed(isp, verification.pk, verifier)
    wanted = {question.key for question in sheet_of(verification.case).questions} | {FORM_PLACE}
    assert set(caught.value.errors) == wanted


def test_an_answer_of_no_keeps_it_from_being_passed(isp: Node, verifier: User) -> None:
    verification = begun(isp, verifier)
    answered(verification, verifier)
    verifications.answer(isp, verification.pk, verifier, {"person.0:mobile": (Said.NO, "已停机")})
    with pytest.raises(Invalid, match="手机号码正确，核对结果为“否”"):
        close_passed(isp, verification.pk, verifier)


def test_only_what_may_not_apply_may_be_passed_over(isp: Node, verifier: User) -> None:
    verification = begun(isp, verifier)
    verifications.answer(isp, verification.pk, verifier, {"website.0:approvals": (Said.NOT_APPLICABLE, "")})
    with pytest.raises(Invalid) as caught:
        verifications.answer(isp, verification.pk, verifier, {"website.0:name": (Said.NOT_APPLICABLE, "")})
    assert set(caught.value.errors) == {"website.0:name"}


def test_an_answer_says_by_whom_and_when_and_keeps_that_when_it_is_sent_again(
    isp: Node, verifier: User, office_supervisor: User
) -> None:
    verification = begun(isp, verifier)
    said = {"person.0:mobile": (Said.YES, "")}
    verifications.answer(isp, verification.pk, verifier, said)
    again = verifications.answer(isp, verification.pk, office_supervisor, said)
    line = standing(again).line("person.0:mobile")
    assert line is not None
    assert line.by == str(verifier)
    assert line.at is not None


def test_a_passed_one_takes_the_case_on_with_the_form(isp: Node, verifier: User) -> None:
    verification = passed(isp, verifier)
    case = Case.objects.get(pk=verification.case_id)
    assert (verification.state, case.state) == (VerificationState.PASSED, State.VERIFIED)
    request = request_of(case)
    form = [each for each in request.attachments if each.purpose == 1]  # type: ignore[union-attr]
    piece = verification.pieces.get(kind=PieceKind.FORM)
    assert [each.content.sha256 for each in form][-1] == piece.content_id
    assert form[-1].owner == str(request.sponsor.provider_id)  # type: ignore[union-attr]
    assert Event.objects.filter(subject_kind="case", subject=str(case.pk), verb="close_verification").exists()
    assert cases.queue(isp, case.pk, None).state == State.QUEUED


def test_photos_go_along_where_the_office_says_so(isp: Node, verifier: User) -> None:
    CounterSettings.objects.create(provider=isp, hand_in_photos=True)
    verification = passed(isp, verifier)
    request = request_of(Case.objects.get(pk=verification.case_id))
    photos = [each for each in request.attachments if each.purpose == 5]  # type: ignore[union-attr]
    pieces = verification.pieces.filter(kind=PieceKind.PHOTO)
    assert {each.content_id for each in pieces} <= {each.content.sha256 for each in photos}
    assert photos[-1].owner == str(request.websites[0].provider_id)  # type: ignore[union-attr]


def test_a_failed_one_sends_back_what_was_answered_with_no(isp: Node, verifier: User) -> None:
    verification = begun(isp, verifier)
    verifications.answer(
        isp, verification.pk, verifier, {"person.0:mobile": (Said.NO, "已停机"), "website.0:name": (Said.NO, "")}
    )
    close_failed(isp, verification.pk, verifier, "手机无法接通", Next.SEND_BACK)
    case = Case.objects.get(pk=verification.case_id)
    assert case.state == State.SENT_BACK
    notes = {each["about"]: each["note"] for each in case.corrections}
    assert notes["websites.0.person.mobile"] == "已停机"
    assert notes["websites.0.name"].startswith("当面核验不符")
    assert notes[""] == "手机无法接通"


def test_a_failed_one_wants_a_reason_and_may_leave_the_case_waiting(isp: Node, verifier: User) -> None:
    verification = begun(isp, verifier)
    with pytest.raises(Invalid, match="原因"):
        close_failed(isp, verification.pk, verifier, " ")
    close_failed(isp, verification.pk, verifier, "未带原件")
    assert Case.objects.get(pk=verification.case_id).state == State.CHECKED
    assert verifications.begin(isp, verification.case_id, verifier).pk != verification.pk


def test_giving_a_case_up_is_not_the_verifiers(isp: Node, verifier: User, office_supervisor: User) -> None:
    verification = begun(isp, verifier)
    with pytest.raises(NotAllowed):
        close_failed(isp, verification.pk, verifier, "冒用他人证件", Next.ABANDON)
    assert Verification.objects.get(pk=verification.pk).is_open
    close_failed(isp, verification.pk, office_supervisor, "冒用他人证件", Next.ABANDON)
    assert Case.objects.get(pk=verification.case_id).state == State.ABANDONED


def test_a_closed_record_never_changes(isp: Node, verifier: User) -> None:
    verification = passed(isp, verifier)
    rows, pieces = Verification.objects.filter(pk=verification.pk), Piece.objects.filter(verification=verification)
    refused_by_the_database(lambda: rows.update(answers={}))
    refused_by_the_database(lambda: rows.update(state=VerificationState.OPEN))
    refused_by_the_database(lambda: rows.update(removed_at=timezone.now()))
    refused_by_the_database(rows.delete)
    refused_by_the_database(lambda: pieces.update(place="person.1"))
    refused_by_the_database(pieces.delete)
    refused_by_the_database(lambda: Piece.objects.bulk_create([_copy(pieces[0])]))
    with pytest.raises(MovedOn, match="不能再修改"):
        verifications.answer(isp, verification.pk, verifier, {})


def _copy(piece: Piece) -> Piece:
    piece.pk = None
    return piece


def test_a_closed_record_shows_what_was_verified_then(isp: Node, verifier: User) -> None:
    verification = passed(isp, verifier)
    before = standing(verification)
    Case.objects.filter(pk=verification.case_id).update(sponsor_name="另一名称", request=None)
    assert standing(Verification.objects.get(pk=verification.pk)).sheet == before.sheet
    assert all(line.said == Said.YES for line in standing(verification).lines)


def test_a_correction_is_a_new_record_that_names_the_one_it_corrects(isp: Node, verifier: User) -> None:
    first = passed(isp, verifier)
    with pytest.raises(Invalid):
        verifications.correct(isp, first.pk, verifier, "")
    second = verifications.correct(isp, first.pk, verifier, "手机号码听错")
    assert (second.corrects_id, second.correction_reason, second.is_open) == (first.pk, "手机号码听错", True)
    assert {each.source for each in second.pieces.all()} == {PieceSource.CARRIED}
    verifications.answer(isp, second.pk, verifier, {"person.0:mobile": (Said.YES, "改号后核实")})
    kept(second, verifier, PieceKind.FORM, FORM_PLACE)
    close_passed(isp, second.pk, verifier, paper_kept=True)
    with pytest.raises(MovedOn, match="已有更正记录"):
        verifications.correct(isp, first.pk, verifier, "再一次")
    assert Verification.objects.get(pk=first.pk).answers["person.0:mobile"]["note"] == ""


def test_what_changed_since_has_to_be_looked_at_again(isp: Node, verifier: User, clerk: User) -> None:
    verification = begun(isp, verifier)
    answered(verification, verifier)
    cases.send_back(isp, verification.case_id, [cases.Correction("websites.0.name", "改名")], verifier)
    filing = new_filing(1)
    renamed = replace(filing.websites[0], name="另一个示例网站")
    cases.submit(isp, verification.case_id, replace(filing, websites=(renamed, *filing.websites[1:])), None)
    cases.pass_check(isp, verification.case_id, clerk)
    lacking = {lack.about for lack in standing(Verification.objects.get(pk=verification.pk)).lacks()}
    website = {each.key for each in sheet_of(verification.case).of_subject("website.0")}
    assert lacking == website | {FORM_PLACE}


def test_a_photo_is_800_by_600_under_100_kb_with_the_servers_time(isp: Node, verifier: User) -> None:
    verification = begun(isp, verifier)
    kept(verification, verifier, PieceKind.PHOTO, "person.0", photo(1920, 1080))
    piece = verification.pieces.get()
    assert (piece.width, piece.height) == (800, 600)
    assert piece.content.size <= SCAN_LIMIT
    assert timezone.now() - piece.taken_at < datetime.timedelta(minutes=1)
    assert piece.taken_by == verifier


def test_a_photo_wants_the_curtain_and_enough_pixels(isp: Node, verifier: User) -> None:
    verification = begun(isp, verifier)
    taken = Taken(kind=PieceKind.PHOTO, place="person.0", source=PieceSource.CAMERA, pictures=[photo(640, 480)])
    with pytest.raises(Invalid, match="幕布"):
        verification_pieces.take(isp, verification.pk, verifier, taken)
    with pytest.raises(Invalid, match="至少应为800×600"):
        verification_pieces.take(isp, verification.pk, verifier, replace(taken, curtain=True))
    good = replace(taken, curtain=True, pictures=[photo()], place="person.9")
    with pytest.raises(Invalid, match="已变更"):
        verification_pieces.take(isp, verification.pk, verifier, good)


def test_what_is_not_kept_does_not_count_and_a_retake_replaces(isp: Node, verifier: User) -> None:
    verification = begun(isp, verifier)
    taken = Taken(
        kind=PieceKind.PHOTO, place="person.0", source=PieceSource.FILE, pictures=[photo(colour="red")], curtain=True
    )
    verification_pieces.take(isp, verification.pk, verifier, taken)
    line = standing(verification).line("person.0:photo")
    assert line is not None
    assert not line.done
    second = verification_pieces.take(isp, verification.pk, verifier, replace(taken, pictures=[photo(colour="green")]))
    verification_pieces.keep(isp, verification.pk, second.pk, verifier)
    assert list(verification.pieces.all()) == [second]
    third = verification_pieces.take(isp, verification.pk, verifier, taken)
    verification_pieces.drop(isp, verification.pk, third.pk, verifier)
    assert list(verification.pieces.kept()) == [second]


def test_several_pages_of_the_form_are_joined_under_150_kb(isp: Node, verifier: User) -> None:
    verification = begun(isp, verifier)
    pages = [photo(1240, 1754, "white"), photo(1240, 1754, "grey")]
    taken = Taken(kind=PieceKind.FORM, place=FORM_PLACE, source=PieceSource.FILE, pictures=pages)
    piece = verification_pieces.take(isp, verification.pk, verifier, taken)
    assert piece.content.size <= FORM_LIMIT
    assert piece.height > piece.width * 2


def test_a_closing_that_another_closing_overtook_is_refused(isp: Node, verifier: User) -> None:
    verification = begun(isp, verifier)
    answered(verification, verifier)
    verification_closing.close_passed(isp, verification.pk, verifier, paper_kept=True)
    with pytest.raises(MovedOn):
        close_failed(isp, verification.pk, verifier, "重复")
