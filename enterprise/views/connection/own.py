"""What the pages about the connection share: whose it is, the tabs, the operations in words."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse

from beian import events, store
from beian.models import Node, Role
from beian.web.components import Crumb, Tab
from beian.web.navigation import kwargs_of
from beian.web.requests import NodeRequest
from enterprise.models import Connection, Incoming, Outgoing

OPERATIONS = {
    "isp_upload": "上报",
    "isp_download": "下载",
    "isp_downloadack": "下载确认",
    "isp_querypreviousupload": "查询上次上报",
    "isp_querybeianstatus": "查询备案状态",
    "isp_verifybamm": "校验备案密码",
}
"""The six operations (spec, 企业端接口)."""

PAGES = (
    ("connection", "概况"),
    ("connection_try", "测试"),
    ("connection_calls", "调用记录"),
    ("connection_outgoing", "上报文件"),
    ("connection_incoming", "下发文件"),
    ("connection_history", "对接记录"),
)
ADMINISTRATORS_ONLY = frozenset({"connection_try"})


def page_url(node: Node, name: str, **kwargs: object) -> str:
    """Give the URL of one of the provider's pages."""
    return reverse(f"enterprise:{name}", kwargs={**kwargs_of(node), **kwargs})


def connection_of(node: Node) -> Connection | None:
    """Give the provider's connection; None where its parameters were never entered."""
    return Connection.objects.select_related("provider").filter(provider=node).first()


def require_connection(node: Node) -> Connection:
    """Give the provider's connection, or answer 404."""
    found = connection_of(node)
    if found is None:
        raise Http404(f"{node.code} has no connection")
    return found


def administers(request: NodeRequest) -> bool:
    """Tell whether the person may change the connection; others read."""
    return Role.ADMINISTRATOR in request.membership_roles


def supervises(request: NodeRequest) -> bool:
    """Tell whether the person may get a loop going again."""
    return bool({Role.ADMINISTRATOR, Role.SUPERVISOR} & request.membership_roles)


def tabs(request: NodeRequest, current: str) -> list[Tab]:
    """Give the pages about the connection that are open to the person."""
    return [
        Tab(label, page_url(request.node, name), name == current)
        for name, label in PAGES
        if name not in ADMINISTRATORS_ONLY or administers(request)
    ]


def crumbs(node: Node, *steps: tuple[str, str]) -> list[Crumb]:
    """Give the way to a page below the connection's."""
    first = Crumb("对接配置", page_url(node, "connection"))
    return [first, *(Crumb(label, page_url(node, name)) for label, name in steps)]


def hand_over(request: NodeRequest, row: Outgoing | Incoming, subject: str, name: str, reason: str) -> HttpResponse:
    """Give a document's file to an administrator, and write down that he has it, and why.

    Answers 404 where the store has lost it.
    """
    try:
        data = store.get(row.content)
    except store.Missing:
        raise Http404(f"the store does not have the file of {subject} {row.pk}") from None
    events.record(subject, row.pk, "handed_over", node=request.node, actor=request.user, reason=reason)
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
