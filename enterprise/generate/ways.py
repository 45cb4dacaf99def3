"""Which way a generated case took through the workflow, step by step, and when."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from enterprise.workflow import CHANGES, State

SHARES: tuple[tuple[State, int], ...] = (
    (State.FILED, 62),
    (State.ACKNOWLEDGED, 12),
    (State.RETURNED, 4),
    (State.REFUSED, 4),
    (State.SUBMITTED, 4),
    (State.QUEUED, 3),
    (State.VERIFIED, 3),
    (State.CHECKED, 3),
    (State.SENT_BACK, 3),
    (State.DRAFT, 2),
)
"""Of a hundred cases, how many stand where."""

_STATES = tuple(state for state, share in SHARES for _ in range(share))
_TO_BUREAU = ("submit", "pass_check", "verify", "queue", "upload", "acknowledge")
_VERBS: dict[State, tuple[str, ...]] = {
    State.DRAFT: (),
    State.SENT_BACK: ("submit", "send_back"),
    State.FILED: (*_TO_BUREAU, "hear_filed"),
    State.RETURNED: (*_TO_BUREAU, "hear_returned"),
    State.REFUSED: (*_TO_BUREAU, "hear_refused"),
    State.ACKNOWLEDGED: _TO_BUREAU,
    State.QUEUED: _TO_BUREAU[:4],
    State.VERIFIED: _TO_BUREAU[:3],
    State.CHECKED: _TO_BUREAU[:2],
    State.SUBMITTED: _TO_BUREAU[:1],
}
WITH_BUREAU = frozenset(state for state, verbs in _VERBS.items() if "upload" in verbs)
ANSWERED = frozenset({State.FILED, State.RETURNED, State.REFUSED})
_MOST_DAYS = {True: 400, False: 12}
"""How long ago a case began at most: answered ones, and those still on their way."""


@dataclass(frozen=True, slots=True)
class Stepped:
    """A step that was taken: the verb, from where, where to, when."""

    verb: str
    before: str
    after: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Way:
    """A case's way to its state. It began at `begun`."""

    state: State
    begun: datetime.datetime
    steps: tuple[Stepped, ...]

    def at(self, verb: str) -> datetime.datetime | None:
        """Give when a step was taken; None where it was not."""
        return next((step.at for step in self.steps if step.verb == verb), None)

    @property
    def changed(self) -> datetime.datetime:
        """When the last step was taken."""
        return self.steps[-1].at if self.steps else self.begun


def state_of(n: int) -> State:
    """Say where case `n` stands: among any hundred in a row every state has its share."""
    return _STATES[n * 37 % len(_STATES)]


def way_of(n: int, chance: random.Random) -> Way:
    """Choose the way of case `n`."""
    return way_to(state_of(n), chance)


def way_to(state: State, chance: random.Random) -> Way:
    """Choose a way to `state`."""
    begun = timezone.now() - datetime.timedelta(seconds=chance.randrange(3_600, _MOST_DAYS[state in ANSWERED] * 86_400))
    return Way(state, begun, tuple(_steps(state, begun)))


def _steps(state: State, begun: datetime.datetime) -> Iterator[Stepped]:
    verbs, before = _VERBS[state], State.DRAFT
    pause = min(datetime.timedelta(days=1), (timezone.now() - begun) / (len(verbs) + 1))
    for place, verb in enumerate(verbs, start=1):
        after = _after(before, verb)
        yield Stepped(verb, str(before), str(after), begun + pause * place)
        before = after


def _after(before: State, verb: str) -> State:
    return next(change.after for change in CHANGES if change.before == before and change.verb == verb)
