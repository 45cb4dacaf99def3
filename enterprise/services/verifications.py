"""Verification in person: begun, answered item by item, closed, corrected by a new one.

Locking rule: the case first, then its verification.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from beian.models import Node, User
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from beian.services.staff import roles_at
from enterprise.models import Appointment, AppointmentState, PieceKind, PieceSource, Verification, VerificationState
from enterprise.services.guard import lock, tell
from enterprise.services.verification_reading import Reading, compare
from enterprise.services.verification_sheet import sheet_of
from enterprise.verification_form import Proof, Said
from enterprise.workflow import VERIFIERS, State

LONGEST_NOTE = 500
"""Characters of a note beside an answer."""


def begin(provider: Node, case_id: int, actor: User) -> Verification:
    """Begin the verification of a case; one that is going on is given as it is. Whoever had an appointment came.

    Raises `MovedOn` where the case does not wait for one, `NotAllowed`.
    """
    check_role(provider, actor)
    with transaction.atomic():
        case = lock(provider, case_id)
        found = case.verifications.filter(state=VerificationState.OPEN).first()
        if found is not None:
            return found
        if case.state != State.CHECKED:
            raise MovedOn(f"这件申请现在是“{case.get_state_display()}”，不需要当面核验。")
        verification = Verification.objects.create(provider=provider, case=case, opened_by=actor)
        Appointment.objects.filter(case=case).booked().update(state=AppointmentState.CAME)
        tell(case, "begin_verification", actor, data={"verification": verification.pk})
        return verification


def lock_open(provider: Node, pk: int, actor: User) -> Verification:
    """Lock an open verification with its case for the rest of the transaction.

    Raises `NotAllowed`, and `MovedOn` where it is closed or not this provider's.
    """
    check_role(provider, actor)
    case_id = Verification.objects.at(provider).filter(pk=pk).values_list("case_id", flat=True).first()
    if case_id is None:
        raise MovedOn("没有这次核验。")
    case = lock(provider, case_id)
    verification = Verification.objects.select_for_update().get(pk=pk)
    if not verification.is_open:
        raise MovedOn(f"这次核验已是“{verification.get_state_display()}”，不能再修改。需要更正时请另建更正记录。")
    verification.case = case
    return verification


def answer(provider: Node, pk: int, actor: User, said: Mapping[str, tuple[str, str]]) -> Verification:
    """Note answers: key of the question → (answer or "", note). What stays as it is keeps by whom and when.

    Raises `Invalid` for an answer that the item does not take.
    """
    with transaction.atomic():
        verification = lock_open(provider, pk, actor)
        sheet = sheet_of(verification.case)
        answers, errors = dict(verification.answers), {}
        for key, (choice, note) in said.items():
            question = sheet.question(key)
            if question is None or question.proof != Proof.NONE:
                continue
            if fault := _fault(choice, note, passable=question.passable):
                errors[key] = [fault]
                continue
            subject = sheet.subject(question.subject)
            assert subject is not None
            new = {"answer": choice, "note": note.strip(), "of": subject.of}
            if {name: answers.get(key, {}).get(name) for name in new} != new:
                answers[key] = {**new, **_signed(actor)}
        if errors:
            raise Invalid(errors)
        verification.answers = answers
        verification.save(update_fields=["answers"])
        return verification


def read_number(provider: Node, pk: int, actor: User, place: str, line: str) -> Reading:
    """Compare the number of an original, typed or from a card reader, with the record's, and note the outcome.

    Raises `Invalid` without anything read.
    """
    if not line.strip():
        raise Invalid({place: ["请输入或用读卡器读取原件上的号码。"]})
    with transaction.atomic():
        verification = lock_open(provider, pk, actor)
        subject = sheet_of(verification.case).subject(place)
        if subject is None:
            raise Invalid({place: ["申请内容已变更，请刷新页面。"]})
        reading = compare(line, subject)
        kept = {
            "agrees": reading.agrees,
            "shown": reading.shown,
            "check": reading.check,
            "problem": reading.problem,
            "of": subject.of,
            **_signed(actor),
        }
        verification.readings = {**verification.readings, place: kept}
        verification.save(update_fields=["readings"])
        data = {"verification": verification.pk, "place": place, "agrees": reading.agrees}
        tell(verification.case, "read_number", actor, data=data)
        return reading


def correct(provider: Node, pk: int, actor: User, reason: str) -> Verification:
    """Begin a new record that corrects a closed one, with all that was answered and kept there but the signed form.

    Raises `Invalid` without a reason, `MovedOn` where that one is open, corrected already, or its material is gone.
    """
    check_role(provider, actor)
    if not reason.strip():
        raise Invalid({"reason": ["请写明更正的原因。"]})
    with transaction.atomic():
        found = Verification.objects.at(provider).filter(pk=pk).first()
        if found is None:
            raise MovedOn("没有这次核验。")
        case = lock(provider, found.case_id)
        _check_correctable(found)
        new = Verification.objects.create(
            provider=provider,
            case=case,
            corrects=found,
            correction_reason=reason.strip(),
            answers=found.answers,
            readings=found.readings,
            opened_by=actor,
        )
        _carry_over(found, new)
        tell(case, "correct_verification", actor, data={"verification": new.pk, "corrects": found.pk})
        return new


def _check_correctable(found: Verification) -> None:
    if found.is_open:
        raise MovedOn("这次核验还没有完成，直接修改即可。")
    if found.removed_at is not None:
        raise MovedOn("这次核验的材料已到期清除，不能再更正。")
    if found.corrections.exists():
        raise MovedOn("这次核验已有更正记录，请更正最新的一次。")
    if found.case.verifications.filter(state=VerificationState.OPEN).exists():
        raise MovedOn("这件申请有核验正在进行，请先完成。")


def _carry_over(old: Verification, new: Verification) -> None:
    """Take the material along. What was signed then says what was said then: it stays with the old record."""
    for piece in old.pieces.kept().exclude(kind=PieceKind.FORM):
        piece.pk = None
        piece._state.adding = True
        piece.verification, piece.source = new, PieceSource.CARRIED
        piece.save(force_insert=True)


def check_role(provider: Node, actor: User) -> None:
    """Refuse whoever does not verify here. Raises `NotAllowed`."""
    if not roles_at(actor, provider) & VERIFIERS:
        raise NotAllowed("当面核验由核验员或主管办理。")


def _signed(actor: User) -> dict[str, Any]:
    return {"by": str(actor), "by_id": actor.pk, "at": timezone.now().isoformat()}


def _fault(choice: str, note: str, *, passable: bool) -> str:
    if choice and choice not in set(Said):
        return "请选择“是”“否”或“不涉及”。"
    if choice == Said.NOT_APPLICABLE and not passable:
        return "这一项必须核对，不能选择“不涉及”。"
    if len(note.strip()) > LONGEST_NOTE:
        return f"备注最多{LONGEST_NOTE}字。"
    return ""
