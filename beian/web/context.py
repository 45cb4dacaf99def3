"""What every page knows: whose portal it is, where one can go, who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from beian.models import Node, NodeKind
from beian.web.navigation import Desk, Link, desks, navigation, role_names, url_at

PRODUCT = "网站备案管理系统"


def page(request: HttpRequest) -> dict[str, Any]:
    """Give the context of `base.html`. Also for error pages, where the request may have got nowhere."""
    node: Node | None = getattr(request, "node", None)
    return {
        "product": PRODUCT,
        "node": node,
        "demo": settings.ENV.demo,
        "signed_in": _lazily(lambda: _user(request).is_authenticated),
        "navigation": _lazily(lambda: _navigation(request, node)),
        "desks": _lazily(lambda: _desks(request)),
        "door": _door(node),
        "role_names": role_names(getattr(request, "membership_roles", ())),
        "correlation": getattr(request, "correlation", ""),
    }


def _lazily(make: Callable[[], Any]) -> Any:
    """Fragments without a bar cost no query for it."""
    return SimpleLazyObject(make)


def _user(request: HttpRequest) -> Any:
    return getattr(request, "user", AnonymousUser())


def _navigation(request: HttpRequest, node: Node | None) -> list[Link]:
    if node is None:
        return []
    roles: frozenset[str] = getattr(request, "membership_roles", frozenset())
    match = request.resolver_match
    return navigation(node, roles, signed_in=_user(request).is_authenticated, current=match.view_name if match else "")


def _door(node: Node | None) -> dict[str, str]:
    """Give where a stranger at a page of `node` begins and signs in."""
    if node is not None and node.kind == NodeKind.PROVIDER:
        return {"front": url_at("enterprise:front", node), "sign_in": url_at("enterprise:sign_in", node)}
    return {"front": "/", "sign_in": reverse("login")}


def _desks(request: HttpRequest) -> list[Desk]:
    user = _user(request)
    return desks(user) if user.is_authenticated else []
