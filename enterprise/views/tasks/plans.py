"""Stock verification: the plans, a new one, one of them with its batches."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beian.services.refusals import ServiceError
from beian.web.components import Badge, Gauge, Moment
from beian.web.requests import NodeRequest, row_number
from beian.web.tables import Column, Table
from enterprise.forms.stock import PlanForm, SpreadForm
from enterprise.models import StockPlan
from enterprise.queries.stock import csv_lines, progress, progress_of_plans
from enterprise.services import stock
from enterprise.services.people import office_people
from enterprise.views.tasks.desk import Verbs, add_errors, moments, section_tabs, supervises, url, way

VERBS: Verbs = {
    "make": ("制定计划", "neutral"),
    "assign": ("分配批次", "neutral"),
    "export": ("导出结果", "neutral"),
    "close": ("结束计划", "good"),
}


def _badge(plan: Any) -> Badge:
    if plan.closed_at:
        return Badge("已结束", "neutral")
    return Badge("已超期", "bad") if plan.due < timezone.localdate() else Badge("进行中", "info")


PLANS = Table(
    name="plans",
    columns=(
        Column(name="name", label="计划", lead=True),
        Column(name="scope", label="范围", value="get_scope_display"),
        Column(name="state", label="状态", value=_badge, kind="badge"),
        Column(name="total", label="备案数", kind="number"),
        Column(name="progress", label="进度", template="enterprise/tasks/progress_cell.html"),
        Column(name="due", label="完成期限", kind="date", sort="due"),
        Column(name="created", label="制定时间", value="created_at", kind="moment", sort="created_at"),
    ),
    order="-created",
)
BATCHES = Table(
    name="batches",
    columns=(
        Column(name="number", label="批次", value=lambda batch: f"第{batch.number}批", sort="number", lead=True),
        Column(name="person", label="负责人", value="assigned_to"),
        Column(name="progress", label="进度", template="enterprise/tasks/progress_cell.html"),
    ),
    order="number",
)


@require_safe
def stock_plans(request: NodeRequest, isp: int) -> HttpResponse:
    """List the plans and how far they are."""
    counted = progress_of_plans(request.node)
    rows = StockPlan.objects.filter(provider=request.node)
    page = PLANS.page(rows, request, row_url=lambda plan: url(request.node, "stock_plan", pk=plan.pk))
    for plan in page.objects:
        plan.progress = counted[plan.pk]
    context = {
        "section_tabs": section_tabs(request, "stock_plans"),
        "page": page,
        "supervises": supervises(request),
    }
    return render(request, "enterprise/tasks/plans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def stock_new(request: NodeRequest, isp: int) -> HttpResponse:
    """Make a plan."""
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = stock.make_plan(request.node, form.draft(), request.user)
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(
                request, f"计划已制定：{plan.total}份备案，分{plan.batches.count()}批。请分配给核验的人员。"
            )
            return redirect(url(request.node, "stock_plan", pk=plan.pk))
    context = {"form": form, "crumbs": way(request.node, "stock_plans"), "back": url(request.node, "stock_plans")}
    status = 422 if request.method == "POST" else 200
    return render(request, "enterprise/tasks/plan_new.html", context, status=status)


@require_safe
def stock_plan(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show a plan: how far it is, by batch and by person."""
    plan = plan_of(request, pk)
    counted = progress(plan)
    items_url = url(request.node, "stock_items", pk=pk)
    rows = plan.batches.select_related("assigned_to")
    page = BATCHES.page(rows, request, row_url=lambda batch: f"{items_url}?batch={batch.number}")
    for batch in page.objects:
        batch.progress = counted.batches[batch.pk]
    names = dict(office_people(request.node).values_list("pk", "name"))
    people = [
        (names.get(person, f"人员 {person}") if person else "未分配", f"{items_url}?person={person or ''}", each)
        for person, each in sorted(counted.people.items(), key=lambda found: -found[1].total)
    ]
    context = {
        "plan": plan,
        "badge": _badge(plan),
        "crumbs": way(request.node, "stock_plans"),
        "page": page,
        "whole": counted.whole,
        "gauge": Gauge("已完成", counted.whole.settled, max(counted.whole.total, 1), tone="good"),
        "people": people,
        "form": SpreadForm(provider=request.node),
        "supervises": supervises(request) and plan.closed_at is None,
        "items_url": items_url,
        "moments": _moments(request, plan),
    }
    return render(request, "enterprise/tasks/plan.html", context)


@require_POST
def stock_assign(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Give the chosen batches to people, in turn."""
    plan = plan_of(request, pk)
    form = SpreadForm(request.POST, provider=request.node)
    if "all" in request.POST:
        chosen = list(plan.batches.filter(assigned_to=None).values_list("pk", flat=True))
    else:
        chosen = [number for each in request.POST.getlist("chosen") if (number := row_number(each)) is not None]
    people = [form.known[each] for each in form.cleaned_data["people"]] if form.is_valid() else []
    try:
        count = stock.assign(request.node, pk, chosen, people, request.user)
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        words = f"分配给{'、'.join(map(str, people))}" if people else "改为未分配"
        messages.success(request, f"{count}批已{words}。")
    return redirect(url(request.node, "stock_plan", pk=pk))


@require_POST
def stock_close(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """End a plan."""
    plan_of(request, pk)
    try:
        stock.close(request.node, pk, request.user)
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "计划已结束，不再接受新的结果。")
    return redirect(url(request.node, "stock_plan", pk=pk))


@require_safe
def stock_results(request: NodeRequest, isp: int, pk: int) -> StreamingHttpResponse:
    """Give the results of a plan as a file; that is written down."""
    plan = plan_of(request, pk)
    stock.note_export(plan, request.user)
    response = StreamingHttpResponse(csv_lines(plan), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{plan.name}.csv")
    return response


def plan_of(request: NodeRequest, pk: int) -> StockPlan:
    """Give a plan of this provider; 404 for any other."""
    plan = StockPlan.objects.filter(provider=request.node, pk=pk).select_related("provider").first()
    if plan is None:
        raise Http404(f"no plan {pk} at {request.node.code}")
    return plan


def _moments(request: NodeRequest, plan: StockPlan) -> list[Moment]:
    return moments(stock.PLAN, plan.pk, VERBS, request.node)
