"""What a round of one of the two loops came to."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """What a round came to. `goes_on` says whether the next one may follow at once."""

    IDLE = "idle"
    """There was nothing to do."""
    BUSY = "busy"
    """Another process has the turn."""
    OFF = "off"
    """The connection is switched off, or gone."""
    STOPPED = "stopped"
    """A person has to look first."""
    WAITING = "waiting"
    """It is not time yet, or something just failed: the connection says until when, and why."""
    HELD = "held"
    """What the oldest document orders is not done yet."""
    DONE = "done"
    """A document got through."""
    AGAIN = "again"
    """Something was settled and the next try may follow: a document was divided, or renumbered."""

    @property
    def goes_on(self) -> bool:
        """Whether the next round may follow at once."""
        return self in (Step.DONE, Step.AGAIN)
