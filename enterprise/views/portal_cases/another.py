"""A request that is open already: its draft goes on; one under way is named, and another is begun only knowingly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from beian.web.requests import NodeRequest
from enterprise.models import Case
from enterprise.queries.already_open import About, already_open
from enterprise.views.portal_cases.editing import editing_url
from enterprise.views.portal_cases.own import Own, private
from enterprise.workflow import State

ANOTHER = "another"
"""The field by which another is asked for knowingly."""


@dataclass(frozen=True, slots=True)
class Open:
    """An open case, and its page where it is the person's own; "" where it is the office's or another account's."""

    case: Case
    url: str


def open_ones(own: Own, about: About) -> list[Open]:
    """Give the open cases of this kind about the same thing; of filings that are not his, only his own cases."""
    found = already_open(own.provider, about, own.account)
    if about.sponsor_number is None:
        found = [case for case in found if _his(own, case)]
    return [Open(case, own.url("portal_case", reference=case.reference) if _his(own, case) else "") for case in found]


def instead(request: NodeRequest, own: Own, about: About) -> HttpResponse | None:
    """Lead to his draft of the same, or ask whether another shall begin; None where nothing stands against it."""
    if ANOTHER in request.POST:
        return None
    found = open_ones(own, about)
    draft = next((each.case for each in found if each.case.state == State.DRAFT and _his(own, each.case)), None)
    if draft is not None:
        messages.info(request, f"您有一件没有提交的{about.kind.label}（受理号 {draft.reference}），请在这里继续填写。")
        return HttpResponseRedirect(editing_url(own, draft))
    return _ask(request, own, about, found) if found else None


def _ask(request: NodeRequest, own: Own, about: About, found: Sequence[Open]) -> HttpResponse:
    sent = [(name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", ANOTHER)]
    context = {"kind": about.kind.label, "open": found, "sent": sent, "home_url": own.url("portal_home")}
    return private(render(request, "enterprise/portal_cases/another.html", context))


def _his(own: Own, case: Case) -> bool:
    return case.sponsor_account_id == own.account.pk
