"""Old and new of the same thing, side by side, with what differs marked inside the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

# Above this, marking inside the text costs more than it shows.
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `marked` where the other side has something else."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field of both sides, in words. `kind` is "changed", "added", "removed" or "same"."""

    label: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    kind: str

    @property
    def is_same(self) -> bool:
        """Tell whether nothing changed."""
        return self.kind == "same"

    @property
    def kind_name(self) -> str:
        """Give the kind in words."""
        return {"changed": "修改", "added": "新增", "removed": "删除", "same": "未变更"}[self.kind]


@dataclass(frozen=True, slots=True)
class Diff:
    """Fields that differ and fields that do not, each in the order given."""

    changes: tuple[Comparison, ...]
    same: tuple[Comparison, ...]


def diff(fields: Iterable[tuple[str, str | None, str | None]]) -> Diff:
    """Compare (label, old, new) of each field; None and "" are both nothing. Fields empty on both sides drop out."""
    rows = [compare(label, old or "", new or "") for label, old, new in fields if old or new]
    return Diff(tuple(row for row in rows if not row.is_same), tuple(row for row in rows if row.is_same))


def compare(label: str, old: str, new: str) -> Comparison:
    """Compare one field."""
    if old == new:
        return Comparison(label, (Piece(old, False),), (Piece(new, False),), "same")
    if not old or not new:
        return Comparison(label, _whole(old), _whole(new), "removed" if old else "added")
    return Comparison(label, *_pieces(old, new), "changed")


def _whole(text: str) -> tuple[Piece, ...]:
    return (Piece(text, True),) if text else ()


def _pieces(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    if len(old) > LONGEST or len(new) > LONGEST:
        return _whole(old), _whole(new)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    # Two values with hardly anything in common read better whole than in crumbs.
    if matcher.ratio() < 0.4:
        return _whole(old), _whole(new)
    before: list[Piece] = []
    after: list[Piece] = []
    for operation, i, j, k, m in matcher.get_opcodes():
        marked = operation != "equal"
        before += [Piece(old[i:j], marked)] if j > i else []
        after += [Piece(new[k:m], marked)] if m > k else []
    return tuple(before), tuple(after)
