"""The steps in which a request is filled in, as data: which there are, what stands on each, which path is whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from enterprise.services.cases import of_access
from enterprise.workflow import Kind

Draft = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its name in URLs, and its title."""

    slug: str
    title: str


SPONSOR = Step("sponsor", "主办者")
WEBSITES = Step("websites", "网站")
ACCESS = Step("access", "接入")
DOCUMENTS = Step("documents", "证件材料")
REVIEW = Step("review", "核对提交")
ALL = (SPONSOR, WEBSITES, ACCESS, DOCUMENTS, REVIEW)

STEPS: Mapping[int, tuple[Step, ...]] = {
    Kind.NEW_FILING: ALL,
    Kind.NEW_WEBSITE: (WEBSITES, ACCESS, DOCUMENTS, REVIEW),
    Kind.NEW_ACCESS: (ACCESS, REVIEW),
    Kind.CHANGE: (SPONSOR, WEBSITES, DOCUMENTS, REVIEW),
}
"""The steps of each kind of request that is filled in here; a cancellation has a page of its own."""

LEFT_OPEN = ("methods", "locations", "ranges")
"""What of an access a sponsor may leave to the provider."""


def step_of(path: str) -> Step:
    """Give the step on which the field of a path is filled in."""
    if of_access(path) or path == "access":
        return ACCESS
    if path.startswith(("documents", "attachments")) or ".scans" in path:
        return DOCUMENTS
    return SPONSOR if path.partition(".")[0] == "sponsor" else WEBSITES


def website_of(path: str) -> int | None:
    """Give the index of the website that a path is about."""
    head, _, rest = path.partition(".")
    index = rest.partition(".")[0]
    return int(index) if head == "websites" and index.isdecimal() else None


def sections_of(step: Step, draft: Draft, website: int = 0) -> list[str]:
    """Give the paths of the sections that a step shows; of the websites, one at a time."""
    if step == SPONSOR:
        return ["sponsor", "sponsor.person"]
    if step == WEBSITES:
        approvals = (draft.get("websites") or [{}])[website].get("approvals") or []
        own = f"websites.{website}"
        return [own, *(f"{own}.approvals.{number}" for number in range(len(approvals))), f"{own}.person"]
    if step == ACCESS:
        if "access" in draft or not draft.get("websites"):
            return ["access"]
        return [f"websites.{index}.accesses.0" for index in range(len(draft["websites"]))]
    return []


def on_step(errors: Mapping[str, Sequence[str]], step: Step, website: int | None = None) -> dict[str, list[str]]:
    """Keep the errors of one step, of one website where it shows one at a time."""
    return {
        path: list(said)
        for path, said in errors.items()
        if step_of(path) == step and (website is None or website_of(path) in (None, website))
    }


def beside(steps: Sequence[Step], step: Step, distance: int) -> Step:
    """Give the step so many places further on."""
    return steps[max(0, min(len(steps) - 1, steps.index(step) + distance))]
