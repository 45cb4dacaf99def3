"""The list of tasks, and giving several of them to a person."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from beian.services.refusals import ServiceError
from beian.web.components import Tab
from beian.web.requests import NodeRequest, row_number
from beian.web.tables import Column, Table, query_url
from enterprise.forms.tasks import AssignForm
from enterprise.models import TaskKind
from enterprise.queries.tasks import filters_of, listed, narrowed, open_counts
from enterprise.services import tasks as services
from enterprise.views.tasks.desk import badge, reports, section_tabs, url, works

TABLE = Table(
    name="tasks",
    columns=(
        Column(name="title", label="事项", lead=True, template="enterprise/tasks/title_cell.html"),
        Column(name="state", label="状态", value=badge, kind="badge"),
        Column(name="due", label="期限", kind="date", sort="due", nullable=True),
        Column(name="assigned", label="处理人", value="assigned_to"),
        Column(name="received", label="收到时间", value="received_at", kind="moment", sort="received_at"),
    ),
    order="due",
)


@require_safe
def tasks(request: NodeRequest, isp: int) -> HttpResponse:
    """List the tasks of the provider, the nearest deadline first."""
    kind = request.GET.get("kind", "")
    filters = filters_of(request.user, request.GET)
    rows = narrowed(listed(request.node), filters, kind)
    page = TABLE.page(rows, request, row_url=lambda task: url(request.node, "task", pk=task.pk))
    context = {
        "section_tabs": section_tabs(request, "tasks"),
        "kinds": _kinds(request, kind),
        "filters": filters,
        "page": page,
        "works": works(request),
        "unfiled": reports(request) and kind == TaskKind.UNFILED,
        "form": AssignForm(provider=request.node, auto_id="assign_%s") if works(request) else None,
        "query": request.GET.urlencode(),
    }
    return render(request, "enterprise/tasks/list.html", context)


def _kinds(request: NodeRequest, current: str) -> list[Tab]:
    """Give a tab for all, and for each kind with how many are open."""
    counts = open_counts(request.node)
    everything = query_url(request.GET, {}, drop=("kind", "after", "before"))
    tabs = [Tab("全部", everything, not current, sum(counts.values()))]
    for kind in TaskKind:
        there = query_url(request.GET, {"kind": kind.value}, drop=("after", "before"))
        if counts.get(kind) or kind == current:
            tabs.append(Tab(str(kind.label), there, kind == current, counts.get(kind, 0)))
    return tabs


@require_POST
def tasks_assign(request: NodeRequest, isp: int) -> HttpResponse:
    """Give the chosen tasks to a person, or take them oneself."""
    form = AssignForm(request.POST, provider=request.node)
    chosen = [number for each in request.POST.getlist("chosen") if (number := row_number(each)) is not None]
    back = redirect(f"{url(request.node, 'tasks')}?{_back(request)}")
    if not chosen:
        messages.error(request, "请先勾选任务。")
        return back
    if "take" in request.POST:
        person = request.user
    elif form.is_valid():
        person = form.people.get(form.cleaned_data["person"])  # type: ignore[assignment]
    else:
        messages.error(request, "请选择处理人。")
        return back
    try:
        with transaction.atomic():
            for each in sorted(set(chosen)):
                services.assign(request.node, each, person, request.user)
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{len(set(chosen))}件任务{f'已分配给{person}' if person else '已取消分配'}。")
    return back


def _back(request: NodeRequest) -> str:
    """Give what the list was narrowed by."""
    known = ("kind", "q", "state", "whose", "sort", "size")
    return urlencode([(name, request.GET[name]) for name in known if request.GET.get(name)])
