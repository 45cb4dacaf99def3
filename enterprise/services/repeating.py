"""Calls that may be repeated: the answer is kept, in the transaction of what was done.

A caller that lost our answer sends the same call with the same key. The key's row is written first, so a
second call waits for the first to end; then either its answer is there, or nothing was done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from enterprise.models import ApiToken, RepeatableCall

KEPT = timedelta(days=1)
LONGEST_KEY = 128


class OtherCall(Exception):
    """The key was used for another call."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call is answered: `repeated` says that nothing was done this time."""

    status: int
    body: Any
    repeated: bool = False


class _NotKept(Exception):
    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def once(token: ApiToken, key: str, digest: str, act: Callable[[], Answer]) -> Answer:
    """Do `act` unless a call with this key was done; gives its answer either way.

    An answer of 400 or more is not kept and what was done for it is undone: the corrected call may bear the
    same key. Raises `OtherCall`.
    """
    try:
        with transaction.atomic():
            row = _first(token, key, digest)
            if row is None:
                return _kept(token, key, digest)
            answer = act()
            if answer.status >= 400:
                raise _NotKept(answer)
            row.status, row.answer = answer.status, answer.body
            row.save(update_fields=["status", "answer"])
            return answer
    except _NotKept as end:
        return end.answer


def digest_of(method: str, path: str, body: bytes) -> str:
    """Give what tells one call from another under the same key."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest()


def forget() -> int:
    """Remove answers after a day; gives how many."""
    return RepeatableCall.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


def _first(token: ApiToken, key: str, digest: str) -> RepeatableCall | None:
    try:
        with transaction.atomic():
            return RepeatableCall.objects.create(token=token, key=key, digest=digest)
    except IntegrityError:
        return None


def _kept(token: ApiToken, key: str, digest: str) -> Answer:
    row = RepeatableCall.objects.get(token=token, key=key)
    if row.digest != digest:
        raise OtherCall(key)
    return Answer(row.status or 200, row.answer, repeated=True)
