"""Closures: what is cut, by whom."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from beian.services.refusals import ServiceError
from beian.web.requests import NodeRequest
from enterprise.forms.tasks import CutForm, NothingForm
from enterprise.models import TaskState
from enterprise.services import closures
from enterprise.views.tasks.desk import add_errors, task_of, url
from enterprise.views.tasks.page import show


@require_POST
def task_cut(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Note that the chosen lines are cut."""
    task, form = task_of(request, pk), CutForm(request.POST, auto_id="cut_%s")
    form.fields["lines"].choices = [(str(each), "") for each in task.cuts.values_list("pk", flat=True)]  # type: ignore[attr-defined]
    if form.is_valid():
        values = form.cleaned_data
        try:
            done = closures.cut(
                request.node,
                pk,
                [int(each) for each in values["lines"]],
                request.user,
                by_name=values["by"],
                note=values["note"],
                version=values["version"],
            )
        except ServiceError as error:
            add_errors(form, error)
        else:
            words = "全部停止，任务办结；系统随后向管局确认收到数据。" if done.state == TaskState.DONE else "已记录。"
            messages.success(request, words)
            return redirect(url(request.node, "task", pk=pk))
    return show(request, task, forms={"cut": form}, status=422)


@require_POST
def task_nothing(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Close a closure of which nothing is known that would have to be cut."""
    task, form = task_of(request, pk), NothingForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            closures.nothing_to_cut(request.node, pk, request.user, values["why"], version=values["version"])
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, "已记录核对情况，任务办结。")
            return redirect(url(request.node, "task", pk=pk))
    return show(request, task, forms={"nothing": form}, status=422)
