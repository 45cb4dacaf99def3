"""Sending a provider everything again, by order of the bureau."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from beian.web.requests import NodeRequest
from bureau.services.sending_again import send_again
from bureau.views.interface.office import Act, account_of, ask_and_act, below, bureau_url


@dataclass(frozen=True, slots=True)
class Asked:
    """How one of the orders is asked for."""

    title: str
    warning: str


ASKED = {
    "filings": Asked(
        "同步下发全部备案",
        "本局持有的、由该单位接入的全部备案按现有内容重新下发，先于信箱中的其他内容。"
        "接入商丢失数据或数据不一致时使用；数据多时分成若干文件。",
    ),
    "codes": Asked("下发基础代码", "全部代码表和报备单位列表重新下发，先于信箱中的其他内容。代码表更新后使用。"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def provider_send_again(request: NodeRequest, province: int, isp_id: int, what: str) -> HttpResponse:
    """Queue all filings or all codes for a provider, with a reason."""
    account, asked = account_of(request, isp_id), ASKED.get(what)
    if asked is None:
        raise Http404(f"nothing to send again: {what}")

    def perform(reason: str) -> str:
        send_again(request.node, isp_id, request.user, what, reason)
        return "已排队，接入商下次下载时取得。"

    return ask_and_act(
        request,
        Act(
            title=asked.title,
            warning=asked.warning,
            submit="下发",
            dangerous=False,
            back=bureau_url(request.node, "provider", isp_id=isp_id),
            crumbs=below(account),
            perform=perform,
        ),
    )
