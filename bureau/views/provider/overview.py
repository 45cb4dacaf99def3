"""What a provider should know at a glance, and the answers to what providers ask."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.web.components import Term
from beian.web.requests import NodeRequest
from bureau.advice import advise
from bureau.queries.provider import records_of
from bureau.services import mailboxes
from bureau.views.interface.calls import REFUSED
from bureau.views.interface.office import permissions, standing
from bureau.views.provider.own import own_account, own_url
from bureau.workflow import OPEN, State
from interface.models import CallLog, ProviderAccount, Upload, UploadState

LATEST = 5


@require_safe
def mine(request: NodeRequest, province: int) -> HttpResponse:
    """Show what waits, what was refused, how the account stands."""
    account = own_account(request)
    refused = list(CallLog.objects.filter(REFUSED, account=account).order_by("-id")[:LATEST])
    records = records_of(account)
    context = {
        "account": account,
        "badge": standing(account),
        "terms": _terms(account),
        "waiting": [(each, mailboxes.is_late(each.since)) for each in mailboxes.waiting(account)],
        "outstanding": mailboxes.outstanding(account),
        "processing": Upload.objects.filter(account=account, state=UploadState.RECEIVED).count(),
        "in_review": records.filter(state__in=sorted(OPEN)).count(),
        "forwarded": records.filter(state=State.FORWARDED).count(),
        "refused": [(call, advise(call.code)) for call in refused],
        "last_call": CallLog.objects.filter(account=account).order_by("-id").first(),
        "mailbox_url": own_url(request, "my_mailbox"),
        "records_url": own_url(request, "my_records"),
        "calls_url": own_url(request, "my_calls"),
    }
    return render(request, "bureau/provider/overview.html", context)


@require_safe
def my_help(request: NodeRequest, province: int) -> HttpResponse:
    """Answer what providers had to ask in training, with this provider's own facts."""
    account = own_account(request)
    thirteen = CallLog.objects.filter(account=account, code=13).order_by("-id").first()
    context = {"account": account, "terms": _terms(account), "thirteen": thirteen}
    return render(request, "bureau/provider/help.html", context)


def _terms(account: ProviderAccount) -> list[Term]:
    """Give the account as the provider may check its own settings against it."""
    addresses = "、".join(account.addresses.order_by("id").values_list("network", flat=True))
    hours = (
        f"{account.hours_from:%H:%M}–{account.hours_to:%H:%M}" if account.hours_from and account.hours_to else "全天"
    )
    return [
        Term("报备单位标识", account.isp_id, code=True),
        Term("用户名", account.user_name, code=True),
        Term(
            "登记地址", addresses or "无", note="从其他地址调用得到13", flag="" if addresses else "一切调用都将得到13"
        ),
        Term("报备权限", permissions(account)),
        Term("报备时间", hours),
        Term("下载加密", "AES" if account.encrypt_downloads else "不加密"),
        Term("最近受理的上报序号", account.last_sequence, note=f"下一个为{account.last_sequence + 1}"),
    ]
