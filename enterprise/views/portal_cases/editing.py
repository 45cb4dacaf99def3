"""Where a case is filled in, handed in or corrected."""

from __future__ import annotations

from enterprise.models import Case
from enterprise.views.portal.sheet import step_url
from enterprise.views.portal.steps import STEPS
from enterprise.views.portal_cases.own import Own
from enterprise.workflow import State


def editing_url(own: Own, case: Case) -> str:
    """Give the page where a draft goes on, or where what was sent back is corrected."""
    if case.state == State.SENT_BACK:
        return own.url("portal_correct", reference=case.reference)
    return draft_url(case) or own.url("portal_case", reference=case.reference)


def draft_url(case: Case) -> str:
    """Give the first page of the steps in which a case is filled in; "" where it has none."""
    steps = STEPS.get(case.kind)
    return step_url(case, steps[0]) if steps else ""
