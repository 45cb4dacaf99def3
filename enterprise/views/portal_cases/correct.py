"""Correcting what was sent back: exactly the fields that were named; the rest is read, or opened knowingly."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from beian.services.refusals import Invalid, MovedOn, ServiceError
from beian.web.requests import NodeRequest
from enterprise.forms.filing import ShownSection, anchor, section, typed
from enterprise.forms.labels import label
from enterprise.forms.options import Options
from enterprise.models import Case
from enterprise.queries.asked import asked
from enterprise.services import cases
from enterprise.services.correcting import Wanted, sections_of, wanted
from enterprise.services.handing_in import hand_in
from enterprise.views.portal.sheet import step_url
from enterprise.views.portal.steps import DOCUMENTS, LEFT_OPEN, STEPS, step_of
from enterprise.views.portal_cases.hand_in import LAST_PAGE_HERE
from enterprise.views.portal_cases.own import Own, private
from enterprise.workflow import State

Errors = dict[str, list[str]]
Draft = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: NodeRequest, isp: int, reference: str) -> HttpResponse:
    """Offer the named fields for correction; with POST keep what was typed, and hand it in where that was asked."""
    own = Own.of(request)
    case = own.case(reference)
    if case.state != State.SENT_BACK:
        return HttpResponseRedirect(own.url("portal_case", reference=reference))
    given = request.POST if request.method == "POST" else request.GET
    known = sections_of(case)
    opened = [path for path in given.getlist("open") if path in known]
    errors: Errors = {}
    unsaved: Draft | None = None
    if request.method == "POST":
        answered, errors, unsaved = _sent(request, own, case, opened)
        if answered is not None:
            return answered
        if opened and not errors:
            # An address that says what is open: it is what one comes back to from the sign-in.
            return HttpResponseRedirect(f"{request.path}?{urlencode({'open': opened}, doseq=True)}")
        case = own.case(reference)
    return _show(request, own, case, opened, errors, unsaved)


def _sent(
    request: NodeRequest, own: Own, case: Case, opened: list[str]
) -> tuple[HttpResponse | None, Errors, Draft | None]:
    """Keep what was typed; give where to go, or what is wrong, and what could not be kept."""
    offered = wanted(case.corrections, opened=opened, wrong=request.POST.getlist("wrong"))
    draft = case.typed
    for path, only in offered.sections.items():
        if path not in sections_of(case):
            continue
        draft = typed(draft, path, request.POST, only=only)
    try:
        version = int(request.POST.get("version", ""))
    except ValueError as error:
        raise Http404("no version") from error
    try:
        case = cases.save_draft(own.provider, case.pk, draft, version=version)
    except MovedOn as error:
        return None, {"": [error.message]}, draft
    try:
        return _on(request, own, case), {}, None
    except Invalid as error:
        return None, error.errors, None
    except ServiceError as error:
        return None, {"": [error.message]}, None


def _on(request: NodeRequest, own: Own, case: Case) -> HttpResponse | None:
    """Go where was asked to go. None to stay. Raises `Invalid` with what is still wrong."""
    match request.POST.get("go"):
        case "submit" if case.kind in LAST_PAGE_HERE:
            return HttpResponseRedirect(own.url("portal_hand_in", reference=case.reference))
        case "submit":
            hand_in(own.case(case.reference), own.user)
            return HttpResponseRedirect(own.url("portal_case", reference=case.reference))
        case "leave":
            return HttpResponseRedirect(own.url("portal_case", reference=case.reference))
    return None


def _show(
    request: NodeRequest, own: Own, case: Case, opened: list[str], errors: Errors, unsaved: Draft | None
) -> HttpResponse:
    """Render the page. `unsaved` is what was typed on one that somebody else overtook: it stands there again."""
    offered = wanted(case.corrections, opened=opened, wrong=errors)
    shown = _sections(case, case.typed if unsaved is None else unsaved, offered, errors)
    documents = step_url(case, DOCUMENTS) if DOCUMENTS in STEPS.get(case.kind, ()) else ""
    context: dict[str, Any] = {
        "case": case,
        "sections": shown,
        "others": [(label(each["about"]), each["note"]) for each in offered.others],
        "errors": [(label(path), _where(path, shown, documents), said) for path, said in errors.items()],
        "wrong": list(errors),
        "unsaved": unsaved is not None,
        "opened": opened,
        "closed": [(path, label(path)) for path in sections_of(case) if offered.sections.get(path, ()) is not None],
        "asked": asked(case),
        "case_url": own.url("portal_case", reference=case.reference),
        "home_url": own.url("portal_home"),
        "documents_url": documents,
    }
    return private(render(request, "enterprise/portal_cases/correct.html", context, status=422 if errors else 200))


def _where(path: str, shown: list[ShownSection], documents: str) -> str:
    """Give where an error is put right: a field of this page, or the page of the photos."""
    if step_of(path) == DOCUMENTS:
        return documents
    return f"#{anchor(path)}" if any(path.startswith(each.path) for each in shown) else ""


def _sections(case: Case, draft: Draft, offered: Wanted, errors: Errors) -> list[ShownSection]:
    options = Options()
    known = sections_of(case)
    return [
        section(
            draft,
            path,
            errors=errors,
            corrections=case.corrections,
            only=only,
            options=options,
            left_open=LEFT_OPEN if ".accesses" in path or path == "access" else (),
        )
        for path, only in offered.sections.items()
        if path in known
    ]
