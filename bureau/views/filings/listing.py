"""The list of filings on file (备案库)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from beian.models import Region
from beian.web.components import Tab
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Page, Table
from bureau.queries.filings import beside, cancelled_filings, cancelled_filters, filing_filters, listed

TABLE = Table(
    name="filings",
    columns=(
        Column(name="name", label="主办者", lead=True),
        Column(name="filing_number", label="备案号", kind="code"),
        Column(name="sites", label="网站", kind="number", template="bureau/filings/sites.html"),
        Column(name="domain", label="首个域名", kind="code", template="bureau/filings/domain.html"),
        Column(name="place", label="所在地", template="bureau/filings/place.html"),
        Column(name="first_reported", label="首次备案", kind="date"),
        Column(name="last_modified", label="最近变更", kind="moment", sort="last_modified"),
        Column(name="pending", label="在办", template="bureau/filings/pending.html"),
    ),
    order="-last_modified",
)
CANCELLED = Table(
    name="cancelled",
    columns=(
        Column(name="filing_number", label="备案号", lead=True, kind="code"),
        Column(name="number", label="主体编号", kind="code"),
        Column(name="cancelled_at", label="注销时间", kind="moment", sort="id"),
        Column(name="reason", label="理由"),
    ),
    order="-cancelled_at",
)


@require_safe
def filings(request: NodeRequest, province: int) -> HttpResponse:
    """List the filings on file, the latest changed first."""
    wanted = filing_filters(request.node, request.GET)
    page = TABLE.page(wanted.apply(listed(request.node)), request, row_url=lambda row: _url(request, row.number))
    _complete(request, page)
    context = {"filters": wanted, "page": page, "tabs": tabs(request, "filings")}
    return render(request, "bureau/filings/list.html", context)


@require_safe
def filings_cancelled(request: NodeRequest, province: int) -> HttpResponse:
    """List the sponsors that were cancelled here, the latest first."""
    wanted = cancelled_filters(request.GET)
    rows = wanted.apply(cancelled_filings(request.node))
    page = CANCELLED.page(rows, request, row_url=lambda row: _url(request, row.number))
    context = {"filters": wanted, "page": page, "tabs": tabs(request, "filings_cancelled")}
    return render(request, "bureau/filings/cancelled.html", context)


def tabs(request: NodeRequest, current: str) -> list[Tab]:
    """Give the two lists."""
    names = {"filings": "在册备案", "filings_cancelled": "已注销"}
    kwargs = {"province": request.node.province}
    return [Tab(label, reverse(f"bureau:{name}", kwargs=kwargs), name == current) for name, label in names.items()]


def _url(request: NodeRequest, number: int) -> str:
    return reverse("bureau:filing", kwargs={"province": request.node.province, "number": number})


def _complete(request: NodeRequest, page: Page) -> None:
    """Write on the rows of a page where the sponsor is, and what stands beside it. Four queries."""
    rows: list[Any] = page.objects
    found = beside(request.node, rows)
    regions = dict(Region.objects.filter(pk__in={row.city or row.province for row in rows}).values_list("pk", "name"))
    for row in rows:
        row.place, row.beside = regions.get(row.city or row.province, ""), found[row.number]
