"""A step's page: which case and step, where it stands among the others, what is wrong and where that is put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from beian.web.requests import NodeRequest
from enterprise.forms.filing import anchor, element_id
from enterprise.forms.labels import label
from enterprise.models import Case
from enterprise.views.portal.steps import DOCUMENTS, REVIEW, STEPS, WEBSITES, Step, beside, step_of, website_of
from enterprise.workflow import Kind

Draft = dict[str, Any]
LAST_PAGE_ELSEWHERE = frozenset({Kind.CHANGE, Kind.NEW_ACCESS})
"""What these come to, or what must be proved for them, is shown on a page of their own before they are handed in."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is to be put right, and the address of the field where that is done."""

    label: str
    message: str
    url: str


@dataclass(slots=True)
class Sheet:
    """What one page shows: a step of a case, and where it stands among the others."""

    request: NodeRequest
    case: Case
    step: Step
    website: int = 0
    draft: Draft = field(default_factory=dict)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of this kind of request."""
        return STEPS[self.case.kind]

    @property
    def scopes(self) -> tuple[str, ...]:
        """The parts of the draft that the page relies on, the one it changes first."""
        if self.step == WEBSITES:
            return f"{WEBSITES.slug}.{self.website}", WEBSITES.slug
        return self.step.slug, WEBSITES.slug

    def url(self, step: Step, website: int = 0) -> str:
        """Give the address of a step."""
        return step_url(self.case, step, website)

    def after(self, distance: int) -> str:
        """Give the address of the page so many steps further on; websites come one by one."""
        count = len(self.draft.get("websites") or [])
        if self.step == WEBSITES and 0 <= self.website + distance < count:
            return self.url(WEBSITES, self.website + distance)
        step = beside(self.steps, self.step, distance)
        return self.url(step, count - 1 if step == WEBSITES and distance < 0 else 0)


def step_url(case: Case, step: Step, website: int = 0) -> str:
    """Give the address of a step of a case."""
    kwargs: dict[str, Any] = {"isp": case.provider.isp_id, "pk": case.pk}
    if step == REVIEW and case.kind in LAST_PAGE_ELSEWHERE:
        return reverse("enterprise:portal_hand_in", kwargs={"isp": case.provider.isp_id, "reference": case.reference})
    if step in (DOCUMENTS, REVIEW):
        return reverse(f"enterprise:apply_{step.slug}", kwargs=kwargs)
    if step == WEBSITES:
        return reverse("enterprise:apply_website", kwargs={**kwargs, "website": website + 1})
    return reverse("enterprise:apply", kwargs={**kwargs, "step": step.slug})


def frame(page: Sheet) -> dict[str, Any]:
    """Give what every step's page shows around its content."""
    websites = page.draft.get("websites") or []
    return {
        "case": page.case,
        "step": page.step,
        "steps": [(each, page.url(each), each == page.step) for each in page.steps],
        "number": page.steps.index(page.step) + 1,
        "websites": [
            (index + 1, str(each.get("name") or f"网站{index + 1}"), page.url(WEBSITES, index), index == page.website)
            for index, each in enumerate(websites)
        ],
        "website": page.website,
        "previous_url": page.after(-1) if page.steps.index(page.step) or page.website else "",
        "corrections": list(faults(page, _notes(page.case))),
    }


def faults(page: Sheet, errors: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """Give errors by path as links to their fields."""
    for path, said in errors.items():
        step = step_of(path)
        if step not in page.steps:
            step = page.steps[0]
        url = f"{step_url(page.case, step, website_of(path) or 0)}?check=1#{_target(path)}"
        for message in said:
            yield Fault(label(path), message, url)


def _target(path: str) -> str:
    if path.startswith("documents."):
        return f"slot-{path.removeprefix('documents.')}"
    return anchor(path) if path else element_id("")


def _notes(case: Case) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in case.corrections:
        found.setdefault(each["about"], []).append(each["note"])
    return found


def gone(request: NodeRequest, case: Case, message: str = "") -> HttpResponse:
    """Lead away from a case that can no longer be changed, saying so."""
    messages.info(request, message or f"这件申请现在是“{case.get_state_display()}”，不能再修改。")
    return HttpResponseRedirect(case_url(case))


def case_url(case: Case) -> str:
    """Give the page where a sponsor follows his case."""
    return reverse("enterprise:portal_case", kwargs={"isp": case.provider.isp_id, "reference": case.reference})
