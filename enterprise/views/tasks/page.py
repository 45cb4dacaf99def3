"""One task: what the bureau wants, what our copy says, and exactly what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beian import events
from beian.models import Role
from beian.records import FilingRecord
from beian.services.refusals import ServiceError
from beian.web.components import Term
from beian.web.filing.names import Names
from beian.web.filing.sheet import Sheet, SheetMaker, providers_of, regions_of
from beian.web.requests import NodeRequest, row_number
from beian.web.revealing import RevealForm
from enterprise.forms.tasks import AssignForm, CutForm, HandleForm, HandlingForm, NothingForm, ReasonForm
from enterprise.models import Task, TaskKind, TaskState
from enterprise.queries.holdings import Reach
from enterprise.queries.on_file import filing_of
from enterprise.queries.spoken_of import spoken_of
from enterprise.queries.task_words import STORIES, facts
from enterprise.queries.tasks import hosting
from enterprise.services import following
from enterprise.services import tasks as services
from enterprise.services.unfiled import website_of
from enterprise.views.tasks.desk import Verbs, add_errors, badge, moments, private, reports, task_of, url, way, works
from enterprise.workflow import CLERKS, Kind, State

VERBS: Verbs = {
    "receive": ("收到任务", "neutral"),
    "assign": ("分配", "neutral"),
    "cut": ("停止接入", "info"),
    "begin_case": ("发起申请", "info"),
    "report": ("上报结果", "info"),
    "take_back": ("上报的结果已放弃，任务退回待处理", "warn"),
    "come_back": ("管局退回了上报的结果，任务重新打开", "bad"),
    "finish": ("处理完毕", "good"),
    "reopen": ("重新打开", "warn"),
    "reveal": ("显示个人信息", "neutral"),
}
FORMS = {"handle": HandleForm, "nothing": NothingForm, "reopen": ReasonForm, "reveal": RevealForm}


@require_safe
def task(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show a task."""
    return show(request, task_of(request, pk))


@require_POST
def task_reveal(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show the filing with personal data plain, this once, to a person who says why; that is written down."""
    found, form = task_of(request, pk), RevealForm(request.POST)
    if not form.is_valid():
        return show(request, found, forms={"reveal": form}, status=422)
    reason = form.cleaned_data["reason"]
    events.record(services.SUBJECT, pk, "reveal", node=request.node, actor=request.user, reason=reason)
    return show(request, found, plain=True)


@require_POST
def task_handle(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Close a task with a word about what was done."""
    found, form = task_of(request, pk), HandleForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            services.handle(request.node, pk, request.user, values["text"], version=values["version"])
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, "已记录处理情况，任务办结。")
            return redirect(url(request.node, "task", pk=pk))
    return show(request, found, forms={"handle": form}, status=422)


@require_POST
def task_reopen(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Take a task up again that was done with."""
    found, form = task_of(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.reopen(request.node, pk, request.user, form.cleaned_data["reason"])
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, "任务已重新打开。")
            return redirect(url(request.node, "task", pk=pk))
    return show(request, found, forms={"reopen": form}, status=422)


@require_POST
def task_assign(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Give a task to a person, or take it oneself."""
    task_of(request, pk)
    form = AssignForm(request.POST, provider=request.node)
    person = request.user if "take" in request.POST else None
    if person is None and form.is_valid():
        person = form.people.get(form.cleaned_data["person"])
    try:
        services.assign(request.node, pk, person, request.user)
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"已分配给{person}。" if person else "已取消分配。")
    return redirect(url(request.node, "task", pk=pk))


