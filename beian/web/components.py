"""What the components of `templates/components/` are given: plain values, one class a component."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Tone = Literal["neutral", "info", "good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in one word. Its tone shows as colour and as a mark, so that neither is needed alone."""

    label: str
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way to this page."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several views of the same thing: a link, also to an anchor of the same page (`#history`)."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A field and its value. `note` explains; `flag` says what is wrong with it; `wide` takes the whole line."""

    label: str
    value: object
    note: str = ""
    flag: str = ""
    wide: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: when, who, what, and in their own words why; `url` leads to what it happened to."""

    at: datetime
    title: str
    actor: str = ""
    detail: str = ""
    tone: Tone = "neutral"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """An attachment for the viewer: where its image and its small image are served, and what it is."""

    url: str
    label: str
    small_url: str = ""


@dataclass(frozen=True, slots=True)
class Gauge:
    """How far a piece of work is; `done` None where that is not known."""

    label: str
    done: int | None
    total: int = 100
    note: str = ""
    tone: Tone = "info"

    @property
    def percent(self) -> int | None:
        """Give whole percents, 100 only at the end."""
        if self.done is None:
            return None
        return 100 if self.done >= self.total else self.done * 100 // max(self.total, 1)
