"""Documents from the bureau: what each held, whether it was applied, and applying one again that could not be."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beian.models import Event
from beian.services.refusals import ServiceError
from beian.web.components import Badge, Moment, Term, Tone
from beian.web.filters import Filters, choice, days, text
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from enterprise.forms.connection import ReasonForm
from enterprise.gateway import verbs
from enterprise.gateway.opening import SUBJECT
from enterprise.models import Incoming, IncomingState, Task
from enterprise.views.connection.own import administers, crumbs, hand_over, page_url, supervises, tabs

TONES: dict[str, Tone] = {
    IncomingState.STORED: "info",
    IncomingState.APPLIED: "info",
    IncomingState.FAILED: "bad",
    IncomingState.HELD: "warn",
    IncomingState.ACKNOWLEDGED: "good",
}
SECTIONS = {
    "results": "备案结果",
    "opinions": "审核意见",
    "filings": "备案数据",
    "cancelled": "注销数据",
    "blacklisted_sponsors": "黑名单主体",
    "blacklisted_websites": "黑名单网站",
    "illegal_accesses": "非法接入",
    "unfiled_websites": "未备案网站",
    "check_tasks": "核实任务",
    "sponsor_inspections": "主体核查",
    "access_inspections": "接入核查",
    "shell_inspections": "空壳网站",
    "liveness_inspections": "网站存活核查",
    "corrections": "整改通知",
    "units": "报备单位",
    "code_tables": "基础代码表",
    "synchronised": "同步的备案",
}
"""What the sections of a download are called on screens, by the attributes of `DownloadDocument`."""

EVENTS: dict[str, tuple[str, Tone]] = {
    "fetched": ("取回并保存", "neutral"),
    "applied": ("处理完毕", "good"),
    "failed": ("处理失败", "bad"),
    "held": ("暂不确认，等待处置", "warn"),
    "acknowledged": ("已向管局确认", "good"),
    "apply_again": ("重新处理", "info"),
    "applied_again": ("重新处理", "info"),
    "handed_over": ("下载文件", "neutral"),
}


def state(incoming: Incoming) -> Badge:
    """Where a document stands."""
    return Badge(incoming.get_state_display(), TONES[incoming.state])


def contents(incoming: Incoming) -> str:
    """Say in words what a document holds."""
    return "、".join(f"{SECTIONS.get(name, name)}{count}条" for name, count in incoming.summary.items())


TABLE = Table(
    name="incoming",
    columns=(
        Column(name="file_name", label="文件名", kind="code", lead=True),
        Column(name="state", label="状态", value=state, kind="badge"),
        Column(name="contents", label="内容", value=contents),
        Column(name="size", label="大小", kind="number", template="enterprise/connection/size.html"),
        Column(name="fetched", label="取回时间", value="fetched_at", kind="moment", sort="id"),
        Column(name="acknowledged", label="确认时间", value="acknowledged_at", kind="moment"),
    ),
    order="-fetched",
)
FILTERS = (
    text("q", "文件名", "file_name__contains", max_length=255),
    choice("state", "状态", "state", IncomingState.choices),
    *days("fetched", "取回", "fetched_at"),
)


@require_safe
def connection_incoming(request: NodeRequest, isp: int) -> HttpResponse:
    """List the documents, the latest first."""
    filters = Filters(FILTERS, request.GET)
    page = TABLE.page(
        filters.apply(Incoming.objects.filter(provider=request.node)),
        request,
        row_url=lambda row: page_url(request.node, "connection_incoming_document", pk=row.pk),
    )
    context = {"filters": filters, "page": page, "tabs": tabs(request, "connection_incoming")}
    return render(request, "enterprise/connection/incoming.html", context | {"crumbs": crumbs(request.node)})


@require_http_methods(["GET", "HEAD", "POST"])
def connection_incoming_document(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show a document; give its file, by POST with a reason, to an administrator."""
    incoming = _own(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        if not administers(request):
            raise Http404("documents are handed to administrators")
        if form.is_valid() and _is_there(incoming):
            name = f"{incoming.pk}.xml" if incoming.readable else f"{incoming.pk}.bin"
            return hand_over(request, incoming, SUBJECT, name, form.cleaned_data["reason"])
    context = {
        "document": incoming,
        "badge": state(incoming),
        "terms": _terms(incoming),
        "counts": [(SECTIONS.get(name, name), count) for name, count in incoming.summary.items()],
        "moments": _moments(incoming),
        "held_by": _held_by(incoming),
        "form": form,
        "administers": administers(request),
        "supervises": supervises(request),
        "is_there": _is_there(incoming),
        "crumbs": crumbs(request.node, ("下发文件", "connection_incoming")),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "enterprise/connection/incoming_document.html", context, status=status)


@require_POST
def connection_apply_again(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Apply a document again that could not be applied."""
    _own(request, pk)
    try:
        incoming = verbs.apply_again(pk, request.user)
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        if incoming.problem:
            messages.error(request, "仍然不能处理，原因见下。")
        else:
            messages.success(request, "已重新处理。")
    return redirect(page_url(request.node, "connection_incoming_document", pk=pk))


def _own(request: NodeRequest, pk: int) -> Incoming:
    incoming = Incoming.objects.select_related("provider").filter(provider=request.node, pk=pk).first()
    if incoming is None:
        raise Http404(f"no document {pk} here")
    return incoming


def _is_there(incoming: Incoming) -> bool:
    return incoming.removed_at is None


def _held_by(incoming: Incoming) -> list[Task]:
    return list(incoming.tasks.filter(holds=True, state="open").order_by("id")[:20])


def _terms(incoming: Incoming) -> list[Term]:
    return [
        Term("大小", f"{incoming.size:,}字节"),
        Term("取回时间", incoming.fetched_at),
        Term("处理时间", incoming.applied_at),
        Term("确认时间", incoming.acknowledged_at, flag="" if incoming.acknowledged_at else "尚未向管局确认"),
    ]


def _moments(incoming: Incoming) -> list[Moment]:
    rows: Any = Event.objects.filter(subject_kind=SUBJECT, subject=str(incoming.pk), node=incoming.provider)
    return [
        Moment(
            event.at,
            EVENTS.get(event.verb, (event.verb, "neutral"))[0],
            event.actor_name if event.actor_id else "",
            event.reason or str(event.data.get("problem", "")),
            EVENTS.get(event.verb, (event.verb, "neutral"))[1],
        )
        for event in rows.order_by("-id")[:50]
    ]
