"""Unfiled websites: what was done about one, or the same about several."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from beian.services.refusals import ServiceError
from beian.web.requests import NodeRequest, row_number
from enterprise.forms.tasks import HandlingForm
from enterprise.models import Task, TaskKind, TaskState
from enterprise.services import unfiled as services
from enterprise.views.tasks.desk import add_errors, task_of, url, way
from enterprise.views.tasks.page import reporter_of, show


@require_POST
def task_unfiled(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Report what was done about one website."""
    task = task_of(request, pk)
    form = HandlingForm(request.POST, ask_due=task.due is None)
    if form.is_valid():
        try:
            services.report(request.node, pk, form.handling(), request.user, version=form.cleaned_data["version"])
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, "处理结果已加入上报队列；管局接收后任务办结。")
            return redirect(url(request.node, "task", pk=pk))
    return show(request, task, forms={"handling": form}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def tasks_unfiled(request: NodeRequest, isp: int) -> HttpResponse:
    """Report the same of the chosen websites: all of them, or none."""
    said = request.POST if request.method == "POST" else request.GET
    chosen = [number for each in said.getlist("chosen") if (number := row_number(each)) is not None]
    rows = list(
        Task.objects.filter(provider=request.node, kind=TaskKind.UNFILED, state=TaskState.OPEN, pk__in=chosen).order_by(
            "due", "pk"
        )
    )
    back = f"{url(request.node, 'tasks')}?kind={TaskKind.UNFILED}"
    if not rows:
        messages.error(request, "请先勾选待处理的未备案网站。")
        return redirect(back)
    ask_due = any(row.due is None for row in rows)
    form = HandlingForm(request.POST if "result" in said or "opinion" in said else None, ask_due=ask_due)
    if not form.is_bound:
        form = HandlingForm(initial=reporter_of(request), ask_due=ask_due)
    elif form.is_valid():
        try:
            done = services.report_many(request.node, [row.pk for row in rows], form.handling(), request.user)
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"{len(done)}个网站的处理结果已加入上报队列。")
            return redirect(back)
    context = {"rows": rows, "form": form, "back": back, "crumbs": way(request.node, "tasks")}
    return render(request, "enterprise/tasks/unfiled.html", context, status=422 if form.is_bound else 200)
