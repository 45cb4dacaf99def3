"""What came with the bureau's documents beside filings: what left, the blacklist, the code tables."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.checks.keys import domain_key
from beian.codes.titles import TITLES
from beian.models import BlacklistKind
from beian.web import filters
from beian.web.filters import Filter, Filters
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from enterprise.models import Blacklisted, HoldingChangeKind, ReceivedCode
from enterprise.views.holdings.reach import private, reach_of, tabs, url


def _title(received: ReceivedCode) -> str:
    return TITLES.get(received.table, received.table)


GONE = Table(
    name="holdings_gone",
    columns=(
        Column(name="name", label="主办者", lead=True),
        Column(name="filing_number", label="备案号", kind="code"),
        Column(name="at", label="移出时间", kind="moment", sort="id"),
        Column(name="reason", label="原因"),
    ),
    order="-at",
)
BLACKLIST = Table(
    name="blacklist",
    columns=(
        Column(name="name", label="名称", lead=True),
        Column(name="kind", label="类别", value="get_kind_display"),
        Column(name="since", label="收到时间", kind="moment", sort="id"),
        Column(name="remark", label="说明"),
    ),
    order="-since",
)
CODES = Table(
    name="codes",
    columns=(
        Column(name="name", label="名称", lead=True),
        Column(name="table", label="代码表", value=_title),
        Column(name="code", label="代码", kind="number", sort="id"),
        Column(name="valid", label="状态", template="enterprise/holdings/code_state.html"),
        Column(name="received_at", label="收到时间", kind="moment"),
    ),
    order="code",
)


@require_safe
def holdings_gone(request: NodeRequest, isp: int) -> HttpResponse:
    """List what left our copy, the latest first."""
    reach = reach_of(request)
    text = filters.text("text", "备案号或主办者名称", "filing_number", "name", placeholder="完整的备案号或名称")
    wanted = Filters((text,), request.GET)
    rows = reach.changes().filter(kind=HoldingChangeKind.REMOVED).defer("deltas")
    page = GONE.page(
        wanted.apply(rows), request, row_url=lambda row: url(request, "holding", number=row.sponsor_number)
    )
    context = {"filters": wanted, "page": page, "tabs": tabs(request, reach, "holdings_gone")}
    return private(render(request, "enterprise/holdings/holdings_gone.html", context))


@require_safe
def blacklist(request: NodeRequest, isp: int) -> HttpResponse:
    """List the blacklist as we were told of it, the latest first."""
    label = "名称或域名"
    text = filters.text("text", label, placeholder="完整的名称或域名")
    declared = (
        Filter(name="text", label=label, make_field=text.make_field, condition=_listed, width="wide"),
        filters.choice("kind", "类别", "kind", list(BlacklistKind.choices)),
    )
    wanted = Filters(declared, request.GET)
    page = BLACKLIST.page(wanted.apply(Blacklisted.objects.filter(provider=request.node)), request)
    context = {"filters": wanted, "page": page, "tabs": tabs(request, reach_of(request), "blacklist")}
    return private(render(request, "enterprise/holdings/blacklist.html", context))


@require_safe
def codes(request: NodeRequest, isp: int) -> HttpResponse:
    """List the code tables as the bureau told them; at first what the system does not know."""
    received = ReceivedCode.objects.filter(provider=request.node)
    tables = received.order_by("table").values_list("table", flat=True).distinct()
    names = [(each, TITLES.get(each, each)) for each in tables]
    kinds: dict[str, Any] = {"new": ("系统未收录", lambda: Q(known=False)), "ended": ("已失效", lambda: Q(valid=False))}
    declared = (filters.choice("table", "代码表", "table", names), filters.cases("state", "情况", kinds))
    wanted = Filters(declared, request.GET)
    page = CODES.page(wanted.apply(received.defer("content")), request)
    context = {
        "filters": wanted,
        "page": page,
        "new": received.filter(known=False).count(),
        "tabs": tabs(request, reach_of(request), "codes"),
    }
    return private(render(request, "enterprise/holdings/codes.html", context))


def _listed(text: str) -> Q:
    return Q(name=text.strip()) | Q(kind=BlacklistKind.DOMAIN, key=domain_key(text))
