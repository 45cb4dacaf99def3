"""The bureau's last answer to a case, with what to do about each code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from beian.advice import advise
from beian.result_codes import messages
from enterprise.models import Case
from enterprise.workflow import ANSWERED, State


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A result code: what it means, what the bureau wrote, what to do about it."""

    code: int
    text: str
    description: str
    advice: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bureau said: codes, and the opinions of those who reviewed it, as they came."""

    codes: list[CodeLine]
    opinions: list[dict[str, Any]]
    remark: str


VERDICTS = {"1": "通过", "0": "不通过"}


def answer_of(case: Case) -> Answer | None:
    """Give the bureau's answer; None where there is none, or it was for what has been sent anew since."""
    if not case.codes and not case.opinions:
        return None
    if case.state not in ANSWERED | {State.FILED, State.SENT_BACK, State.HELD}:
        return None
    lines = [_line(each) for each in case.codes]
    opinions = [{**each, "words": _verdict(each.get("verdict"))} for each in case.opinions]
    return Answer(lines, opinions, case.answer_remark)


def _line(said: dict[str, Any]) -> CodeLine:
    code = int(said.get("code") or 0)
    text = messages().get(code, "")
    description = str(said.get("description") or "")
    return CodeLine(code, text, "" if description == text else description, advise(code))


def _verdict(verdict: Any) -> str:
    return VERDICTS.get(str(verdict), str(verdict or ""))
