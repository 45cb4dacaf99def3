"""Notices, inspection results, illegal accesses: what was sent, and writing one to a provider."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from beian.services.refusals import ServiceError
from beian.web.components import Tab
from beian.web.filters import Filters, cases, choice, days, text
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from bureau.forms.tasks import CORRECTION_DAYS, NOTICE_FORMS, in_working_days
from bureau.models import BureauNotice, NoticeKind
from bureau.queries.delivery import ACKNOWLEDGED, FETCHED, QUEUED, of_row, with_delivery
from bureau.services import notices as services
from bureau.views.interface.office import add_errors, bureau_url
from bureau.views.tasks.desk import section_tabs, way

LEADS = {
    NoticeKind.CORRECTION: "要求接入商督促主办者更正备案信息，或停止接入。",
    NoticeKind.SPONSOR_INSPECTION: "主体证件核查发现的错误。",
    NoticeKind.ACCESS_INSPECTION: "域名解析与报备的接入不符：多报或少报。",
    NoticeKind.SHELL_INSPECTION: "没有接入信息的网站是否仍在运行。",
    NoticeKind.LIVENESS_INSPECTION: "有接入信息而无法访问的网站。",
    NoticeKind.ILLEGAL_ACCESS: "未经许可接入的域名，列入非法接入黑名单。",
}
TABLE = Table(
    name="notices",
    columns=(
        Column(name="subject", label="对象", lead=True),
        Column(name="kind", label="类别", value="get_kind_display"),
        Column(name="text", label="内容"),
        Column(name="provider", label="接入商", value="account.provider.name"),
        Column(name="delivery", label="下发", value=of_row, kind="badge"),
        Column(name="sent_by", label="下发人"),
        Column(name="sent_at", label="下发时间", kind="moment", sort="sent_at"),
    ),
    order="-sent_at",
)
FILTERS = (
    text("q", "对象、内容或接入商", "subject__contains", "text__contains", "account__provider__name__contains"),
    choice("kind", "类别", "kind", NoticeKind.choices),
    cases(
        "delivery",
        "下发",
        {
            "queued": ("排队待取", lambda: QUEUED),
            "fetched": ("已取待确认", lambda: FETCHED),
            "acknowledged": ("已确认收到", lambda: ACKNOWLEDGED),
        },
    ),
    *days("sent", "下发日期", "sent_at"),
)


@require_safe
def notices(request: NodeRequest, province: int) -> HttpResponse:
    """List what the bureau wrote to its providers."""
    filters = Filters(FILTERS, request.GET)
    rows = filters.apply(BureauNotice.objects.at(request.node)).select_related("account__provider", "sent_by")
    page = TABLE.page(with_delivery(rows.defer("record")), request)
    context = {
        "tabs": section_tabs(request, "notices"),
        "filters": filters,
        "page": page,
        "new_url": _new_url(request, NoticeKind.CORRECTION),
    }
    return render(request, "bureau/tasks/notices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_new(request: NodeRequest, province: int, kind: str) -> HttpResponse:
    """Write one to a provider."""
    if kind not in NoticeKind.values:
        raise Http404(f"no kind of notice: {kind}")
    chosen = NoticeKind(kind)
    initial = {"checked": timezone.localdate(), "due": in_working_days(CORRECTION_DAYS)}
    form = NOTICE_FORMS[chosen](request.POST or None, bureau=request.node, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.send(request.node, request.user, form.cleaned_data["isp_id"], chosen, form.draft())
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"{chosen.label}已下发，接入商下次下载时取得。")
            return redirect(bureau_url(request.node, "notices"))
    context = {
        "form": form,
        "kind": chosen,
        "lead": LEADS[chosen],
        "kinds": [Tab(each.label, _new_url(request, each), each == chosen) for each in NoticeKind],
        "crumbs": way(request.node, "notices"),
        "back": bureau_url(request.node, "notices"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "bureau/tasks/notice_new.html", context, status=status)


def _new_url(request: NodeRequest, kind: NoticeKind) -> str:
    return bureau_url(request.node, "notice_new", kind=kind.value)
