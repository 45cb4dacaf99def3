"""The list of providers (自行备案导航): where a sponsor picks the one to file with."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from beian.codes import read_regions
from beian.models import Node, NodeKind
from beian.web import filters
from beian.web.filters import Filters
from beian.web.requests import AnyRequest
from beian.web.tables import Column, Table

FRESH_SECONDS = 300


def _provinces() -> Iterable[tuple[int, str]]:
    """Give the provinces in which a provider is at home."""
    found = Node.objects.filter(kind=NodeKind.PROVIDER, open=True).order_by("province")
    return [(code, _province_name(code)) for code in found.values_list("province", flat=True).distinct()]


def _province_name(code: int) -> str:
    region = read_regions().get(code)
    return region.name if region else str(code)


def _system(provider: Node) -> str:
    """Give the address of the provider's system where it is one that a browser should follow."""
    return provider.system_url if urlsplit(provider.system_url).scheme in {"http", "https"} else ""


FILTERS = (
    filters.choice("province", "所在省", "province", _provinces),
    filters.text("name", "名称或标识", "name__icontains", "code__contains", placeholder="接入商名称或标识"),
)

TABLE = Table(
    name="providers",
    order="name",
    columns=(
        Column(name="name", label="接入商名称", sort="name", lead=True),
        Column(name="isp_id", label="接入商标识", kind="code", sort="code"),
        Column(name="province", label="所在省", value=lambda row: _province_name(row.province), sort="province"),
        Column(name="system", label="备案系统", value=_system, template="ministry/cells/system.html"),
    ),
)


@require_safe
def providers(request: AnyRequest) -> HttpResponse:
    """Show the providers that are open for filings, by province and name."""
    narrowed = Filters(FILTERS, request.GET)
    page = TABLE.page(narrowed.apply(Node.objects.filter(kind=NodeKind.PROVIDER, open=True)), request)
    response = render(request, "ministry/providers.html", {"filters": narrowed, "page": page})
    patch_cache_control(response, private=True, max_age=FRESH_SECONDS)
    return response
