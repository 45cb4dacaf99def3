"""Which request do I need: asked of the bureau and of our copy, answered with reasons and one button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from beian.filing_numbers import parse
from beian.models import Sponsor
from beian.services.refusals import Invalid
from beian.web.requests import NodeRequest, row_number
from enterprise.forms.portal_cases import BeginForm, QuestionForm
from enterprise.models import Case
from enterprise.queries.already_open import About
from enterprise.services import beginning
from enterprise.services.starting import (
    BEGUN_AT_AN_ADDRESS,
    BEGUN_BY_A_PERSON,
    OF_A_PERSON,
    OF_AN_ADDRESS,
    Advice,
    Question,
    advise,
)
from enterprise.views.portal_cases.another import instead
from enterprise.views.portal_cases.editing import editing_url
from enterprise.views.portal_cases.own import Own, counted, private
from enterprise.workflow import Kind

OVERRULED: dict[Kind, str] = {
    Kind.NEW_FILING: "主体和网站都还没有备案号",
    Kind.NEW_WEBSITE: "主体已有备案号，再增加一个网站",
    Kind.NEW_ACCESS: "网站已有备案号，改由或增加由本单位接入",
    Kind.CHANGE: "备案内容有变化，或要注销",
}
"""When each request is the right one, for who chooses it himself."""

TEMPLATE = "enterprise/portal_cases/start.html"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: NodeRequest, isp: int) -> HttpResponse:
    """Ask for certificate and domain, and say which request it is."""
    own = Own.of(request)
    if request.method != "POST":
        return private(render(request, TEMPLATE, _context(own, QuestionForm())))
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return private(render(request, TEMPLATE, _context(own, form), status=422))
    if refused := counted(request, OF_A_PERSON, OF_AN_ADDRESS):
        return refused
    question = form.question()
    return answer(request, own, form, question, advise(own.provider, question))


def answer(
    request: NodeRequest,
    own: Own,
    form: QuestionForm,
    question: Question,
    advice: Advice,
    *,
    errors: dict[str, list[str]] | None = None,
) -> HttpResponse:
    """Show what was found out."""
    context = {
        **_context(own, form),
        "question": question,
        "advice": advice,
        "kind": advice.way.kind.label if advice.way.kind else "",
        "others": [(kind, kind.label, OVERRULED[kind]) for kind in advice.others],
        "filings": _his(own, question, advice),
        "under_way": [
            (case, own.url("portal_case", reference=case.reference))
            for case in own.mine.open_about(certificate_index=question.index, domain=question.domain_key or None)
        ],
        "begin_url": own.url("portal_begin"),
        "claim_url": own.url("portal_claim"),
        "errors": errors or {},
    }
    return private(render(request, TEMPLATE, context, status=422 if errors else 200))


@sensitive_post_parameters()
@require_POST
def begin(request: NodeRequest, isp: int) -> HttpResponse:
    """Begin the request that was chosen. What it needs of a filing is looked for among the person's own again."""
    own = Own.of(request)
    form = BeginForm(request.POST)
    if not form.is_valid():
        raise Http404("no such request")
    question, values = form.question(), form.cleaned_data
    if other := instead(request, own, _about(own, question, values)):
        return other
    if refused := counted(request, BEGUN_BY_A_PERSON, BEGUN_AT_AN_ADDRESS):
        return refused
    make = MAKERS.get(values["kind"])
    if make is None:
        raise Http404("not begun here")
    try:
        case = make(own, question, values)
    except Invalid as error:
        return _again(request, own, question, values, error.errors)
    if case is None:
        return HttpResponseRedirect(f"{own.url('portal_home')}#filings")
    return HttpResponseRedirect(editing_url(own, case))


def _about(own: Own, question: Question, values: dict[str, Any]) -> About:
    number, chosen = parse(values["filing_number"]), row_number(values["own"])
    return About(
        kind=values["kind"],
        sponsor_number=own.filing(chosen).number if chosen else None,
        filing_number=str(number) if number else "",
        domain=question.domain_key,
    )


def _new_filing(own: Own, question: Question, values: dict[str, Any]) -> Case:
    return beginning.new_filing(own.provider, own.account, question)


def _new_website(own: Own, question: Question, values: dict[str, Any]) -> Case:
    number = row_number(values["own"])
    filing = own.filing(number) if number else None
    return beginning.new_website(own.provider, own.account, question, own=filing, filing_number=values["filing_number"])


def _new_access(own: Own, question: Question, values: dict[str, Any]) -> Case:
    return beginning.new_access(own.provider, own.account, values["filing_number"])


def _change(own: Own, question: Question, values: dict[str, Any]) -> Case | None:
    """A change begins at one of the person's filings; without one chosen he is led to them."""
    number = row_number(values["own"])
    return beginning.change(own.provider, own.account, own.filing(number)) if number else None


MAKERS: dict[Kind, Callable[[Own, Question, dict[str, Any]], Case | None]] = {
    Kind.NEW_FILING: _new_filing,
    Kind.NEW_WEBSITE: _new_website,
    Kind.NEW_ACCESS: _new_access,
    Kind.CHANGE: _change,
}


def _his(own: Own, question: Question, advice: Advice) -> list[Sponsor]:
    """Give the filings among the person's own that the question is about; all where it is about none of them."""
    rows = list(own.mine.filings()[:20])
    about = [row for row in rows if row.filing_number == advice.facts.sponsor_filing_number]
    about = about or [row for row in rows if question.index and row.certificate_index == question.index]
    return about or rows


def _again(
    request: NodeRequest, own: Own, question: Question, values: dict[str, Any], errors: dict[str, list[str]]
) -> HttpResponse:
    """Ask for the number again, beside the field; the bureau is not asked a second time."""
    context = {
        **_context(own, QuestionForm(initial=_initial(question))),
        "question": question,
        "kind_wanted": values["kind"],
        "kind": values["kind"].label,
        "typed": values["filing_number"],
        "errors": errors,
        "begin_url": own.url("portal_begin"),
    }
    return private(render(request, "enterprise/portal_cases/start_number.html", context, status=422))


def _initial(question: Question) -> dict[str, Any]:
    return {
        "certificate_type": question.certificate_type,
        "certificate_number": question.certificate_number,
        "domain": question.domain,
    }


def _context(own: Own, form: QuestionForm) -> dict[str, Any]:
    return {"form": form, "home_url": own.url("portal_home"), "provider": own.provider}
