"""Why a record or a document came back, in plain words, with what to do; personal data masked.

A finding quotes what was submitted. Its provider has that anyway, but a page may be looked at over
a shoulder, and who reads here need not be who filed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from beian.advice import advise
from beian.result_codes import messages
from beian.web.filing import masks
from bureau.models import Application
from bureau.workflow import State
from interface.models import Outcome

# The codes whose findings quote personal data, and how that is shown.
PERSONAL: dict[int, Callable[[str], str]] = {
    1007: masks.postal,
    1008: masks.certificate_number,
    1009: masks.email,
    1010: masks.telephone,
    1011: masks.telephone,
    1012: masks.email,
    1013: masks.account,
    1015: masks.certificate_number,
}
_QUOTED = re.compile(r"(?<=号码|地址|电话|账号|日期)“([^”]*)”")


@dataclass(frozen=True, slots=True)
class Reason:
    """One code with its message, where it applies, what exactly is wrong, and what to do."""

    code: int
    text: str
    place: str
    detail: str
    advice: str


def reasons_of(application: Application, outcome: Outcome | None) -> list[Reason]:
    """Say why a record was returned; what another bureau found stands in its answer alone (`outcome` with body)."""
    if application.findings:
        return [_of_finding(finding) for finding in application.findings]
    if application.state == State.RETURNED and outcome is not None:
        return reasons_in(outcome)
    return []


def reasons_in(outcome: Outcome) -> list[Reason]:
    """Read the reasons from an answer as it goes over the wire."""
    return [_of_code(code["code"], code["description"] or "") for code in outcome.body["result"]["codes"]]


def opinion_on(application: Application, outcome: Outcome | None) -> str:
    """Give the reviewer's words, also where another bureau's reviewer spoke; "" where nobody did."""
    if application.opinion or outcome is None:
        return application.opinion
    said = (opinion.get("opinion") for opinion in outcome.body["opinions"])
    return "\n".join(text for text in said if text)


def brief(findings: Iterable[dict[str, Any]]) -> str:
    """Name the codes of findings, each once: `1005、1009`."""
    return "、".join(dict.fromkeys(str(finding["code"]) for finding in findings))


def masked(code: int, text: str) -> str:
    """Hide the personal data that a finding of `code` quotes."""
    mask = PERSONAL.get(code)
    return _QUOTED.sub(lambda found: f"“{mask(found[1])}”", text) if mask else text


def _of_finding(finding: dict[str, Any]) -> Reason:
    code = finding["code"]
    return Reason(code, finding["text"], finding["place"], masked(code, finding["detail"]), advise(code))


def _of_code(code: int, description: str) -> Reason:
    """Take a description apart into the code's message and, in brackets, where and what (`Finding.description`)."""
    text = messages().get(code, "")
    if not text or not description.startswith(text):  # the message was made for this one case
        return Reason(code, masked(code, description), "", "", advise(code))
    said = description.removeprefix(text).removeprefix("（").removesuffix("）")
    place, _, detail = said.partition("：")
    return Reason(code, text, place, masked(code, detail), advise(code))
