"""Decisions on one application. Whatever goes wrong, nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from beian.services.refusals import ServiceError
from beian.web.requests import NodeRequest, row_number
from bureau.forms.review import DecisionForm, WhyForm
from bureau.models import Application
from bureau.services import review
from bureau.views.review.claims import go_on
from bureau.views.review.desk import Desk, queue_query
from bureau.views.review.detail import show
from bureau.workflow import State

Act = Callable[[Application, Desk, DecisionForm], Application]


def _approve(found: Application, desk: Desk, form: DecisionForm) -> Application:
    return review.approve(found.pk, desk.user, form.cleaned_data["version"], form.cleaned_data["text"])


def _refuse(found: Application, desk: Desk, form: DecisionForm) -> Application:
    values = form.cleaned_data
    return review.refuse(found.pk, desk.user, form.reason_texts(), values["text"], values["version"])


def _recommend(verdict: str) -> Act:
    def act(found: Application, desk: Desk, form: DecisionForm) -> Application:
        reasons = form.reason_texts() if verdict == "refuse" else []
        values = form.cleaned_data
        return review.recommend(found.pk, desk.user, verdict, reasons, values["text"], values["version"])

    return act


ACTS: dict[str, Act] = {
    "approve": _approve,
    "refuse": _refuse,
    "recommend_approve": _recommend("approve"),
    "recommend_refuse": _recommend("refuse"),
}
ASK = "ask_"
"""In front of an act: sent by a page without script, whose button cannot open the dialog that confirms."""

ENDS = {"approve": State.APPROVED, "refuse": State.REFUSED}


@require_POST
def decide(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Approve, refuse or recommend, then go on to the next by the same filter."""
    desk = Desk.of(request)
    found, act = desk.application(pk), request.POST.get("act", "")
    form = DecisionForm(request.POST, bureau=desk.bureau)
    if act == "send_back":
        return _send_back(request, desk, found)
    if act.removeprefix(ASK) not in ACTS:
        return HttpResponseBadRequest("unknown act")
    if act.startswith(ASK):
        return show(request, desk, found, decision=form, ask=act.removeprefix(ASK))
    if not form.is_valid():
        return show(request, desk, found, decision=form, status=422)
    try:
        done = ACTS[act](found, desk, form)
    except ServiceError as error:
        return _refused(request, desk, pk, act, form, error)
    _say(request, done)
    return go_on(request, desk, done.pk)


def _send_back(request: NodeRequest, desk: Desk, found: Application) -> HttpResponse:
    """Send back to the first review, with a reason."""
    form = WhyForm(request.POST, auto_id="send_back_%s")
    version = row_number(request.POST.get("version", ""))
    if not form.is_valid() or version is None:
        return show(request, desk, found, send_back_form=form, status=422)
    try:
        review.send_back(found.pk, desk.user, form.cleaned_data["reason"], version)
    except ServiceError as error:
        fresh = desk.application(found.pk)
        return show(request, desk, fresh, send_back_form=form, problem=error.message, status=409)
    messages.success(request, f"已将“{found.sponsor_name}”退回初审。")
    return go_on(request, desk, found.pk)


@require_POST
def withdraw(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """End an application at its provider's request, with a reason."""
    desk = Desk.of(request)
    found = desk.application(pk)
    form = WhyForm(request.POST, auto_id="withdraw_%s")
    version = row_number(request.POST.get("version", ""))
    if not form.is_valid() or version is None:
        return show(request, desk, found, withdraw_form=form, status=422)
    try:
        review.withdraw(found.pk, desk.user, form.cleaned_data["reason"], version)
    except ServiceError as error:
        fresh = desk.application(pk)
        return show(request, desk, fresh, withdraw_form=form, problem=error.message, status=409)
    messages.success(request, f"已撤回“{found.sponsor_name}”的申请，并告知接入商。")
    return redirect(desk.url("application", queue_query(request.GET), pk=pk))


def _refused(
    request: NodeRequest, desk: Desk, pk: int, act: str, form: DecisionForm, error: ServiceError
) -> HttpResponse:
    """Say on the page why it did not happen; a repeated click learns that it did."""
    fresh = desk.application(pk)
    if fresh.decided_by_id == desk.user.pk and fresh.state == ENDS.get(act):
        at = timezone.localtime(fresh.decided_at).strftime("%H:%M")
        messages.info(request, f"这件申请已由您于 {at} 办结（{fresh.get_state_display()}），没有重复办理。")
        return redirect(desk.url("application", queue_query(request.GET), pk=pk))
    if isinstance(error, review.Invalid):
        for name, texts in error.errors.items():
            for text in texts:
                form.add_error(name if name in form.fields else None, text)
        return show(request, desk, fresh, decision=form, ask=act if "approve" in act else "", status=422)
    return show(request, desk, fresh, decision=form, problem=error.message, typed=_typed(form), status=409)


def _typed(form: DecisionForm) -> str:
    """Give what was written, to be copied: the panel may no longer have a place for it."""
    return "\n".join([*form.reason_texts(), form.cleaned_data.get("text", "")]).strip()


def _say(request: NodeRequest, done: Application) -> None:
    """Tell what was done, with its number where there is one."""
    name = done.sponsor_name
    if done.state == State.APPROVED:
        messages.success(request, f"已通过“{name}”，备案号 {done.filing_number}。")
    elif done.state == State.REFUSED:
        messages.success(request, f"已拒绝“{name}”，意见将随结果发给接入商。")
    elif done.state == State.RECOMMENDED:
        messages.success(request, f"已提交“{name}”的初审意见，等待复核。")
    else:
        codes = "、".join(str(each["code"]) for each in done.findings)
        messages.warning(request, f"“{name}”未能通过：审批时发现冲突（{codes}），已自动退回接入商。")
