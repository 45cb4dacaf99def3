"""What the office does with one case. Whatever goes wrong, nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from beian.services.refusals import Invalid, NotAllowed, ServiceError
from beian.web.requests import NodeRequest, row_number
from enterprise.forms.labels import label
from enterprise.forms.office import AssignForm, SendBack, WhyForm
from enterprise.models import Case
from enterprise.services import assigning, cases
from enterprise.services.guard import check_version, lock
from enterprise.services.handing_in import hand_in
from enterprise.services.people import office_people
from enterprise.views.office.case import known_fields, show
from enterprise.views.office.desk import Desk, queue_query

Act = Callable[[Desk, Case, int], str]


def _pass_check(desk: Desk, found: Case, version: int) -> str:
    done = cases.pass_check(desk.provider, found.pk, desk.user, version=version)
    return f"已通过初审，现为“{done.get_state_display()}”。"


def _queue(desk: Desk, found: Case, version: int) -> str:
    cases.queue(desk.provider, found.pk, desk.user, version=version)
    return "已加入上报队列。"


def _queue_alone(desk: Desk, found: Case, version: int) -> str:
    cases.queue(desk.provider, found.pk, desk.user, alone=True, version=version)
    return "已加入上报队列，将单独成文上报。"


def _unqueue(desk: Desk, found: Case, version: int) -> str:
    cases.unqueue(desk.provider, found.pk, desk.user)
    return "已撤出上报队列。"


def _take(desk: Desk, found: Case, version: int) -> str:
    assigning.assign(desk.provider, found.pk, desk.user, desk.user)
    return "已归您办理。"


ACTS: dict[str, Act] = {
    "pass_check": _pass_check,
    "queue": _queue,
    "queue_alone": _queue_alone,
    "unqueue": _unqueue,
    "take": _take,
}


@require_POST
def act(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Pass, queue, take out of the queue, take on; the page shows the case as it stands then."""
    desk = Desk.of(request)
    found, name = desk.case(pk), request.POST.get("act", "")
    version = row_number(request.POST.get("version", ""))
    if name not in ACTS or version is None:
        return HttpResponseBadRequest("unknown act")
    try:
        done = ACTS[name](desk, found, version)
    except ServiceError as error:
        return refused(request, desk, pk, error)
    messages.success(request, done)
    return back_to(request, desk, pk)


@require_POST
def send_back(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Send back with the picked fields. With `choose` (a page without script) the picked ones are listed first."""
    desk = Desk.of(request)
    found = desk.case(pk)
    draft = SendBack.read(request.POST, known_fields(desk, found))
    if "choose" in request.POST:
        return show(request, desk, found, send_back=draft)
    if not draft.is_valid():
        return show(request, desk, found, send_back=draft, status=422)
    try:
        version = row_number(request.POST.get("version", ""))
        cases.send_back(desk.provider, pk, draft.corrections, desk.user, draft.reason, version=version)
    except ServiceError as error:
        return refused(request, desk, pk, error, send_back=draft)
    messages.success(request, f"已退回修改，共 {len(draft.picks) or 1} 项。")
    return back_to(request, desk, pk)


@require_POST
def submit(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Hand in what was filled in, in the applicant's place."""
    desk = Desk.of(request)
    found = desk.case(pk)
    if not desk.may(found, "submit"):
        return refused(request, desk, pk, NotAllowed(f"这件申请现在是“{found.get_state_display()}”，您不能提交。"))
    try:
        with transaction.atomic():
            check_version(lock(desk.provider, pk), row_number(request.POST.get("version", "")))
            hand_in(found, desk.user, filing_password=request.POST.get("filing_password", "").strip() or None)
    except ServiceError as error:
        return refused(request, desk, pk, error)
    messages.success(request, "已提交，进入初审。")
    return back_to(request, desk, pk)


@require_POST
def abandon(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Give a case up, with a reason."""
    desk = Desk.of(request)
    found = desk.case(pk)
    form = WhyForm(request.POST, auto_id="abandon_%s")
    if not form.is_valid():
        return show(request, desk, found, abandon_form=form, status=422)
    try:
        cases.abandon(desk.provider, pk, desk.user, form.cleaned_data["reason"])
    except ServiceError as error:
        return refused(request, desk, pk, error, abandon_form=form)
    messages.success(request, "已放弃这件申请。")
    return back_to(request, desk, pk)


@require_POST
def assign(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Give a case to a person of the office, or to nobody, and to a team."""
    desk = Desk.of(request)
    found = desk.case(pk)
    form = AssignForm(request.POST, people=office_people(desk.provider))
    if not form.is_valid():
        return show(request, desk, found, assign_form=form, status=422)
    try:
        person, team = form.cleaned_data["person"], form.cleaned_data["team"]
        assigning.assign(desk.provider, found.pk, person, desk.user, team)
    except ServiceError as error:
        return refused(request, desk, pk, error)
    messages.success(request, f"{assigning.assigned(person, team)}。")
    return back_to(request, desk, pk)


def refused(request: NodeRequest, desk: Desk, pk: int, error: ServiceError, **typed: object) -> HttpResponse:
    """Say on the page why it did not happen, with what was typed and the case as it stands now."""
    fresh = desk.case(pk)
    if isinstance(error, Invalid):
        problems = [
            f"{label(about)}：{text}" if about else text for about, texts in error.errors.items() for text in texts
        ]
        return show(request, desk, fresh, problem="未能完成：", problems=problems, status=422, **typed)  # type: ignore[arg-type]
    return show(request, desk, fresh, problem=error.message, status=409, **typed)  # type: ignore[arg-type]


def back_to(request: NodeRequest, desk: Desk, pk: int) -> HttpResponse:
    """Show the case again, under the list's filter."""
    return redirect(desk.url("case", queue_query(request.GET), pk=pk))
