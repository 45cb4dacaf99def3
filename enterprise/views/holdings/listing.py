"""The list of holdings, and the file it is exported to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from beian.models import Region, Role
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Page, Table
from enterprise.forms.holdings import ExportForm
from enterprise.queries.holdings import Reach, beside, holding_filters, listed
from enterprise.services import exporting
from enterprise.services.exporting import Export
from enterprise.views.holdings.reach import private, reach_of, tabs, url

TABLE = Table(
    name="holdings",
    columns=(
        Column(name="name", label="主办者", lead=True),
        Column(name="filing_number", label="备案号", kind="code"),
        Column(name="sites", label="网站", kind="number", template="enterprise/holdings/sites.html"),
        Column(name="domain", label="首个域名", kind="code", template="enterprise/holdings/domain.html"),
        Column(name="place", label="所在地", template="enterprise/holdings/place.html"),
        Column(name="last_modified", label="最近变更", kind="moment", sort="last_modified"),
        Column(name="open", label="在办", template="enterprise/holdings/open.html"),
    ),
    order="-last_modified",
)
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_safe
def holdings(request: NodeRequest, isp: int) -> HttpResponse:
    """List the holdings, the latest changed first."""
    reach = reach_of(request)
    wanted = holding_filters(reach, request.GET)
    page = TABLE.page(
        wanted.apply(listed(reach)), request, row_url=lambda row: url(request, "holding", number=row.number)
    )
    _complete(reach, page)
    context = {
        "filters": wanted,
        "page": page,
        "tabs": tabs(request, reach, "holdings"),
        "export_url": url(request, "holdings_export", query=wanted.querystring) if reach.everything else "",
    }
    return private(render(request, "enterprise/holdings/list.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
def holdings_export(request: NodeRequest, isp: int) -> HttpResponseBase:
    """Ask in which format the list's holdings are wanted, then send them; that is written down first."""
    reach = reach_of(request)
    wanted = holding_filters(reach, request.GET)
    form = ExportForm(request.POST or None, may_persons=Role.SUPERVISOR in request.membership_roles)
    if request.method == "POST" and form.is_valid():
        return _sent(
            request, Export(request.node, wanted.apply(reach.holdings())), wanted.querystring, form.cleaned_data
        )
    context = {
        "form": form,
        "chips": wanted.chips,
        "count": TABLE.page(wanted.apply(listed(reach)), request).count_text,
        "back": url(request, "holdings", query=wanted.querystring),
    }
    return render(request, "enterprise/holdings/export.html", context, status=422 if form.is_bound else 200)


def _sent(request: NodeRequest, export: Export, chosen: str, values: dict[str, Any]) -> HttpResponseBase:
    export, format = replace(export, persons=bool(values.get("persons"))), values["format"]
    exporting.note(export, request.user, format, chosen, values.get("reason", ""))
    name = f"holdings-{timezone.localtime():%Y%m%d-%H%M}.{format}"
    if format == "xlsx":
        return private(
            FileResponse(exporting.as_workbook(export), as_attachment=True, filename=name, content_type=TYPES[format])
        )
    response = StreamingHttpResponse(exporting.as_csv(export), content_type=TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)


def _complete(reach: Reach, page: Page) -> None:
    """Write on the rows of a page where the sponsor is, and what stands beside it. Five queries."""
    rows: list[Any] = page.objects
    found = beside(reach, rows)
    regions = dict(Region.objects.filter(pk__in={row.city or row.province for row in rows}).values_list("pk", "name"))
    for row in rows:
        row.place, row.beside = regions.get(row.city or row.province, ""), found[row.number]
