"""Whether a request needs verification in person, why, which materials came for it and which lack."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from beian.checks.base import shipped_facts
from beian.checks.missing_material import Missing, missing_material
from beian.checks.verification import Level, Verification, verification
from beian.web.components import Tone
from beian.web.filing.names import Names
from bureau.queries.matter import Matter
from bureau.services.requests import attachments_of

TONES: dict[Level, Tone] = {Level.REQUIRED: "warn", Level.ADVISABLE: "info", Level.KEEP_TRUE: "good"}

_IDENTIFIER = re.compile(r"(?<=·)接入(\d{12})(?=：)")

UNCONCERNED = "不涉及核验"


@dataclass(frozen=True, slots=True)
class Verifying:
    """The verification that a request needs: the level in words, its reasons, what came, what lacks."""

    level: str
    tone: Tone
    reasons: list[str]
    came: list[str]
    missing: tuple[Missing, ...]


def verifying(matter: Matter, names: Names) -> Verifying | None:
    """Say what verification `matter` needs; None where nothing tells: after the decision, or elsewhere."""
    if matter.after is None:
        return None
    facts, given = shipped_facts(timezone.localdate()), attachments_of(matter.request)
    found = verification(matter.before, matter.after, facts)
    return Verifying(
        level=found.level.words if found.reasons else UNCONCERNED,
        tone=TONES[found.level],
        reasons=[_named(reason, names) for reason in _reasons(found)],
        came=_counted(names, (each.purpose for each in given)),
        missing=missing_material(found, matter.after, given, facts),
    )


def _reasons(found: Verification) -> list[str]:
    """Give the reasons of the gravest level, each once."""
    return list(dict.fromkeys(str(reason) for reason in found.reasons if reason.level == found.level))


def _named(reason: str, names: Names) -> str:
    """Call the providers of accesses by name, where the reason has their identifiers."""
    return _IDENTIFIER.sub(lambda found: f"接入{names.provider(int(found[1]))}", reason)


def _counted(names: Names, purposes: Iterable[int]) -> list[str]:
    return [
        f"{names.code('attachment_purpose', purpose)}{f' {count} 份' if count > 1 else ''}"
        for purpose, count in sorted(Counter(purposes).items())
    ]
