"""A verification as its pages show it: parts, subjects, lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from beian.web.components import Badge, Gauge, Tone
from enterprise.models import Piece, Verification, VerificationState
from enterprise.services.fitting import FORM_LIMIT, KB, SCAN_LIMIT
from enterprise.services.verification_closing import PAPER_KEPT
from enterprise.services.verification_sheet import Sheet, Subject
from enterprise.services.verification_standing import FORM_PLACE, Lack, Line, Standing
from enterprise.verification_form import Part, Proof, Said
from enterprise.views.verification.desk import Counter

TONES: dict[str, Tone] = {
    VerificationState.OPEN: "info",
    VerificationState.PASSED: "good",
    VerificationState.FAILED: "bad",
}
_ANCHORS = {FORM_PLACE: "signed-form", PAPER_KEPT: "paper-kept"}
SAID_TONES: dict[Said, Tone] = {Said.YES: "good", Said.NO: "bad", Said.NOT_APPLICABLE: "neutral"}


def badge(verification: Verification) -> Badge:
    """Say how a verification stands."""
    return Badge(verification.get_state_display(), TONES[verification.state])


def anchor(key: str) -> str:
    """Give the id of a line on the page."""
    return "q-" + key.replace(":", "-").replace(".", "-")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers that a line offers."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """A picture with what it weighs against what it may weigh."""

    piece: Piece
    url: str
    limit: int

    @property
    def size_words(self) -> str:
        """Say its size: 87.4 KB of at most 100 KB."""
        return f"{self.piece.content.size / KB:.1f} KB（上限 {self.limit // KB} KB）"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the form with what is looked at for it, its answer and where to give one."""

    line: Line
    subject: Subject
    facts: tuple[tuple[str, str], ...]
    piece: ShownPiece | None
    capture_url: str

    @property
    def anchor(self) -> str:
        return anchor(self.line.question.key)

    @property
    def key(self) -> str:
        return self.line.question.key

    @property
    def proof(self) -> Proof:
        return self.line.question.proof

    @property
    def choices(self) -> list[Choice]:
        """Give the answers that it takes."""
        taken = [said for said in Said if said != Said.NOT_APPLICABLE or self.line.question.passable]
        return [Choice(said.value, said.words, self.line.said == said) for said in taken]

    @property
    def badge(self) -> Badge | None:
        """Give the answer as a state."""
        if self.line.said is None:
            return Badge("内容已变更，请重新核对", "warn") if self.line.outdated else None
        return Badge(self.line.said.words, SAID_TONES[self.line.said])


@dataclass(frozen=True, slots=True)
class ShownSubject:
    """Somebody or something within a part."""

    title: str
    comes: bool
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of the form, and how far it is."""

    part: Part
    subjects: tuple[ShownSubject, ...]

    @property
    def words(self) -> str:
        return self.part.words

    @property
    def total(self) -> int:
        return sum(len(subject.lines) for subject in self.subjects)

    @property
    def done(self) -> int:
        return sum(line.line.done for subject in self.subjects for line in subject.lines)


@dataclass(frozen=True, slots=True)
class Page:
    """All that the pages of one verification need."""

    counter: Counter
    verification: Verification
    now: Standing
    plain: bool

    def parts(self) -> list[ShownPart]:
        """Give the parts that have lines, in the form's order."""
        return [part for each in Part if (part := self._part(each)).subjects]

    def line(self, key: str) -> ShownLine | None:
        """Give one line."""
        found = self.now.line(key)
        return self._line(found) if found else None

    def form(self) -> ShownPiece | None:
        """Give the signed form, where it is here; one that is out of date as well."""
        found = self.now.form or self.now.old_form
        return self.piece(found) if found else None

    def piece(self, piece: Piece) -> ShownPiece:
        """Give a piece of material."""
        url = self.counter.url("counter_piece", pk=self.verification.pk, piece=piece.pk)
        return ShownPiece(piece, url, limit_of(piece.kind))

    def gauge(self) -> Gauge:
        """Say how far it is."""
        done, total = self.now.done, self.now.total
        return Gauge(f"已核对 {done} / {total} 项", done, total, tone="good" if done == total else "info")

    def context(self, **more: Any) -> dict[str, Any]:
        """Give what templates need."""
        return {
            "counter": self.counter,
            "verification": self.verification,
            "case": self.verification.case,
            "sheet": self.now.sheet,
            "parts": self.parts(),
            "form_piece": self.form(),
            "form_done": bool(self.now.form),
            "form_changed": bool(self.now.old_form),
            "on_paper": [self.now.about(line) for line in self.now.on_paper()],
            "gauge": self.gauge(),
            "badge": badge(self.verification),
            "plain": self.plain,
            "form_url": self.counter.url("counter_form", pk=self.verification.pk),
            "form_capture_url": self.counter.url(
                "counter_capture", pk=self.verification.pk, kind="form", place=FORM_PLACE
            ),
            **more,
        }

    def _part(self, part: Part) -> ShownPart:
        lines = [self._line(line) for line in self.now.of(part)]
        keys = dict.fromkeys(line.subject.key for line in lines)
        return ShownPart(part, tuple(self._subject(key, lines) for key in keys))

    def _subject(self, key: str, lines: list[ShownLine]) -> ShownSubject:
        own = tuple(line for line in lines if line.subject.key == key)
        return ShownSubject(own[0].subject.title, own[0].subject.comes, own)

    def _line(self, line: Line) -> ShownLine:
        question = line.question
        subject = self.now.sheet.subject(question.subject)
        assert subject is not None
        known = {fact.field: fact for fact in subject.facts}
        looked_at = [known[field] for field in question.facts if field in known]
        hidden = not self.plain or question.proof == Proof.READING
        facts = tuple((fact.label, fact.masked if hidden else fact.value) for fact in looked_at)
        capture = (
            self.counter.url("counter_capture", pk=self.verification.pk, kind=question.piece, place=subject.key)
            if question.piece
            else ""
        )
        return ShownLine(line, subject, facts, self.piece(line.piece) if line.piece else None, capture)


def limit_of(kind: str) -> int:
    """Give how many bytes a piece of a kind may have."""
    return FORM_LIMIT if kind == "form" else SCAN_LIMIT


def lacks(found: tuple[Lack, ...] | list[Lack]) -> list[tuple[str, str]]:
    """Give what lacks, as (anchor, words)."""
    return [(_ANCHORS.get(each.about) or anchor(each.about), each.words) for each in found]


def place_title(sheet: Sheet, place: str) -> str:
    """Say whose material belongs at a place."""
    subject = sheet.subject(place)
    return subject.title if subject else sheet.sponsor_name
