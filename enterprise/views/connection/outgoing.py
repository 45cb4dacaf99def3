"""Documents for the bureau: numbers, states, the cases in each, the file itself for an administrator."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from beian.models import Event
from beian.web.components import Badge, Moment, Term, Tone
from beian.web.filters import Filters, choice, days, number
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from enterprise import advice
from enterprise.forms.connection import ReasonForm
from enterprise.gateway.composing import SUBJECT
from enterprise.models import Case, Outgoing, OutgoingState
from enterprise.views.connection.own import administers, crumbs, hand_over, page_url, tabs

TONES: dict[str, Tone] = {
    OutgoingState.SENDING: "info",
    OutgoingState.ACCEPTED: "good",
    OutgoingState.REFUSED: "bad",
    OutgoingState.REPLACED: "neutral",
    OutgoingState.FORGOTTEN: "warn",
}
EVENTS: dict[str, tuple[str, Tone]] = {
    "written": ("生成文件", "neutral"),
    "accepted": ("管局已接收", "good"),
    "refused": ("管局拒收", "bad"),
    "divided": ("拆分重报", "warn"),
    "suspected": ("暂缓，先报其他", "warn"),
    "renumbered": ("改用新序号", "info"),
    "forgotten": ("管局已无记录", "bad"),
    "resolved_arrived": ("人工确认已到达", "info"),
    "resolved_resend": ("人工确认未到达，重新上报", "info"),
    "handed_over": ("下载文件", "neutral"),
}


def state(outgoing: Outgoing) -> Badge:
    """Where a document stands; one of which nobody knows whether it arrived says so."""
    if outgoing.state == OutgoingState.SENDING and outgoing.in_doubt:
        return Badge("是否到达待查", "warn")
    return Badge(outgoing.get_state_display(), TONES[outgoing.state])


TABLE = Table(
    name="outgoing",
    columns=(
        Column(name="sequence", label="上报序号", kind="number", lead=True),
        Column(name="state", label="状态", value=state, kind="badge"),
        Column(name="records", label="记录数", kind="number"),
        Column(name="size", label="大小", kind="number", template="enterprise/connection/size.html"),
        Column(name="created", label="生成时间", value="created_at", kind="moment", sort="id"),
        Column(name="sent", label="最近发送", value="sent_at", kind="moment"),
        Column(name="tries", label="发送次数", kind="number"),
        Column(name="code", label="返回码", kind="code"),
    ),
    order="-created",
)
FILTERS = (
    number("sequence", "上报序号", "sequence"),
    choice("state", "状态", "state", OutgoingState.choices),
    *days("created", "生成", "created_at"),
)
CASES = Table(
    name="outgoing_cases",
    columns=(
        Column(name="ordinal", label="序", kind="number", sort="ordinal", nullable=True),
        Column(name="reference", label="受理号", kind="code", lead=True),
        Column(name="kind", label="申请类型", value="get_kind_display"),
        Column(name="sponsor", label="主办者", value="sponsor_name"),
        Column(name="state", label="状态", value="get_state_display"),
    ),
    order="ordinal",
)


@require_safe
def connection_outgoing(request: NodeRequest, isp: int) -> HttpResponse:
    """List the documents, the latest first."""
    filters = Filters(FILTERS, request.GET)
    page = TABLE.page(
        filters.apply(Outgoing.objects.filter(provider=request.node)),
        request,
        row_url=lambda row: page_url(request.node, "connection_outgoing_document", pk=row.pk),
    )
    context = {"filters": filters, "page": page, "tabs": tabs(request, "connection_outgoing")}
    return render(request, "enterprise/connection/outgoing.html", context | {"crumbs": crumbs(request.node)})


@require_http_methods(["GET", "HEAD", "POST"])
def connection_outgoing_document(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show a document; give its file, by POST with a reason, to an administrator."""
    outgoing = Outgoing.objects.select_related("provider").filter(provider=request.node, pk=pk).first()
    if outgoing is None:
        raise Http404(f"no document {pk} here")
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        if not administers(request):
            raise Http404("documents are handed to administrators")
        if form.is_valid() and _is_there(outgoing):
            name = f"{outgoing.sequence:010d}.xml"
            return hand_over(request, outgoing, SUBJECT, name, form.cleaned_data["reason"])
    rows = Case.objects.at(request.node).filter(document=outgoing).light()
    cases = CASES.page(rows, request, row_url=lambda case: page_url(request.node, "case", pk=case.pk))
    context = {
        "document": outgoing,
        "badge": state(outgoing),
        "terms": _terms(outgoing),
        "moments": _moments(outgoing),
        "cases": cases,
        "form": form,
        "administers": administers(request),
        "is_there": _is_there(outgoing),
        "crumbs": crumbs(request.node, ("上报文件", "connection_outgoing")),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "enterprise/connection/outgoing_document.html", context, status=status)


def _is_there(outgoing: Outgoing) -> bool:
    return outgoing.removed_at is None


def _terms(outgoing: Outgoing) -> list[Term]:
    code = "" if outgoing.code is None else f"{outgoing.code} {outgoing.message}".strip()
    advised = advice.advise(outgoing.code) if outgoing.code else ""
    kept = "已按保存期限删除" if outgoing.removed_at else "至少三个月"
    return [
        Term("记录数", outgoing.records),
        Term("大小", f"{outgoing.size:,}字节"),
        Term("发送次数", outgoing.tries),
        Term("返回码", code, note=advised),
        Term("校验值", outgoing.payload_hash, code=True, note="base64(MD5(压缩文件))，与管局核对时用"),
        Term("文件保存", kept),
    ]


def _moments(outgoing: Outgoing) -> list[Moment]:
    rows = Event.objects.filter(subject_kind=SUBJECT, subject=str(outgoing.pk), node=outgoing.provider).order_by("-id")
    return [
        Moment(
            event.at,
            EVENTS.get(event.verb, (event.verb, "neutral"))[0],
            event.actor_name if event.actor_id else "",
            event.reason or str(event.data.get("because", "")),
            EVENTS.get(event.verb, (event.verb, "neutral"))[1],
        )
        for event in rows[:50]
    ]
