"""Which URL is for whom, enforced before any view runs. What is not listed is refused.

Every app with URLs has beside them a module `access` with `WHO_MAY`: view name → `Who`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import module_has_submodule
from django_htmx.http import HttpResponseClientRedirect

from beian.models import Membership, Node, NodeKind, Role
from beian.question import Question

# The session is renewed by use, but not written with every click.
RENEW_SECONDS = 300
MINISTRY = "ministry"
_NODE = Question(Node, "WHERE code = %s")


@dataclass(frozen=True, slots=True)
class Who:
    """Who may see a view: anybody, whoever is signed in, or who holds one of `roles` at its node.

    `door` is the view where a stranger signs in for it, at the view's node; "" for everybody's.
    """

    public: bool = False
    roles: frozenset[str] | None = None
    door: str = ""

    def admits(self, roles: frozenset[str], *, signed_in: bool) -> bool:
        """Tell whether somebody with `roles` at the view's node is let in."""
        if self.public:
            return True
        return signed_in and (self.roles is None or bool(self.roles & roles))


PUBLIC = Who(public=True)
SIGNED_IN = Who()
OPERATOR = Who(roles=frozenset({Role.OPERATOR}))


def at_bureau(*roles: Role) -> Who:
    """Admit the holders of `roles` at the bureau that the URL names."""
    return Who(roles=frozenset(roles))


def at_provider(*roles: Role, door: str = "") -> Who:
    """Admit the holders of `roles` at the provider that the URL names."""
    return Who(roles=frozenset(roles), door=door)


@cache
def who_may() -> Mapping[str, Who]:
    """Give the whole table, gathered from the apps' `access` modules."""
    table: dict[str, Who] = {}
    for config in apps.get_app_configs():
        if config.module is None or not module_has_submodule(config.module, "access"):
            continue
        part: dict[str, Who] = getattr(import_module(f"{config.name}.access"), "WHO_MAY", {})
        repeated = table.keys() & part.keys()
        if repeated:
            raise ValueError(f"{config.name}.access: listed twice: {', '.join(sorted(repeated))}")
        table |= part
    return table


def node_code(view_name: str, kwargs: Mapping[str, Any]) -> str | None:
    """Give the code of the node that a view belongs to; None where it belongs to no one's."""
    if "province" in kwargs:
        return f"bureau:{kwargs['province']}"
    if "isp" in kwargs:
        return f"provider:{kwargs['isp']}"
    return MINISTRY if view_name.startswith(f"{MINISTRY}:") else None


def roles_at(user: Any, node: Node | None) -> frozenset[str]:
    """Give the roles of `user` at `node`, and at no other.

    A provider's reader reads at the bureau of the provider's province; which provider's data, the
    querysets of those pages decide.
    """
    if node is None or not user.is_authenticated:
        return frozenset()
    held = Q(node=node) & ~Q(role=Role.PROVIDER_READER)
    if node.kind == NodeKind.BUREAU:
        held |= Q(role=Role.PROVIDER_READER, node__kind=NodeKind.PROVIDER, node__province=node.province)
    return frozenset(Membership.objects.filter(held, user=user).values_list("role", flat=True))


class AccessMiddleware:
    """Admit or refuse by the table; set `request.node` and `request.membership_roles` for the view.

    Also: pages for people who are signed in are not kept by any cache, and use keeps a session alive.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.node = None  # type: ignore[attr-defined]
        request.membership_roles = frozenset()  # type: ignore[attr-defined]
        response = self.get_response(request)
        # Whoever did not look at the session cannot have written anything personal.
        if request.session.accessed and request.user.is_authenticated:
            _keep_private(response)
            _renew(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Decide. Answers None to let the view run; raises Http404 or PermissionDenied."""
        match = request.resolver_match
        name = match.view_name if match else ""
        request.node = _served(node_code(name, kwargs))  # type: ignore[attr-defined]
        who = who_may().get(name)
        if who is None:
            raise PermissionDenied(f"{name or request.path} is in no WHO_MAY table")
        return self._decide(request, who)

    def _decide(self, request: HttpRequest, who: Who) -> HttpResponse | None:
        if who.public:
            return None
        if not request.user.is_authenticated:
            return to_sign_in(request, who.door)
        request.membership_roles = roles_at(request.user, request.node)  # type: ignore[attr-defined]
        if not who.admits(request.membership_roles, signed_in=True):  # type: ignore[attr-defined]
            raise PermissionDenied("no role here that this page is for")
        return None


def _served(code: str | None) -> Node | None:
    """Find the node, or answer 404: for a stranger, a bureau elsewhere is none at all."""
    if code is None:
        return None
    if settings.ENV.nodes and code not in settings.ENV.nodes:
        raise Http404(f"{code} is not served here")
    found = _NODE.ask(code)
    if not found:
        raise Http404(f"there is no node {code}")
    return found[0]


def to_sign_in(request: HttpRequest, door: str = "") -> HttpResponse:
    """Send to the sign-in page and, after it, back: to this page, or to the one a form stood on.

    `door` is the name of the page where one signs in at the node of the request, "" for everybody's.
    """
    if request.headers.get("HX-Request"):
        target = _own_path(request, request.headers.get("HX-Current-URL", ""))
    elif request.method in ("GET", "HEAD"):
        target = request.get_full_path()
    else:
        target = _own_path(request, request.headers.get("Referer", ""))
    node: Node | None = getattr(request, "node", None)
    page = reverse(door, kwargs={"isp": node.isp_id}) if door and node else None
    redirect = redirect_to_login(target or settings.LOGIN_REDIRECT_URL, page)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(redirect.url)
    return redirect


def _own_path(request: HttpRequest, url: str) -> str:
    if not url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _keep_private(response: HttpResponse) -> None:
    if not response.has_header("Cache-Control"):
        add_never_cache_headers(response)
    patch_cache_control(response, no_store=True, private=True)


def _renew(request: HttpRequest) -> None:
    """Write the session again when its last writing is a while ago: 8 hours count from the last use."""
    now = int(time.time())
    if now - request.session.get("renewed", 0) >= RENEW_SECONDS:
        request.session["renewed"] = now
