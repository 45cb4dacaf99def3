"""How a verification ends, and how a closed one is corrected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from beian.services.refusals import Invalid, ServiceError
from beian.web.components import Crumb
from beian.web.forms import Form, Paragraph
from beian.web.requests import NodeRequest
from enterprise.services import verifications
from enterprise.services.verification_closing import PAPER_KEPT, Next, close_failed, close_passed
from enterprise.services.verification_standing import Lack, standing
from enterprise.views.verification.counter import render_page
from enterprise.views.verification.desk import Counter
from enterprise.views.verification.shown import Page, lacks

LONGEST_REASON = 500


class FailForm(Form):
    """Why it failed, and what happens to the case."""

    reason = Paragraph(label="未通过的原因", max_length=LONGEST_REASON, rows=4)
    then = forms.ChoiceField(label="之后", widget=forms.RadioSelect, initial=Next.STAY.value)

    def __init__(self, ways: list[Next], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["then"].choices = [(each.value, each.words) for each in ways]  # type: ignore[attr-defined]


class CorrectForm(Form):
    """Why a closed record is corrected."""

    reason = Paragraph(label="更正的原因", max_length=LONGEST_REASON, rows=4)


@require_POST
def passed(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Close as passed, or show all that lacks."""
    counter = Counter.of(request)
    found = counter.verification(pk)
    remark, confirmed = request.POST.get("remark", "")[:LONGEST_REASON], "paper_kept" in request.POST
    try:
        close_passed(counter.provider, found.pk, counter.user, remark, paper_kept=confirmed)
    except Invalid as error:
        lacking = lacks([Lack(about, "；".join(words)) for about, words in error.errors.items()])
        said = {"paper_kept": confirmed, "paper_unconfirmed": PAPER_KEPT in error.errors}
        return render_page(request, counter, found, lacking=lacking, status=422, **said)
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "核验通过，记录已归档。")
    return redirect(counter.url("counter", pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def failed(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Close as failed, for a reason."""
    counter = Counter.of(request)
    found = counter.verification(pk)
    form = FailForm(_ways(counter, correction=found.corrects_id is not None), request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            close_failed(counter.provider, found.pk, counter.user, said["reason"], Next(said["then"]))
        except ServiceError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "已记录核验未通过，记录已归档。")
        return redirect(counter.url("counter", pk=pk))
    if not found.is_open:
        return redirect(counter.url("counter", pk=pk))
    now = standing(found)
    page = Page(counter, found, now, plain=True)
    context = {
        "verification": found,
        "case": found.case,
        "form": form,
        "refused": [line for each in now.refused() if (line := page.line(each.question.key))],
        "crumbs": [
            Crumb("当面核验", counter.url("counter_today")),
            Crumb(found.case.reference, counter.url("counter", pk=pk)),
        ],
        "back_url": counter.url("counter", pk=pk),
    }
    return render(request, "enterprise/verification/failed.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Begin a record that corrects this one."""
    counter = Counter.of(request)
    found = counter.verification(pk)
    form = CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = verifications.correct(counter.provider, found.pk, counter.user, form.cleaned_data["reason"])
        except ServiceError as error:
            messages.error(request, error.message)
            return redirect(counter.url("counter", pk=pk))
        return redirect(counter.url("counter", pk=new.pk))
    context = {
        "verification": found,
        "case": found.case,
        "form": form,
        "crumbs": [
            Crumb("当面核验", counter.url("counter_today")),
            Crumb(found.case.reference, counter.url("counter", pk=pk)),
        ],
        "back_url": counter.url("counter", pk=pk),
    }
    return render(request, "enterprise/verification/correct.html", context, status=422 if form.errors else 200)


def _ways(counter: Counter, *, correction: bool) -> list[Next]:
    """Give what the person may let follow; after a correction the case stays where it is."""
    if correction:
        return [Next.STAY]
    return [Next.STAY, Next.SEND_BACK, *([Next.ABANDON] if counter.supervises else [])]
