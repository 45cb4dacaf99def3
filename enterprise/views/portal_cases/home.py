"""A sponsor's front page: what he has to do, what is under way, what is on record."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.web.components import Badge
from beian.web.requests import NodeRequest
from enterprise.models import Case
from enterprise.services.progress import HEADLINES, Turn
from enterprise.views.portal_cases.own import Own
from enterprise.workflow import ENDED, State

MOST = 50
OLDER = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A case in a list."""

    case: Case
    url: str
    badge: Badge
    says: str


@require_safe
def home(request: NodeRequest, isp: int) -> HttpResponse:
    """Show the person's own cases by what is to be done next, and his filings on record."""
    own = Own.of(request)
    rows = own.mine.cases()
    turns = {state for state, (_, _, turn) in HEADLINES.items() if turn == Turn.SPONSOR}
    before = request.GET.get("before", "")
    ended = rows.filter(state__in=ENDED).order_by("-id")
    if before.isascii() and before.isdigit() and len(before) < 19:
        ended = ended.filter(pk__lt=int(before))
    old = list(ended[: OLDER + 1])
    context = {
        "todo": [line(own, case) for case in rows.filter(state__in=turns)[:MOST]],
        "under_way": [line(own, case) for case in rows.exclude(state__in={*turns, *ENDED})[:MOST]],
        "ended": [line(own, case) for case in old[:OLDER]],
        "older": old[OLDER - 1].pk if len(old) > OLDER else None,
        "filings": [(each, own.url("portal_filing", number=each.number)) for each in own.mine.filings()[:MOST]],
        "start_url": own.url("portal_start"),
        "claim_url": own.url("portal_claim"),
    }
    return render(request, "enterprise/portal_cases/home.html", context)


def line(own: Own, case: Case) -> Line:
    """Show a case as a line of a list."""
    says, tone, _ = HEADLINES[State(case.state)]
    name = str(case.get_state_display())
    return Line(case, own.url("portal_case", reference=case.reference), Badge(name, tone), says)
