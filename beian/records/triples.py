"""Three lists of the same kind of object, put side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from beian.records.matching import Kind, partners

R = TypeVar("R")

Triple = tuple[R | None, R | None, R | None]
"""An object as it was at the start, as it is on file, as it is asked for; `None` where it is not."""


class _Row(NamedTuple):
    base: int | None
    theirs: int | None
    ours: int | None


def triples(kind: Kind[R], base: Sequence[R], theirs: Sequence[R], ours: Sequence[R]) -> list[Triple[R]]:
    """Put three lists side by side: those on file in their order, then the others as asked.

    Both later states are matched with where they started from, so that one that others renamed is
    still found by the name that the provider knows it by; what is left of them with each other.
    """
    rows = _rows(kind, base, theirs, ours)
    end = len(theirs)
    rows.sort(key=lambda row: (end if row.theirs is None else row.theirs, -1 if row.ours is None else row.ours))
    return [
        (
            None if row.base is None else base[row.base],
            None if row.theirs is None else theirs[row.theirs],
            None if row.ours is None else ours[row.ours],
        )
        for row in rows
    ]


def _rows(kind: Kind[R], base: Sequence[R], theirs: Sequence[R], ours: Sequence[R]) -> list[_Row]:
    to_theirs, to_ours = partners(kind, base, theirs), partners(kind, base, ours)
    free_theirs = [index for index in range(len(theirs)) if index not in to_theirs.values()]
    # One that the provider moved may by now be the same as what others added.
    stray = [to_ours[index] for index in to_ours if index not in to_theirs]
    free_ours = sorted({*range(len(ours))} - {*to_ours.values()} | {*stray})
    left = partners(kind, [theirs[index] for index in free_theirs], [ours[index] for index in free_ours])
    met = {free_ours[there]: free_theirs[here] for here, there in left.items()}
    rows = [
        _Row(index, to_theirs.get(index), None if to_ours.get(index) in met else to_ours.get(index))
        for index in range(len(base))
    ]
    rows += [_Row(None, there, here) for here, there in met.items()]
    rows += [_Row(None, there, None) for there in free_theirs if there not in met.values()]
    return rows + [_Row(None, None, here) for here in free_ours if here not in met and here not in stray]
