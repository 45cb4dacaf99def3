"""The files of a case: which there are, and one of them for who may see the case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from beian import store
from enterprise.models import Case


def hashes(case: Case) -> frozenset[str]:
    """Give the hashes of all files that a case's draft and request name."""
    return frozenset([*_named(case.draft), *_named(case.request)])


def file_of(case: Case, sha256: str) -> bytes:
    """Give a file of a case. Raises `beian.store.Missing` for any other file, whoever's it is."""
    if sha256 not in hashes(case):
        raise store.Missing(sha256)
    return store.get(sha256)


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
