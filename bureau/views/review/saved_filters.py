"""Filters of the queue that a reviewer keeps under a name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from beian.web.requests import NodeRequest
from bureau.forms.review import SavedFilterForm
from bureau.models import SavedFilter
from bureau.views.review.desk import Desk, queue_query

KEPT_AT_MOST = 30


@require_POST
def save_filter(request: NodeRequest, province: int) -> HttpResponse:
    """Keep the filter under its name; the same name again replaces what it stood for."""
    desk = Desk.of(request)
    query = queue_query(QueryDict(request.POST.get("query", "")))
    form = SavedFilterForm({"name": request.POST.get("name", "").strip(), "query": query})
    mine = SavedFilter.objects.filter(user=desk.user, bureau=desk.bureau)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    elif mine.exclude(name=form.cleaned_data["name"]).count() >= KEPT_AT_MOST:
        messages.error(request, f"最多保存 {KEPT_AT_MOST} 个筛选条件，请先删除不用的。")
    else:
        name = form.cleaned_data["name"]
        SavedFilter.objects.update_or_create(
            user=desk.user, bureau=desk.bureau, name=name, defaults={"query": form.cleaned_data["query"]}
        )
        messages.success(request, f"已保存筛选条件“{name}”。")
    return redirect(desk.url("queue", query))


@require_POST
def delete_filter(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Forget one of one's own filters."""
    desk = Desk.of(request)
    saved = get_object_or_404(SavedFilter, pk=pk, user=desk.user, bureau=desk.bureau)
    saved.delete()
    messages.success(request, f"已删除筛选条件“{saved.name}”。")
    return redirect(desk.url("queue", queue_query(QueryDict(request.POST.get("query", "")))))
