"""A provider's mailbox: what waits since when, what was fetched and not confirmed, and what each file held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from beian.web.components import Badge, Crumb, Tab, Term
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from bureau.queries.provider import WAITING, pieces_of, subjects_of
from bureau.queries.topics import topics
from bureau.queries.whereabouts import clock
from bureau.services import mailboxes
from bureau.views.interface.mailboxes import HISTORY as BUREAU_HISTORY
from bureau.views.interface.mailboxes import LEFT_OUT_SHOWN
from bureau.views.provider.own import own_account, own_url
from interface.models import Parcel, ProviderAccount

PIECES = Table(
    name="pieces",
    columns=(
        Column(name="subject", label="关于", template="bureau/provider/piece.html"),
        Column(name="kind", label="内容", value="get_kind_display"),
        Column(name="queued_at", label="进入信箱", kind="moment", sort="id"),
    ),
    order="queued_at",
)
HISTORY = replace(
    BUREAU_HISTORY,
    columns=tuple(
        replace(column, lead=column.name == "file_name") for column in BUREAU_HISTORY.columns if column.name != "again"
    ),
)


@require_safe
def my_mailbox(request: NodeRequest, province: int) -> HttpResponse:
    """Show what waits for the provider's system, piece by piece, and the file that it has yet to confirm."""
    account = own_account(request)
    page = PIECES.page(pieces_of(account).filter(WAITING), request)
    left_out = list(pieces_of(account).exclude(left_out="").order_by("-id")[:LEFT_OUT_SHOWN])
    name(account, [*page.objects, *left_out])
    context = {
        "tabs": _tabs(request, "my_mailbox"),
        "waiting": [(each, mailboxes.is_late(each.since)) for each in mailboxes.waiting(account)],
        "outstanding": (parcel := mailboxes.outstanding(account)),
        "outstanding_url": parcel and own_url(request, "my_parcel", pk=parcel.pk),
        "left_out": left_out,
        "page": page,
    }
    return render(request, "bureau/provider/mailbox.html", context)


@require_safe
def my_parcels(request: NodeRequest, province: int) -> HttpResponse:
    """List the files that the provider's system confirmed, the latest first."""
    account = own_account(request)
    page = HISTORY.page(
        mailboxes.acknowledged(account), request, row_url=lambda each: own_url(request, "my_parcel", pk=each.pk)
    )
    return render(request, "bureau/provider/parcels.html", {"tabs": _tabs(request, "my_parcels"), "page": page})


@require_safe
def my_parcel(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Show what one file held."""
    account = own_account(request)
    parcel = get_object_or_404(Parcel.objects.defer("content").filter(account=account), pk=pk)
    page = PIECES.page(pieces_of(account).filter(parcel=parcel), request)
    name(account, page.objects)
    context = {
        "parcel": parcel,
        "badge": Badge("已确认", "good") if parcel.acknowledged_at else Badge("未确认", "warn"),
        "crumbs": [Crumb("信箱", own_url(request, "my_mailbox"))],
        "terms": [
            Term("内容", f"{parcel.pieces}条{parcel.get_kind_display()}"),
            Term("首次下载", clock(parcel.first_fetched_at) or "尚未下载"),
            Term("下载次数", parcel.times_fetched),
            Term("确认时间", clock(parcel.acknowledged_at) or "尚未确认"),
        ],
        "page": page,
    }
    return render(request, "bureau/provider/parcel.html", context)


def name(account: ProviderAccount, pieces: Sequence[Any]) -> None:
    """Write on each piece what it is about (`subject`), and where that stands (`url`). Four queries at most."""
    records, named = subjects_of(account, pieces), topics(account.bureau, pieces)
    for piece in pieces:
        record = records.get((piece.about, piece.correlation))
        word, _, rest = piece.about.partition(":")
        if record:
            piece.subject, piece.url = record.sponsor_name, _url(account, "my_record", pk=record.pk)
        elif word == "upload" and rest.isdecimal():
            piece.subject, piece.url = f"上报序号{rest}", _url(account, "my_upload", sequence=int(rest))
        else:
            piece.subject, piece.url = named[piece.about], ""


def _url(account: ProviderAccount, view: str, **kwargs: object) -> str:
    return reverse(f"bureau:{view}", kwargs={"province": account.bureau.province, **kwargs})


def _tabs(request: NodeRequest, current: str) -> list[Tab]:
    pages = (("my_mailbox", "等待下载"), ("my_parcels", "已确认的文件"))
    return [Tab(label, own_url(request, view), view == current) for view, label in pages]
