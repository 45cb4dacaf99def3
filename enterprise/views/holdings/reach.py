"""What the pages of holdings share: how far a person sees, where the pages are, that no cache keeps them."""

from __future__ import annotations

from typing import TypeVar

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control

from beian.models import Role
from beian.web.components import Tab
from beian.web.requests import NodeRequest
from enterprise.queries.holdings import Reach

Response = TypeVar("Response", bound=HttpResponseBase)

TABS = {
    "holdings": "备案数据",
    "holdings_gone": "已移出",
    "holdings_differences": "数据差异",
    "blacklist": "黑名单",
    "codes": "基础代码",
}
"""The lists, by their names; only the first two are an agent's."""
OF_AGENTS = ("holdings", "holdings_gone")


def reach_of(request: NodeRequest) -> Reach:
    """Say whose holdings the person sees."""
    return Reach.of(request.node, request.user, frozenset(Role(role) for role in request.membership_roles))


def tabs(request: NodeRequest, reach: Reach, current: str) -> list[Tab]:
    """Give the lists that are open to the person."""
    names = TABS if reach.everything else OF_AGENTS
    return [Tab(TABS[name], url(request, name), name == current) for name in names]


def url(request: NodeRequest, name: str, query: str = "", **kwargs: object) -> str:
    """Give the URL of a page of this provider."""
    path = reverse(f"enterprise:{name}", kwargs={"isp": request.node.isp_id, **kwargs})
    return f"{path}?{query}" if query else path


def private(response: Response) -> Response:
    """Keep a page out of every cache."""
    patch_cache_control(response, no_store=True, private=True)
    return response
