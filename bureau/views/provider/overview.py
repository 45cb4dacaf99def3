"""What a provider should know at a glance: what needs its attention, what is under way, how its account stands."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from beian.advice import advise
from beian.web.components import Term
from beian.web.requests import NodeRequest
from bureau.queries.attention import Attention, Standing, attention, standing_of
from bureau.queries.calls import REFUSED
from bureau.queries.provider import calls_of
from bureau.views.interface.account_page import endpoint_of, hours_of
from bureau.views.interface.office import permissions, standing
from bureau.views.provider.own import own_account, own_url
from interface.models import CallLog

LATEST = 5


@require_safe
def mine(request: NodeRequest, province: int) -> HttpResponse:
    """Show the situation of the provider."""
    account = own_account(request)
    situation = standing_of(account)
    refused: list[CallLog] = list(calls_of(account).filter(REFUSED).order_by("-id")[:LATEST])
    context = {
        "account": account,
        "badge": standing(account),
        "standing": situation,
        "attention": [(each, _url(request, each)) for each in attention(situation)],
        "records_url": own_url(request, "my_records"),
        "calls_url": f"{own_url(request, 'my_calls')}?refused=1",
        "refused": [(call, advise(call.code)) for call in refused],
        "terms": account_terms(situation),
    }
    return render(request, "bureau/provider/overview.html", context)


def _url(request: NodeRequest, item: Attention) -> str:
    if not item.page:
        return ""
    address = reverse(f"bureau:{item.page}", kwargs={"province": request.node.province})
    return f"{address}?{item.query}" if item.query else address


def account_terms(situation: Standing) -> list[Term]:
    """Give the account as the provider may hold its own settings against it."""
    account = situation.account
    addresses = "、".join(situation.addresses)
    return [
        Term("报备单位标识（ispID）", account.isp_id, code=True),
        Term("用户名（userName）", account.user_name, code=True),
        Term("登记地址", addresses or "无", note="从其他地址调用得到13", code=bool(addresses)),
        Term("报备权限", permissions(account)),
        Term("报备时间", hours_of(account), note="" if account.hours_from is None else "此外上报得到20"),
        Term("下载数据", "AES加密" if account.encrypt_downloads else "不加密"),
        Term("已受理到上报序号", account.last_sequence, note=f"下一份应为{account.last_sequence + 1}"),
        Term("接口地址", endpoint_of(account), code=True, wide=True),
    ]
