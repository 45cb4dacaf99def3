"""One application: everything a decision needs, on one page. Looking at it changes nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET, require_POST

from beian import events
from beian.web.components import Picture
from beian.web.filing.names import Names
from beian.web.requests import NodeRequest
from beian.web.revealing import RevealForm
from bureau.forms.review import REVEAL_REASONS, DecisionForm, WhyForm
from bureau.models import Application
from bureau.queries.clock import clock
from bureau.queries.history import VERDICTS, earlier, timeline
from bureau.queries.matter import Matter, matter
from bureau.queries.related import related
from bureau.services.review import OPINION_LIMIT
from bureau.views.review.content import content, names_of
from bureau.views.review.desk import Desk, queue_query
from bureau.views.review.hints import hints
from bureau.views.review.panel import panel
from bureau.views.review.pictures import attachments
from bureau.views.review.queue import badge
from bureau.views.review.verifying import verifying


@require_GET
def application(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Show an application."""
    desk = Desk.of(request)
    return show(request, desk, desk.application(pk))


@require_POST
def reveal(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Show personal data plain, this once, to a person who says why; that is written down."""
    desk = Desk.of(request)
    found = desk.application(pk)
    form = RevealForm(request.POST)
    if not form.is_valid():
        if request.htmx:
            return render(request, "components/reveal_form.html", _reveal_context(desk, found, form), status=422)
        return show(request, desk, found, reveal_form=form, status=422)
    events.record(
        "application",
        found.pk,
        "reveal",
        node=desk.bureau,
        actor=desk.user,
        reason=form.cleaned_data["reason"],
        correlation=found.correlation,
    )
    if not request.htmx:
        return show(request, desk, found, plain=True)
    about = matter(found)
    shown = content(found, about, names_of(found, about), plain=True)
    return _private(render(request, "bureau/review/sheet.html", {"content": shown, "application": found}))


def show(
    request: NodeRequest,
    desk: Desk,
    found: Application,
    *,
    decision: DecisionForm | None = None,
    plain: bool = False,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Render the page of `found`, with what was typed and what was wrong with it where a form came back.

    `more` may hold `problem` (said on top of the panel), `take_over_form`, `withdraw_form`,
    `send_back_form`, `reveal_form`, and `ask` (the act to be confirmed).
    """
    about = matter(found)
    names = names_of(found, about)
    kin, before, to_verify = related(found), earlier(found), verifying(about, names)
    context = {
        "desk": desk,
        "application": found,
        "query": queue_query(request.GET),
        "badge": badge(found),
        "clock": clock(found),
        "panel": panel(desk, found),
        "hints": hints(found, about, to_verify, kin, before),
        "verifying": to_verify,
        "content": content(found, about, names, plain=plain),
        "filing_url": _filing_url(desk, found),
        "filing_number": about.before.sponsor.filing_number if about.before else found.filing_number,
        "pictures": _pictures(desk, found, about, names),
        "related": kin,
        "earlier": [(each, badge(each)) for each in before],
        "moments": timeline(found),
        "decision": decision or _fresh_decision(desk, found),
        "limit": OPINION_LIMIT,
        "recommendation": _recommendation(found),
        "take_over_form": WhyForm(auto_id="take_over_%s"),
        "withdraw_form": WhyForm(auto_id="withdraw_%s"),
        "send_back_form": WhyForm(auto_id="send_back_%s"),
        **_reveal_context(desk, found, more.pop("reveal_form", None) or RevealForm()),
        **more,
    }
    return _private(render(request, "bureau/review/application.html", context, status=status))


def _pictures(desk: Desk, found: Application, about: Matter, names: Names) -> list[Picture]:
    return [
        Picture(desk.url("attachment", pk=found.pk, sha256=each.content.sha256), each.label)
        for each in attachments(about, names)
    ]


def _filing_url(desk: Desk, found: Application) -> str:
    """Give the page of the filing that the application is about, or that came of it."""
    number = found.target or found.sponsor_number
    return desk.url("filing", number=number) if number else ""


def _fresh_decision(desk: Desk, found: Application) -> DecisionForm:
    """Give an empty form; in a second review with what the first reviewer chose and wrote."""
    form = DecisionForm(bureau=desk.bureau, initial={"version": found.version})
    if found.recommendation and found.recommendation.get("verdict") == "refuse":
        texts = found.recommendation.get("reasons", [])
        form.initial["reasons"] = [str(each.pk) for each in form.offered if each.text in texts]
        form.initial["text"] = found.recommendation.get("text", "")
    return form


def _recommendation(found: Application) -> dict[str, str] | None:
    """Give what the first reviewer said, in words."""
    said = found.recommendation
    if not said:
        return None
    opinion = "\n".join([*said.get("reasons", []), said.get("text", "")]).strip()
    return {"verdict": VERDICTS.get(said.get("verdict", ""), ""), "opinion": opinion}


def _reveal_context(desk: Desk, found: Application, form: RevealForm) -> dict[str, Any]:
    return {"reveal_form": form, "reveal_reasons": REVEAL_REASONS, "reveal_url": desk.url("reveal", pk=found.pk)}


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True, private=True)
    return response
