"""Which portal stands where: see `mounts`. Who may see what stands in `beian.web.access`."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import get_converters

from beian import health
from beian.views import account

Patterns = list[URLPattern | URLResolver]

# The interface first: it has three paths, a bureau has many, and they are tried in turn.
BUREAU = ("interface.urls", "bureau.urls")

handler400 = "beian.views.errors.bad_request"
handler403 = "beian.views.errors.forbidden"
handler404 = "beian.views.errors.not_found"
handler500 = "beian.views.errors.server_error"


def patterns(nodes: tuple[str, ...], *, demo: bool) -> Patterns:
    """Give all URLs of a process that serves `nodes` (empty: every one in the database)."""
    found: Patterns = [
        path("healthz", health.healthz, name="healthz"),
        path("readyz", health.readyz, name="readyz"),
        path("metrics", health.metrics, name="metrics"),
        path("login", account.login, name="login"),
        path("logout", account.sign_out, name="logout"),
        path("home", account.home, name="home"),
        path("password", account.password, name="password"),
    ]
    if demo:
        from beian.views.styleguide import picture, styleguide

        found += [
            path("styleguide", styleguide, name="styleguide"),
            path("styleguide/<int:number>.svg", picture, name="styleguide_picture"),
        ]
    return found + mounts(nodes)


def mounts(nodes: tuple[str, ...]) -> Patterns:
    """Give the portals' URLs.

    The ministry stands at `/`, each bureau at `/bureaus/<province>/`, each provider's system at
    `/isp/<isp id>/`. A process for one bureau and nothing else is that bureau's own host: its pages
    and its interface stand at `/`, and `/` itself leads to one's desk. A process for one provider is
    that provider's: `/` is where its sponsors arrive.
    """
    if len(nodes) == 1 and nodes[0].startswith("bureau:"):
        own = _only(int(nodes[0].removeprefix("bureau:")))
        return [path("", account.front, name="front"), *(path(f"<{own}:province>", include(urls)) for urls in BUREAU)]
    if len(nodes) == 1 and nodes[0].startswith("provider:"):
        return [path(f"<{_only(int(nodes[0].removeprefix('provider:')))}:isp>", include("enterprise.urls"))]
    found: Patterns = [path("bureaus/<int:province>/", include(urls)) for urls in BUREAU]
    found.append(path("isp/<int:isp>/", include("enterprise.urls")))
    if (not nodes or "ministry" in nodes) and find_spec("ministry.urls"):
        found.append(path("", include("ministry.urls")))
    return found


def _only(own: int) -> str:
    """Give the name of a converter that stands for `own` (a province, a provider) and takes no room in the URL.

    Extra arguments of `include` would be simpler, but `reverse` forgets them inside a namespace.
    """

    class Only:
        regex = ""

        def to_python(self, value: str) -> int:
            return own

        def to_url(self, value: int) -> str:
            if int(value) != own:
                raise ValueError(f"only {own} is served here")
            return ""

    name = f"only_{own}"
    if name not in get_converters():
        register_converter(Only, name)
    return name


urlpatterns = patterns(settings.ENV.nodes, demo=settings.ENV.demo)
