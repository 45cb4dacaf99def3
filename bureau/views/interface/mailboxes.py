"""Mailboxes: what waits for each provider and since when, what it fetched, what it acknowledged."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from beian.web.components import Badge, Crumb
from beian.web.filters import Filters, cases, text
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from bureau.services import mailboxes as services
from bureau.views.interface.office import (
    Act,
    account_of,
    ask_and_act,
    below,
    bureau_url,
    crumbs,
    manages,
    standing,
    tabs,
)
from interface.models import Outcome, Parcel

LEFT_OUT_SHOWN = 50


def wait(account: Any) -> Badge:
    """Say whether the mailbox of an account, as `overview` gives it, is emptied as it should be."""
    since = min(filter(None, (account.since, account.outstanding_since)), default=None)
    if since is None:
        return Badge("无等待", "good")
    return Badge("长时间未取", "bad") if services.is_late(since) else Badge("等待下载", "info")


OVERVIEW = Table(
    name="mailboxes",
    columns=(
        Column(name="name", label="接入商", value="provider.name", sort="provider__name", lead=True),
        Column(name="wait", label="状态", value=wait, kind="badge"),
        Column(name="waiting", label="排队条数", kind="number", sort="waiting"),
        Column(name="since", label="最早排队", kind="moment", sort="since", nullable=True),
        Column(name="outstanding_pieces", label="待确认条数", kind="number"),
        Column(name="outstanding_fetched", label="已取次数", kind="number"),
        Column(name="last_acknowledged", label="最近确认", kind="moment", sort="last_acknowledged", nullable=True),
    ),
    order="since",
)
FILTERS = (
    text("q", "单位名称或标识", "provider__name__contains", "isp_id__startswith"),
    cases(
        "state",
        "信箱",
        {
            "waiting": ("有等待下载的", lambda: Q(waiting__gt=0)),
            "outstanding": ("有已取未确认的", lambda: Q(outstanding_fetched__gt=0)),
            "empty": ("无等待", lambda: Q(waiting=0, outstanding_since=None)),
        },
    ),
)
HISTORY = Table(
    name="parcels",
    columns=(
        Column(name="file_name", label="文件名", kind="code"),
        Column(name="kind", label="内容", value="get_kind_display"),
        Column(name="pieces", label="条数", kind="number"),
        Column(name="built_at", label="生成时间", kind="moment"),
        Column(name="times_fetched", label="下载次数", kind="number"),
        Column(name="acknowledged_at", label="确认时间", kind="moment", sort="acknowledged_at"),
        Column(name="again", label="操作", template="bureau/mailboxes/again.html"),
    ),
    order="-acknowledged_at",
)


@require_safe
def mailboxes(request: NodeRequest, province: int) -> HttpResponse:
    """List the mailboxes of the bureau's providers, the longest wait first."""
    filters = Filters(FILTERS, request.GET)
    page = OVERVIEW.page(
        filters.apply(services.overview(request.node)),
        request,
        row_url=lambda account: bureau_url(request.node, "mailbox", isp_id=account.isp_id),
    )
    return render(request, "bureau/mailboxes/list.html", {"filters": filters, "page": page})


@require_safe
def mailbox(request: NodeRequest, province: int, isp_id: int) -> HttpResponse:
    """Show one provider's mailbox."""
    account = account_of(request, isp_id)
    page = HISTORY.page(services.acknowledged(account), request)
    may_hand_out = manages(request)
    for parcel in page.objects:
        parcel.again_url = (
            bureau_url(request.node, "mailbox_again", isp_id=isp_id, parcel=parcel.pk) if may_hand_out else ""
        )
    context = {
        "account": account,
        "badge": standing(account),
        "crumbs": crumbs(request.node),
        "tabs": tabs(account, "mailbox"),
        "waiting": [(each, services.is_late(each.since)) for each in services.waiting(account)],
        "outstanding": services.outstanding(account),
        "left_out": Outcome.objects.filter(account=account).exclude(left_out="").order_by("-id")[:LEFT_OUT_SHOWN],
        "page": page,
    }
    return render(request, "bureau/mailboxes/show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def mailbox_again(request: NodeRequest, province: int, isp_id: int, parcel: int) -> HttpResponse:
    """Hand out an acknowledged parcel again, with a reason."""
    account = account_of(request, isp_id)
    acknowledged: Parcel | None = services.acknowledged(account).filter(pk=parcel).first()
    if acknowledged is None:
        raise Http404(f"no acknowledged parcel {parcel} of {isp_id}")
    back = bureau_url(request.node, "mailbox", isp_id=isp_id)

    def perform(reason: str) -> str:
        pieces = services.hand_out_again(request.node, isp_id, request.user, parcel, reason)
        return f"{pieces}条内容已重新排队，接入商下次下载时取得。"

    return ask_and_act(
        request,
        Act(
            title=f"重新下发 {acknowledged.file_name}",
            warning=(
                f"该文件含{acknowledged.pieces}条{acknowledged.get_kind_display()}，接入商已确认收到。"
                "仅在接入商的系统丢失了这些数据时重新下发：它会再次收到同样的内容，备案数据以现在的为准。"
            ),
            submit="重新下发",
            dangerous=False,
            back=back,
            crumbs=[*below(account), Crumb("下发信箱", back)],
            perform=perform,
        ),
    )
