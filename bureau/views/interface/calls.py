"""The call log: every call of the interface at this bureau, with the reason of its answer in plain words."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.models import Node
from beian.web.components import Badge
from beian.web.filters import Filter, Filters, choice, days, flag, text
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from bureau.queries.calls import OPERATIONS, REFUSED, SERVED
from bureau.views.interface.office import bureau_url
from interface.codes import Code
from interface.models import CallLog, ProviderAccount


def answer(call: CallLog) -> Badge:
    """Give the answer's code as a badge: what was served in green, a fault without a code in words."""
    if call.code is None:
        return Badge("不是调用", "bad")
    return Badge(str(call.code), "good" if call.code == Code.OK else "neutral" if call.code in SERVED else "bad")


def operation(call: CallLog) -> str:
    """Name the operation in words; one that is none as it was written."""
    return OPERATIONS.get(call.operation, call.operation)


TABLE = Table(
    name="calls",
    columns=(
        Column(name="at", label="时间", kind="moment", sort="id"),
        Column(name="answer", label="返回代码", value=answer, kind="badge"),
        Column(name="provider", label="接入商", template="bureau/calls/provider.html"),
        Column(name="operation", label="操作", value=operation),
        Column(name="address", label="来源地址", kind="code"),
        Column(name="reason", label="说明", template="bureau/calls/reason.html"),
        Column(name="size", label="请求大小", value="request_size", kind="number", template="bureau/calls/size.html"),
        Column(name="milliseconds", label="耗时（毫秒）", kind="number"),
    ),
    order="-at",
    sizes=(50, 20, 100),
)


def filters_at(bureau: Node) -> tuple[Filter, ...]:
    """Give what the log is narrowed by: the bureau's own providers, the codes that calls know."""
    accounts = ProviderAccount.objects.filter(bureau=bureau).order_by("isp_id")
    return (
        choice("isp_id", "接入商", "isp_id", lambda: accounts.values_list("isp_id", "provider__name")),
        choice("operation", "操作", "operation", OPERATIONS.items()),
        choice("code", "返回代码", "code", [(int(code), f"{int(code)} {code.message}"[:40]) for code in Code]),
        text("address", "来源地址", "address__startswith", placeholder="例如 203.0.113.", max_length=45),
        *days("at", "时间", "at"),
        flag("refused", "只看被拒绝的", lambda: REFUSED),
    )


@require_safe
def calls(request: NodeRequest, province: int) -> HttpResponse:
    """List the calls, the latest first."""
    filters = Filters(filters_at(request.node), request.GET)
    found = CallLog.objects.filter(bureau=request.node).select_related("account__provider")
    page = TABLE.page(filters.apply(found), request)
    for call in page.objects:
        call.provider_url = bureau_url(request.node, "provider", isp_id=call.account.isp_id) if call.account else ""
    return render(request, "bureau/calls/list.html", {"filters": filters, "page": page})
