"""One case as its sponsor sees it: how far it is, what he has to do, what was asked for."""

from __future__ import annotations

import hashlib
import time
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from beian.services.refusals import ServiceError
from beian.web.requests import NodeRequest
from enterprise.forms.labels import label
from enterprise.forms.portal_cases import AbandonForm
from enterprise.models import Case
from enterprise.queries.asked import asked
from enterprise.queries.timeline import history
from enterprise.services import cases, progress
from enterprise.services.advising import advise
from enterprise.views.portal_cases.editing import editing_url
from enterprise.views.portal_cases.own import Own, private
from enterprise.workflow import CHANGES, EDITABLE, State

STOP_POLLING = 286
"""To htmx: the page need not ask again."""

LONGEST_LOOKING = 2 * 3600
"""A page left open asks no longer than this (in seconds): otherwise nobody would ever be signed out."""

ABANDONABLE = frozenset(change.before for change in CHANGES if change.verb == "abandon")
ANSWERED = frozenset({State.RETURNED, State.REFUSED, State.SENT_BACK})


@require_safe
def case(request: NodeRequest, isp: int, reference: str) -> HttpResponse:
    """Show a case."""
    own = Own.of(request)
    return show(request, own, own.case(reference))


@require_safe
def case_progress(request: NodeRequest, isp: int, reference: str) -> HttpResponse:
    """Give the part of the page that changes by itself; nothing (204) where it is as it was `seen`."""
    own = Own.of(request)
    found = own.case(reference)
    opened = request.GET.get("opened", "")
    if _too_long(opened):
        return HttpResponse(status=STOP_POLLING, headers={"HX-Reswap": "none"})
    context = live(own, found, opened)
    if context["seen"] == request.GET.get("seen"):
        return private(HttpResponse(status=204))
    return private(render(request, "enterprise/portal_cases/live.html", context))


@require_POST
def abandon(request: NodeRequest, isp: int, reference: str) -> HttpResponse:
    """Give a case up."""
    own = Own.of(request)
    found = own.case(reference)
    form = AbandonForm(request.POST)
    if form.is_valid():
        try:
            cases.abandon(own.provider, found.pk, own.user, form.cleaned_data["reason"])
        except ServiceError as error:
            form.add_error(None, error.message)
        else:
            return HttpResponseRedirect(own.url("portal_case", reference=reference))
    return show(request, own, own.case(reference), abandon_form=form, status=422)


def show(
    request: NodeRequest, own: Own, found: Case, *, abandon_form: AbandonForm | None = None, status: int = 200
) -> HttpResponse:
    """Render the page of a case."""
    context = {
        **live(own, found, str(int(time.time()))),
        "asked": asked(found),
        "home_url": own.url("portal_home"),
        "abandon_form": abandon_form or AbandonForm(),
        "abandon_url": own.url("portal_abandon", reference=found.reference),
        "may_abandon": found.state in ABANDONABLE,
    }
    return private(render(request, "enterprise/portal_cases/case.html", context, status=status))


def live(own: Own, found: Case, opened: str) -> dict[str, Any]:
    """Give the context of what changes by itself. `seen` is its digest, by which it is known again."""
    told = progress.of(found)
    context: dict[str, Any] = {
        "case": found,
        "progress": told,
        "moments": history(found),
        "corrections": [(label(each["about"]), each["note"]) for each in _corrections(found)],
        "codes": [(each["code"], advise(each["code"])) for each in found.codes] if found.state in ANSWERED else [],
        "opinions": [each for each in found.opinions if each.get("opinion")] if found.state in ANSWERED else [],
        "edit_url": editing_url(own, found) if found.state in EDITABLE else "",
        "provider": own.provider,
        "polls": not _is_settled(found),
        "opened": opened,
        "live_url": own.url("portal_case_progress", reference=found.reference),
    }
    text = render_to_string("enterprise/portal_cases/live.html", context)
    return {**context, "seen": hashlib.sha256(text.encode()).hexdigest()[:16]}


def _corrections(found: Case) -> list[dict[str, str]]:
    return found.corrections if found.state == State.SENT_BACK else []


def _is_settled(found: Case) -> bool:
    """Whether nothing is to be expected any more."""
    if found.state == State.FILED:
        return bool(found.filing_number)
    return found.state in (State.ABANDONED, State.DRAFT)


def _too_long(opened: str) -> bool:
    if not (opened.isascii() and opened.isdigit() and len(opened) < 13):
        return True
    return time.time() - int(opened) > LONGEST_LOOKING
