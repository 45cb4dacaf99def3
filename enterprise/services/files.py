"""The files of a case: which there are, and one of them for who may see the case."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from beian import store
from enterprise.models import Case, Piece
from enterprise.services.verification_closing import PURPOSES

_OPENED_AT_ONCE = 500


def hashes(case: Case) -> frozenset[str]:
    """Give the hashes of all files that a case's draft and request name."""
    return frozenset([*_named(case.draft), *_named(case.request)])


def file_of(case: Case, sha256: str) -> bytes:
    """Give a file of a case. Raises `beian.store.Missing` for any other file, whoever's it is."""
    if sha256 not in hashes(case):
        raise store.Missing(sha256)
    return store.get(sha256)


def named_by_cases(wanted: Collection[str]) -> frozenset[str]:
    """Give those of some hashes that a case names, whoever's it is, ended or not.

    Drafts and requests are encrypted, so every case is opened, 100,000 in some 12 seconds: ask for many hashes at
    once. What the verification of a case added to its request counts for nothing once it was removed with the
    verification's other material.
    """
    if not wanted:
        return frozenset()
    removed = Piece.objects.filter(content__in=wanted, kind__in=PURPOSES).exclude(removed_at=None)
    own = set(removed.values_list("verification__case", "content"))
    rows = Case.objects.exclude(draft__isnull=True, request__isnull=True).values_list("pk", "draft", "request")
    return frozenset(
        sha256
        for pk, draft, request in rows.iterator(chunk_size=_OPENED_AT_ONCE)
        for sha256 in (*_named(draft), *_named(request))
        if sha256 in wanted and (pk, sha256) not in own
    )


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        named = value.get("sha256")
        if isinstance(named, str) and named:
            yield named
        for each in value.values():
            yield from _named(each)
    elif isinstance(value, list):
        for each in value:
            yield from _named(each)
