"""The steps in which the office edits what a case asks for: those of the sponsors' wizard, and of cancellations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from enterprise.views.portal import steps as portal
from enterprise.views.portal.steps import ACCESS, DOCUMENTS, REVIEW, SPONSOR, WEBSITES, Step
from enterprise.workflow import Kind

CANCELLATION = Step("cancellation", "注销")
CANCELS = (Kind.CANCEL_ACCESS, Kind.CANCEL_SPONSOR, Kind.CANCEL_WEBSITE)

STEPS: Mapping[int, tuple[Step, ...]] = {
    **{kind: tuple(step for step in steps if step != REVIEW) for kind, steps in portal.STEPS.items()},
    **dict.fromkeys(CANCELS, (CANCELLATION,)),
}
"""The steps of each kind; what is not here is not edited (material, results of tasks)."""

__all__ = ["ACCESS", "CANCELLATION", "DOCUMENTS", "SPONSOR", "STEPS", "WEBSITES", "Step", "on_step", "sections_of"]


def sections_of(step: Step, draft: dict[str, Any], website: int) -> list[str]:
    """Give the paths of the sections of a step; of accesses every one, since the office knows them."""
    if step == CANCELLATION:
        return [""]
    if step != ACCESS or "access" in draft or not draft.get("websites"):
        return portal.sections_of(step, draft, website)
    return [
        f"websites.{index}.accesses.{place}"
        for index, each in enumerate(draft["websites"])
        for place in range(max(1, len(each.get("accesses") or [])))
    ]


def on_step(
    errors: Mapping[str, Sequence[str]], step: Step, website: int, kind: int
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Part errors into those of the page and those of others."""
    if step == CANCELLATION:
        return {path: list(said) for path, said in errors.items()}, {}
    here = portal.on_step(errors, step, website if step == WEBSITES else None)
    return here, {path: list(said) for path, said in errors.items() if path not in here}
