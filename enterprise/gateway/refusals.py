"""What the gateway does about each return code of an upload, as data (interface/codes, spec 3-4)."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from enum import StrEnum

from django.utils import timezone

from beian.calendar import SHANGHAI


class Treatment(StrEnum):
    """What is done about a code."""

    ACCEPTED = "accepted"
    ASK = "ask"
    """Our numbers and the bureau's differ: ask for its last one."""
    WAIT = "wait"
    """The connection's trouble, or the bureau's: the same document again, after a pause."""
    OPENING = "opening"
    """Outside the reporting hours: again when they begin."""
    STOP = "stop"
    """Nobody calls any more until a person has looked."""
    PERHAPS = "perhaps"
    """Damage on the way, the bureau's trouble or the document's fault: tried again, then compared with others."""
    BAD = "bad"
    """The document's fault: divided until the case at fault is alone."""


TREATMENTS: dict[int, Treatment] = {
    0: Treatment.ACCEPTED,
    4: Treatment.WAIT,
    5: Treatment.STOP,
    6: Treatment.WAIT,
    7: Treatment.PERHAPS,
    8: Treatment.BAD,
    9: Treatment.WAIT,
    10: Treatment.WAIT,
    11: Treatment.WAIT,
    12: Treatment.WAIT,
    13: Treatment.WAIT,
    14: Treatment.ASK,
    15: Treatment.WAIT,
    16: Treatment.WAIT,
    17: Treatment.BAD,
    18: Treatment.BAD,
    19: Treatment.WAIT,
    20: Treatment.OPENING,
    901: Treatment.WAIT,
    999: Treatment.PERHAPS,
}

FAULTS = 3
"""So often a document is tried that may be to blame."""

_HOURS = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?\s*(?:-|－|—|–|~|～|至|到)+\s*(\d{1,2})[:：](\d{2})")
_LATER = timedelta(minutes=10)
_JUST_OPEN = timedelta(seconds=5)


def treatment(code: int) -> Treatment:
    """Give what is done about a code; one that is not published may be anybody's fault."""
    return TREATMENTS.get(code, Treatment.PERHAPS)


def opening(message: str, now: datetime | None = None) -> datetime:
    """Read from the message of code 20 when the bureau opens next; in ten minutes where it does not say.

    Where it should be open by our clock, its own goes differently: a little later too.
    """
    now = now or timezone.now()
    here = now.astimezone(SHANGHAI)
    if not (found := _HOURS.search(message)):
        return now + _LATER
    try:
        first, last = time(int(found[1]) % 24, int(found[2])), time(int(found[3]) % 24, int(found[4]))
    except ValueError:
        return now + _LATER
    if _within(here.time(), first, last):
        return now + _LATER
    opens = datetime.combine(here.date(), first, SHANGHAI)
    return (opens if opens > here else opens + timedelta(days=1)) + _JUST_OPEN


def _within(now: time, first: time, last: time) -> bool:
    """Say whether the hours hold; they may go past midnight."""
    return first <= now <= last if first <= last else now >= first or now <= last
