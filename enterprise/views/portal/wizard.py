"""Applying in steps: each step has a page, saves as one types, and says what is wrong when it is left."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from beian.services.refusals import MovedOn
from beian.web.requests import NodeRequest
from enterprise.forms.filing import ShownSection, part_at, section
from enterprise.forms.options import Options
from enterprise.models import Case
from enterprise.queries import reuse
from enterprise.services import checking, drafting
from enterprise.services.drafting import Overtaken, Page
from enterprise.views.portal import acts
from enterprise.views.portal.own import own_account, own_case
from enterprise.views.portal.sheet import Sheet, frame, gone
from enterprise.views.portal.steps import (
    ACCESS,
    DOCUMENTS,
    LEFT_OPEN,
    REVIEW,
    STEPS,
    WEBSITES,
    on_step,
    sections_of,
)
from enterprise.workflow import EDITABLE

Draft = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: NodeRequest, isp: int, pk: int, step: str, website: int = 1) -> HttpResponse:
    """Show a step and, with POST, keep what was typed and go where it was asked to go."""
    case = own_case(request, pk)
    found = next((each for each in STEPS.get(case.kind, ()) if each.slug == step), None)
    if found is None or found in (DOCUMENTS, REVIEW):
        raise Http404("no such step")
    if case.state not in EDITABLE:
        return _too_late(request, case, f"这件申请现在是“{case.get_state_display()}”，不能再修改。")
    page = Sheet(request, case, found, website - 1, case.typed)
    if found == WEBSITES and not 0 <= page.website < max(1, len(page.draft.get("websites") or [])):
        if request.method == "POST":
            return _too_late(request, case, "这个网站已在另一个窗口中删除，本页填写的内容没有保存。")
        return HttpResponseRedirect(page.url(WEBSITES))
    return _sent(page) if request.method == "POST" else show(page, check="check" in request.GET)


@require_safe
def regions(request: NodeRequest, isp: int) -> HttpResponse:
    """Give the choices of a region again, cities of the chosen province, counties of the chosen city."""
    path = request.GET.get("at", "sponsor")
    if path != "sponsor":
        raise Http404("no region there")
    names = ("province", "city", "county", "detail")
    address = {name: request.GET.get(f"{path}.address.{name}", "") for name in names}
    shown = section({path: {"address": address}}, path, only=[f"{path}.address.province"])
    return render(request, "enterprise/portal/region.html", {"section": shown})


def _sent(page: Sheet) -> HttpResponse:
    request = page.request
    sent = acts.page_of(request.POST)
    # A saving in the background may carry a button that was pressed meanwhile: that one is sent by itself.
    act = acts.KEEP if request.htmx else acts.act_of(request.POST)
    force = "overwrite" in request.POST and not request.htmx

    def change(draft: Draft) -> Draft:
        return acts.changed(page, draft, act)

    try:
        saved = drafting.save(request.node, page.case.pk, change, sent, acts.scopes(page, act), force=force)
    except Overtaken as error:
        return _overtaken(page, error, sent)
    except MovedOn as error:
        return _too_late(request, page.case, error.message)
    page.case, page.draft = saved.case, saved.case.typed
    if request.htmx:
        return _saved(page)
    return _on(page, act)


def _on(page: Sheet, act: acts.Act) -> HttpResponse:
    """Go on after saving: further if nothing is wrong here, back to the page with what is."""
    if act.verb == "next":
        errors = _errors(page)
        if errors:
            return show(page, errors=errors, stopped=True)
        return HttpResponseRedirect(page.after(1))
    if act.verb == "previous":
        return HttpResponseRedirect(page.after(-1))
    if act.verb == "leave":
        messages.success(page.request, "已保存，可以随时回来继续填写。")
        return HttpResponseRedirect(reverse("enterprise:portal_home", kwargs={"isp": page.request.node.isp_id}))
    count = len(page.draft.get("websites") or [])
    if act.verb == "add" and act.what == "website":
        return HttpResponseRedirect(page.url(WEBSITES, count - 1))
    if act.verb == "remove":
        return HttpResponseRedirect(page.url(WEBSITES, min(page.website, max(0, count - 1))))
    return HttpResponseRedirect(page.url(page.step, page.website))


def _saved(page: Sheet) -> HttpResponse:
    """Answer a saving in the background: when it was, and what is wrong with what is filled in."""
    hints = on_step(checking.hints(page.request.node, page.case.kind, page.draft), page.step, _website(page))
    context = {
        "sections": _sections(page, hints, Options()),
        "version": page.case.version,
        "saved_at": timezone.localtime(),
    }
    return render(page.request, "enterprise/portal/saved.html", context)


def _overtaken(page: Sheet, error: Overtaken, sent: Page) -> HttpResponse:
    """Say that somebody else was here, with everything that was typed still on the page."""
    if page.request.htmx:
        return render(page.request, "enterprise/portal/not_saved.html", {"message": error.message, "reload": True})
    stored = page.draft
    page.draft = acts.changed(page, stored, acts.KEEP)
    return show(page, conflict=error.message, sent=sent)


def _errors(page: Sheet) -> dict[str, list[str]]:
    found = checking.problems(page.request.node, page.case.kind, page.draft, leaves_access=True)
    return on_step(found, page.step, _website(page))


def _website(page: Sheet) -> int | None:
    return page.website if page.step == WEBSITES else None


def show(
    page: Sheet,
    *,
    errors: dict[str, list[str]] | None = None,
    stopped: bool = False,
    check: bool = False,
    conflict: str = "",
    sent: Page | None = None,
) -> HttpResponse:
    """Show a step. `check` says everything that is wrong, else only with what is filled in."""
    if errors is None:
        said = checking.problems if check else checking.hints
        errors = on_step(said(page.request.node, page.case.kind, page.draft), page.step, _website(page))
    shown = _sections(page, errors, Options())
    context = frame(page) | {
        "sections": shown,
        "errors": errors if stopped or check else {},
        "stopped": stopped,
        "conflict": conflict,
        "version": sent.version if sent else page.case.version,
        "token": drafting.new_token(),
        "next_url": page.after(1),
    }
    return render(page.request, "enterprise/portal/step.html", context)


def _sections(page: Sheet, errors: dict[str, list[str]], options: Options) -> list[ShownSection]:
    return [
        section(
            page.draft,
            path,
            errors=errors,
            corrections=page.case.corrections,
            options=options,
            left_open=LEFT_OPEN if page.step == ACCESS else (),
            offers=_offers(page, path),
        )
        for path in sections_of(page.step, page.draft, page.website)
    ]


def _offers(page: Sheet, path: str) -> list[reuse.Offer]:
    """Offer what was entered before where the section has nothing yet but could have that."""
    if page.request.htmx:
        return []
    present = part_at(page.draft, path)
    offers = reuse.offers(page.request.node, own_account(page.request), page.draft, path)
    return [each for each in offers if not _same(each, present)]


def _same(offer: reuse.Offer, present: Draft) -> bool:
    return all(str(present.get(name) or "") == str(value) for name, value in offer.values.items())


def _too_late(request: NodeRequest, case: Case, message: str) -> HttpResponse:
    """Say why nothing can be typed here any more; a saving in the background is told where it shows."""
    if request.htmx:
        return render(request, "enterprise/portal/not_saved.html", {"message": message})
    return gone(request, case, message)
