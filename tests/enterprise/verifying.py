"""Verifications for tests: pictures, and one with everything answered and kept."""

from __future__ import annotations

import io

from PIL import Image

from beian.models import Node, User
from enterprise.models import PieceKind, PieceSource, Verification
from enterprise.services import verification_closing, verification_pieces, verifications
from enterprise.services.verification_pieces import Taken
from enterprise.services.verification_sheet import sheet_of
from enterprise.services.verification_standing import FORM_PLACE
from enterprise.verification_form import Proof, Said
from enterprise.workflow import State
from tests.enterprise.conftest import case_in


def photo(width: int = 1280, height: int = 960, colour: str = "navy") -> bytes:
    """What a camera gives."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


def begun(provider: Node, verifier: User, n: int = 1) -> Verification:
    """A verification of a new filing, just begun."""
    return verifications.begin(provider, case_in(provider, State.CHECKED, n).pk, verifier)


def kept(verification: Verification, actor: User, kind: PieceKind, place: str, data: bytes | None = None) -> None:
    """Take a picture and keep it."""
    taken = Taken(kind=kind, place=place, source=PieceSource.CAMERA, pictures=[data or photo()], curtain=True)
    piece = verification_pieces.take(verification.provider, verification.pk, actor, taken)
    verification_pieces.keep(verification.provider, verification.pk, piece.pk, actor)


def answered(verification: Verification, actor: User) -> None:
    """Answer everything with yes, read the originals, take photos and the signed form."""
    provider, sheet = verification.provider, sheet_of(verification.case)
    said = {each.key: (Said.YES, "") for each in sheet.questions if each.proof == Proof.NONE}
    verifications.answer(provider, verification.pk, actor, said)
    for question in sheet.questions:
        subject = sheet.subject(question.subject)
        assert subject is not None
        if question.proof == Proof.READING:
            verifications.read_number(provider, verification.pk, actor, subject.key, subject.number)
        elif question.proof == Proof.PHOTO:
            kept(verification, actor, PieceKind.PHOTO, subject.key)
    kept(verification, actor, PieceKind.FORM, FORM_PLACE, photo(1240, 1754, "white"))


def passed(provider: Node, verifier: User, n: int = 1) -> Verification:
    """A verification that was closed as passed."""
    verification = begun(provider, verifier, n)
    answered(verification, verifier)
    return verification_closing.close_passed(provider, verification.pk, verifier, paper_kept=True)
