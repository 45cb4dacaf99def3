"""How a verification in person ends: passed, and the case goes on with the form; or failed, and why."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from beian.models import Node, User
from beian.records import AttachmentRecord, ContentRecord, as_json
from beian.services.refusals import Invalid, MovedOn
from enterprise.models import CounterSettings, Piece, PieceKind, Verification, VerificationState
from enterprise.services import cases
from enterprise.services.cases import Correction
from enterprise.services.guard import tell
from enterprise.services.verification_sheet import OWNED_BY_SPONSOR, Sheet
from enterprise.services.verification_standing import Standing, standing
from enterprise.services.verifications import lock_open
from enterprise.workflow import State

JPEG = 1
"""The format code of attachments."""

PAPER_KEPT = "paper_kept"
"""Names the confirmation among what lacks."""

PURPOSES: dict[str, int] = {PieceKind.FORM: 1, PieceKind.PHOTO: 5}
"""Purpose codes of the pieces that a bureau takes (code table, attachment purposes)."""


class Next(StrEnum):
    """What happens to the case when its verification failed."""

    STAY = "stay"
    SEND_BACK = "send_back"
    ABANDON = "abandon"

    @property
    def words(self) -> str:
        """What the page calls it."""
        return {Next.STAY: "另约时间再次核验", Next.SEND_BACK: "退回主办者修改", Next.ABANDON: "放弃这件申请"}[self]


def close_passed(
    provider: Node, pk: int, actor: User, remark: str = "", *, paper_kept: bool | None = False
) -> Verification:
    """Close a verification as passed; its case may be uploaded, with the signed form.

    `paper_kept` confirms that what was answered to be kept, and of which no scan is here, is kept on paper;
    None where nobody was asked. Raises `Invalid` with everything that lacks, the confirmation among it,
    `MovedOn` where the case waits no longer. A correction of a case that went on already changes the record only.
    """
    with transaction.atomic():
        verification = lock_open(provider, pk, actor)
        now = standing(verification)
        errors = {lack.about: [lack.words] for lack in now.lacks()}
        if now.on_paper() and paper_kept is False:
            errors[PAPER_KEPT] = [_unconfirmed(now)]
        if errors:
            raise Invalid(errors)
        if verification.case.state != State.CHECKED and verification.corrects_id is None:
            raise MovedOn(f"这件申请现在是“{verification.case.get_state_display()}”，不能完成核验。")
        on_paper = [line.question.key for line in now.on_paper()]
        data = {"on_paper": on_paper, "paper_kept": paper_kept} if on_paper else {}
        _close(verification, actor, VerificationState.PASSED, now, remark, **data)
        if verification.case.state == State.CHECKED:
            cases.verify(provider, verification.case_id, actor, material(provider, now))
        return verification


def close_failed(provider: Node, pk: int, actor: User, reason: str, then: Next = Next.STAY) -> Verification:
    """Close a verification as failed, for a reason; what was answered with no is what the sponsor has to correct.

    Raises `Invalid` without a reason, `NotAllowed` where the person may not do what is to follow.
    """
    if not reason.strip():
        raise Invalid({"reason": ["请写明核验未通过的原因。"]})
    with transaction.atomic():
        verification = lock_open(provider, pk, actor)
        now = standing(verification)
        _close(verification, actor, VerificationState.FAILED, now, reason)
        if then == Next.SEND_BACK:
            cases.send_back(provider, verification.case_id, _corrections(now), actor, reason.strip())
        elif then == Next.ABANDON:
            cases.abandon(provider, verification.case_id, actor, reason.strip())
        return verification


def material(provider: Node, now: Standing) -> list[AttachmentRecord]:
    """Give what goes to the bureau along with the request: the form, and the photos where the office says so."""
    assert now.form is not None
    found = [_attachment(now.form, OWNED_BY_SPONSOR, now.sheet.owner)]
    settings = CounterSettings.objects.filter(provider=provider).first()
    if settings and settings.hand_in_photos:
        found += [_photo(piece, now.sheet) for piece in now.pieces if piece.kind == PieceKind.PHOTO]
    return found


def _unconfirmed(now: Standing) -> str:
    about = "、".join(now.about(line) for line in now.on_paper())
    return f"请确认纸质件由本单位保管（本系统内没有留存文件）：{about}"


def _close(
    verification: Verification, actor: User, state: VerificationState, now: Standing, reason: str, **more: Any
) -> None:
    verification.pieces.filter(kept_at=None).delete()
    verification.state = state
    verification.reason = reason.strip() or None
    verification.sheet = as_json(now.sheet)
    verification.closed_at, verification.closed_by, verification.closed_by_name = timezone.now(), actor, str(actor)
    verification.save(update_fields=["state", "reason", "sheet", "closed_at", "closed_by", "closed_by_name"])
    refused = [line.question.key for line in now.refused()]
    data = {"verification": verification.pk, "outcome": state, "refused": refused, **more}
    tell(verification.case, "close_verification", actor, data=data)


def _corrections(now: Standing) -> list[Correction]:
    return [
        Correction(line.question.about, line.note or f"当面核验不符：{line.question.question}")
        for line in now.refused()
        if line.question.about
    ]


def _photo(piece: Piece, sheet: Sheet) -> AttachmentRecord:
    subject = sheet.subject(piece.place)
    assert subject is not None
    return _attachment(piece, subject.owner_kind, subject.owner)


def _attachment(piece: Piece, owner_kind: int, owner: str) -> AttachmentRecord:
    content = ContentRecord(sha256=piece.content_id, size=piece.content.size, media_type=piece.content.media_type)
    return AttachmentRecord(
        format=JPEG, purpose=PURPOSES[piece.kind], content=content, owner_kind=owner_kind, owner=owner
    )
