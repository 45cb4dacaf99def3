"""How far a verification is: what was answered, what was kept, and all that it still lacks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from beian.crypto import blind_index
from beian.records import from_json
from enterprise.models import Piece, PieceKind, Verification
from enterprise.services.verification_sheet import Question, Sheet, blank_sheet, sheet_of
from enterprise.verification_form import Part, Proof, Said

FORM_PLACE = "form"
"""The place of pieces that belong to the verification as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A question with its answer. `outdated` says that there was one, about something that has changed since."""

    question: Question
    said: Said | None = None
    note: str = ""
    by: str = ""
    at: datetime | None = None
    outdated: bool = False
    reading: dict[str, Any] | None = None
    piece: Piece | None = None

    @property
    def done(self) -> bool:
        """Whether it is answered."""
        return self.said is not None

    @property
    def keeps(self) -> bool:
        """Whether it says that something is kept, of which a scan may be here."""
        return bool(self.question.piece) and self.question.proof == Proof.NONE

    @property
    def on_paper(self) -> bool:
        """Whether it was answered that something is kept of which there is no scan here."""
        return self.keeps and self.said == Said.YES and self.piece is None


@dataclass(frozen=True, slots=True)
class Lack:
    """What keeps a verification from being passed; `about` is the question, or `form`."""

    about: str
    words: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A verification as it stands. `old_form` was signed before something changed that is printed on it."""

    sheet: Sheet
    lines: tuple[Line, ...]
    form: Piece | None
    pieces: tuple[Piece, ...]
    old_form: Piece | None = None

    @property
    def done(self) -> int:
        """How many items are answered, the signed form being one."""
        return sum(line.done for line in self.lines) + bool(self.form)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.lines) + 1

    def of(self, part: Part) -> tuple[Line, ...]:
        """Give the lines of one part."""
        return tuple(line for line in self.lines if line.question.part == part)

    def line(self, key: str) -> Line | None:
        """Give the line of a question."""
        return next((line for line in self.lines if line.question.key == key), None)

    def refused(self) -> tuple[Line, ...]:
        """Give what was answered with no."""
        return tuple(line for line in self.lines if line.said == Said.NO)

    def on_paper(self) -> tuple[Line, ...]:
        """Give what is kept on paper alone."""
        return tuple(line for line in self.lines if line.on_paper)

    def lacks(self) -> tuple[Lack, ...]:
        """Say everything that keeps it from being passed."""
        found = [Lack(line.question.key, words) for line in self.lines if (words := self._lack(line))]
        if self.form is None:
            old = "核验单签好后，打印的内容有变更，请重新打印、签字并扫描"
            found.append(Lack(FORM_PLACE, old if self.old_form else "缺少双方签字后的核验单扫描件"))
        return tuple(found)

    def about(self, line: Line) -> str:
        """Say in words what a line is about: of whom, and which one."""
        subject = self.sheet.subject(line.question.subject)
        return f"{subject.title if subject else ''}：{line.question.line}"

    def _lack(self, line: Line) -> str:
        about = self.about(line)
        if line.said is None:
            words = {Proof.PHOTO: "还没有拍摄", Proof.READING: "还没有读取原件号码"}
            return f"{about}，{words.get(line.question.proof, '还没有核对')}{'（内容已变更）' if line.outdated else ''}"
        if line.said == Said.NO:
            return f"{about}，核对结果为“否”"
        return ""


def standing(verification: Verification) -> Standing:
    """Say how a verification stands: an open one by what the case says now, a closed one as it was.

    Once its material was removed there is nothing left to show but its outcome.
    """
    sheet = _sheet(verification)
    pieces = tuple(verification.pieces.kept().select_related("content"))
    lines = tuple(_line(question, sheet, verification, pieces) for question in sheet.questions)
    form = next((each for each in reversed(pieces) if each.kind == PieceKind.FORM), None)
    if form and verification.is_open and form.of != printed(sheet, lines):
        return Standing(sheet, lines, None, pieces, old_form=form)
    return Standing(sheet, lines, form, pieces)


def printed(sheet: Sheet, lines: Sequence[Line]) -> str:
    """Give a digest of what the form says: what was verified, each answer, each note."""
    said = [(line.question.key, line.said, line.note) for line in lines]
    return blind_index("printed", json.dumps([sheet.of, said], ensure_ascii=False))


def _sheet(verification: Verification) -> Sheet:
    if verification.is_open:
        return sheet_of(verification.case)
    if verification.sheet is None:
        return blank_sheet(verification.case.sponsor_name)
    return from_json(verification.sheet, Sheet)


def _line(question: Question, sheet: Sheet, verification: Verification, pieces: Sequence[Piece]) -> Line:
    subject = sheet.subject(question.subject)
    assert subject is not None
    if question.proof == Proof.PHOTO:
        photo = find_piece(pieces, PieceKind.PHOTO, subject.key, subject.of)
        if photo is None:
            return Line(question=question)
        return Line(question=question, said=Said.YES, by=photo.taken_by_name, at=photo.taken_at, piece=photo)
    piece = find_piece(pieces, question.piece, subject.key, subject.of) if question.piece else None
    if question.proof == Proof.READING:
        kept = verification.readings.get(subject.key) or {}
        said: Said | None = Said.YES if kept.get("agrees") else Said.NO
    else:
        kept = verification.answers.get(question.key) or {}
        said = Said(kept["answer"]) if kept.get("answer") else None
    if not kept:
        return Line(question=question, piece=piece)
    if kept["of"] != subject.of:
        return Line(question=question, outdated=True, note=kept.get("note", ""), piece=piece)
    return Line(
        question=question,
        said=said,
        note=kept.get("note", ""),
        by=kept["by"],
        at=datetime.fromisoformat(kept["at"]),
        reading=kept if question.proof == Proof.READING else None,
        piece=piece,
    )


def find_piece(pieces: Sequence[Piece], kind: str, place: str, of: str) -> Piece | None:
    """Give the last piece of a kind that was kept of a subject as it is now."""
    return next((each for each in reversed(pieces) if (each.kind, each.place, each.of) == (kind, place, of)), None)