@require_http_methods(["POST"])
def task_begin(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Begin a case that follows from a task, and go there."""
    found = task_of(request, pk)
    kind = row_number(request.POST.get("kind", ""))
    if kind not in {int(each) for each in offered(found)} or found.sponsor_number is None:
        messages.error(request, "这件任务不能发起这种申请。")
        return redirect(url(request.node, "task", pk=pk))
    try:
        services.require(request.node, request.user, CLERKS)
        case = following.begin(
            request.node, Kind(kind), found.sponsor_number, request.user, website_number=found.website_number
        )
        services.link(request.node, pk, case, request.user)
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect(url(request.node, "task", pk=pk))
    messages.success(request, f"已发起申请 {case.reference}。")
    return redirect(url(request.node, "case", pk=case.pk))


def offered(task: Task) -> tuple[Kind, ...]:
    """Give the kinds of cases that may follow from a task."""
    if task.kind not in services.BY_TEXT or task.kind == TaskKind.UNTOLD or task.sponsor_number is None:
        return ()
    return following.OF_WEBSITE if task.website_number else following.OF_SPONSOR


def show(
    request: NodeRequest,
    task: Task,
    *,
    plain: bool = False,
    forms: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a task; `forms` are those that were sent in and refused, by the name of the act."""
    is_open = task.state == TaskState.OPEN
    filed = filing_of(request.node, task.sponsor_number) if task.sponsor_number is not None else None
    context: dict[str, Any] = {
        "task": task,
        "badge": badge(task),
        "crumbs": way(request.node, "tasks"),
        "story": STORIES[TaskKind(task.kind)],
        "facts": facts(task),
        "terms": _terms(task),
        "is_open": is_open,
        "works": works(request),
        "reports": reports(request),
        "filed": filed,
        "sheet": _sheet(filed, plain=plain) if filed else None,
        "plain": plain,
        "moments": moments(services.SUBJECT, task.pk, VERBS, request.node),
        "case_state": State(task.case.state) if task.case else None,
        "people": AssignForm(provider=request.node, initial={"person": task.assigned_to_id}),
        **_acts(request, task, dict(forms or {}), is_open),
    }
    return private(render(request, "enterprise/tasks/show.html", context, status=status))


def _acts(request: NodeRequest, task: Task, forms: dict[str, Any], is_open: bool) -> dict[str, Any]:
    """Give the forms of what can be done, and what they need."""
    start = {"version": task.version}
    made: dict[str, Any] = {
        name: forms.get(name) or form(initial=start, auto_id=f"{name}_%s") for name, form in FORMS.items()
    }
    found: dict[str, Any] = {"forms": made, "offered": offered(task) if is_open else ()}
    if task.kind == TaskKind.CLOSURE:
        cuts = list(task.cuts.all())
        form = forms.get("cut") or CutForm(initial={**start, "by": request.user.name}, auto_id="cut_%s")
        chosen = {str(each) for each in form["lines"].value() or ()}
        found |= {"cuts": [(cut, str(cut.pk) in chosen) for cut in cuts], "cut_form": form}
        found["left"] = [cut for cut in cuts if cut.done_at is None]
    elif task.kind == TaskKind.UNFILED:
        website = website_of(task)
        found["hosting"] = hosting(request.node, website.domain, website.address)
        found["handling"] = forms.get("handling") or HandlingForm(
            initial=start | reporter_of(request), ask_due=task.due is None
        )
    elif task.kind == TaskKind.UNTOLD:
        roles = frozenset(Role(role) for role in request.membership_roles)
        found["spoken_of"] = spoken_of(Reach.of(request.node, request.user, roles), task)
    found["by_text"] = task.kind in services.BY_TEXT
    return found


def reporter_of(request: NodeRequest) -> dict[str, str]:
    """Give who reports: the person at the desk."""
    return {"reporter": request.user.name, "telephone": request.user.telephone, "email": request.user.email}


def _terms(task: Task) -> list[Term]:
    flag = "已超期" if badge(task).label == "已超期" else ""
    found = [
        Term("类型", task.get_kind_display()),
        Term("期限", task.due.isoformat() if task.due else "未规定", flag=flag),
        Term("处理人", task.assigned_to or "未分配"),
    ]
    if task.incoming is not None:
        found.append(Term("来自下发数据", task.incoming.file_name, code=True))
    return found


def _sheet(filed: FilingRecord, *, plain: bool) -> Sheet:
    return SheetMaker(Names(regions_of(filed), providers_of(filed)), plain=plain).sheet(filed)
