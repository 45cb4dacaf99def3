"""The counter's page: one case, its originals seen one by one; saved as one goes."""

from __future__ import annotations

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from beian.services.refusals import Invalid, ServiceError
from beian.web.requests import NodeRequest
from enterprise.models import Verification
from enterprise.services import verifications
from enterprise.services.appointments import appointment_of
from enterprise.services.guard import tell
from enterprise.services.verification_reuse import reusable
from enterprise.services.verification_reuse import reuse as reuse_verification
from enterprise.services.verification_sheet import sheet_of
from enterprise.services.verification_standing import standing
from enterprise.services.verifying import needs_verification
from enterprise.views.verification.desk import Counter
from enterprise.views.verification.shown import Page, anchor, badge
from enterprise.workflow import State

ONE_NOTE_IN = 3600
"""Seconds in which looking at a verification with personal data plain is noted once."""


@require_safe
def case(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show what has to be verified for a case, and why; the verification that is going on, where there is one."""
    counter = Counter.of(request)
    found = counter.case(pk)
    records = list(found.verifications.select_related("corrects").order_by("-id"))
    if counter.verifies and records and records[0].is_open:
        return redirect(counter.url("counter", pk=records[0].pk))
    waits = found.state == State.CHECKED
    context = {
        "counter": counter,
        "case": found,
        "sheet": sheet_of(found) if waits and needs_verification(found) else None,
        "waits": waits,
        "records": [(each, badge(each), counter.url("counter", pk=each.pk)) for each in records],
        "appointment": appointment_of(found),
        "appointment_url": counter.url("counter_appointment", pk=pk),
        "reusable": reusable(found) if waits else None,
    }
    return render(request, "enterprise/verification/case.html", context)


@require_POST
def begin(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Begin, or go on with what was begun."""
    counter = Counter.of(request)
    try:
        begun = verifications.begin(counter.provider, counter.case(pk).pk, counter.user)
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect(counter.url("counter_case", pk=pk))
    return redirect(counter.url("counter", pk=begun.pk))


@require_POST
def reuse(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Let an earlier verification count for what was only corrected in other places."""
    counter = Counter.of(request)
    try:
        reuse_verification(counter.provider, counter.case(pk).pk, counter.user)
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "已沿用此前的核验，申请可以上报。")
    return redirect(counter.url("counter_case", pk=pk))


@require_safe
def show(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show a verification: to answer while it is open and the person verifies, else to read."""
    counter = Counter.of(request)
    return render_page(request, counter, counter.verification(pk))


def render_page(
    request: NodeRequest,
    counter: Counter,
    verification: Verification,
    *,
    lacking: list[tuple[str, str]] | None = None,
    status: int = 200,
    **more: bool,
) -> HttpResponse:
    """Render the page of a verification; `lacking` is what kept it from being closed, `more` how that was sent."""
    answering = verification.is_open and counter.verifies
    if answering:
        _note(counter, verification)
    page = Page(counter, verification, standing(verification), plain=answering)
    context = {
        "lacking": lacking or [],
        "case_waits": verification.case.state == State.CHECKED or verification.corrects_id is not None,
        "correction": verification.corrections.first(),
        **more,
    }
    template = "counter.html" if answering else "record.html"
    return render(request, f"enterprise/verification/{template}", page.context(**context), status=status)


@require_POST
def answer(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Note the answers that were sent: fields `answer-<key>` and `note-<key>`."""
    counter = Counter.of(request)
    found = counter.verification(pk)
    keys = [name.removeprefix("note-") for name in request.POST if name.startswith("note-")]
    said = {key: (request.POST.get(f"answer-{key}", ""), request.POST.get(f"note-{key}", "")) for key in keys}
    errors: dict[str, list[str]] = {}
    try:
        verifications.answer(counter.provider, found.pk, counter.user, said)
    except Invalid as error:
        errors = error.errors
    except ServiceError as error:
        return _moved_on(request, counter, found, error)
    return _lines(request, counter, found.pk, keys, errors, "enterprise/verification/answered.html")


@require_POST
def number(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Compare a number that was read from an original."""
    counter = Counter.of(request)
    found = counter.verification(pk)
    place = request.POST.get("place", "")
    key, errors = f"{place}:number", {}
    try:
        verifications.read_number(counter.provider, found.pk, counter.user, place, request.POST.get("line", ""))
    except Invalid as error:
        errors = {key: [message for each in error.errors.values() for message in each]}
    except ServiceError as error:
        return _moved_on(request, counter, found, error)
    return _lines(request, counter, found.pk, [key], errors, "enterprise/verification/read.html")


def _lines(
    request: NodeRequest, counter: Counter, pk: int, keys: list[str], errors: dict[str, list[str]], template: str
) -> HttpResponse:
    """Answer with the lines that were sent; a browser without scripts goes back to where it was."""
    if not request.htmx:
        for message in (each for messages_ in errors.values() for each in messages_):
            messages.error(request, message)
        place = f"#{anchor(keys[0])}" if keys else ""
        return redirect(counter.url("counter", pk=pk) + place)
    verification = counter.verification(pk)
    page = Page(counter, verification, standing(verification), plain=True)
    lines = [(line, errors.get(key, [])) for key in keys if (line := page.line(key))]
    if not lines:
        raise Http404("no such item")
    keeping = any(line.line.keeps for line, _ in lines)
    return render(request, template, page.context(lines=lines, keeping=keeping))


def _moved_on(request: NodeRequest, counter: Counter, found: Verification, error: ServiceError) -> HttpResponse:
    messages.error(request, error.message)
    return HttpResponseClientRefresh() if request.htmx else redirect(counter.url("counter", pk=found.pk))


def _note(counter: Counter, verification: Verification) -> None:
    """Contact details stand plain at the counter: who saw them stands in the history."""
    if cache.add(f"verification-read:{verification.pk}:{counter.user.pk}", 1, ONE_NOTE_IN):
        data = {"verification": verification.pk}
        tell(verification.case, "reveal", counter.user, reason="当面核验", data=data)
