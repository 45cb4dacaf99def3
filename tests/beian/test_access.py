"""Every URL is in a WHO_MAY table, and answers as it stands there, for everybody, in both ways of mounting."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, clear_url_caches, get_resolver, path, reverse
from django.urls.converters import get_converters

from beian import urls
from beian.environment import Environment
from beian.models import Membership, Node, NodeKind, Role, User
from beian.views import errors
from beian.web.access import AccessMiddleware, Who, at_bureau, who_may
from beian.web.navigation import entries, kwargs_of
from enterprise.access_api import FOR_TOKENS
from interface.models import ProviderAccount
from tests.beian.url_examples import MAKERS, NOBODYS, load
from tests.conftest import ISP_ID, make_account

BUREAU = 440000
MODES: dict[str, tuple[str, ...]] = {
    "all nodes": (),
    "one bureau": (f"bureau:{BUREAU}",),
    "one provider": (f"provider:{ISP_ID}",),
}


@dataclass(frozen=True)
class Url:
    """A named URL: the converters of its parts, and which part says whose page it is: `province`, `isp` or none."""

    name: str
    converters: dict[str, str]
    whose: str


def walk(resolver: URLResolver, namespace: str = "", above: dict[str, str] | None = None) -> Iterator[Url]:
    names = {type(converter): name for name, converter in get_converters().items()}
    for each in resolver.url_patterns:
        own = {part: names[type(converter)] for part, converter in each.pattern.converters.items()}
        converters = {**(above or {}), **own}
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from walk(each, inner, converters)
        elif isinstance(each, URLPattern):
            whose = next((part for part in ("province", "isp") if converters.pop(part, None)), "")
            yield Url(f"{namespace}{each.name}", converters, whose)


def urlconf(nodes: tuple[str, ...]) -> ModuleType:
    module = ModuleType(f"urlconf_{'_'.join(nodes).replace(':', '_') or 'all'}")
    module.urlpatterns = urls.patterns(nodes, demo=True)  # type: ignore[attr-defined]
    for code in (400, 404, 500):
        setattr(module, f"handler{code}", getattr(urls, f"handler{code}"))
    module.handler403 = forbidden_drawn_once  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    return module


_drawn: set[str] = set()


def forbidden_drawn_once(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Draw the page for the first who is refused at an address; for all roles it would be drawn five thousand times."""
    if request.path in _drawn:
        return HttpResponseForbidden()
    _drawn.add(request.path)
    return errors.forbidden(request, exception)


def all_urls() -> list[Any]:
    found = []
    for mode, nodes in MODES.items():
        for url in walk(get_resolver(urlconf(nodes).__name__)):
            found.append(pytest.param(nodes, url, id=f"{mode}-{url.name}"))
    return found


def serve(settings: Any, nodes: tuple[str, ...]) -> None:
    """Let this process serve `nodes`."""
    values = {name: getattr(django_settings.ENV, name) for name in Environment.__dataclass_fields__}
    settings.ENV = Environment(**{**values, "nodes": nodes})
    settings.ROOT_URLCONF = urlconf(nodes).__name__
    clear_url_caches()


@pytest.fixture(scope="session", autouse=True)
def _examples() -> None:
    load()


@pytest.fixture
def nobody(db: None) -> User:
    return User.objects.create(username="nobody", name="Nobody")


def nobodys(url: Url) -> dict[str, Any]:
    """Values for the parts of a URL that no row has."""
    return {name: NOBODYS[converter] for name, converter in url.converters.items()}


def expected(who: Who, roles: set[str]) -> bool:
    return who.public or who.roles is None or bool(who.roles & roles)


def assert_agrees(client: Client, address: str, *, admitted: bool, real: bool) -> None:
    response = client.get(address)
    if not admitted:
        assert response.status_code == 403, address
        return
    assert response.status_code != 403, address
    # Not ready (no worker runs here) is an answer too.
    assert response.status_code in {200, 204, 302, 304, 405, 503} | ({400, 404} if not real else set()), address
    if response.status_code == 302:
        assert not response["Location"].startswith("/login"), address


@pytest.mark.parametrize(("nodes", "url"), all_urls())
def test_every_url_answers_as_its_table_says(
    nodes: tuple[str, ...], url: Url, settings: Any, guangdong: Node, beijing: Node, ministry: Node, isp: Node,
    nobody: User,
) -> None:  # fmt: skip
    serve(settings, nodes)
    who = who_may().get(url.name)
    assert who is not None, f"{url.name} is in no WHO_MAY table"
    if url.name.removeprefix("enterprise:") in FOR_TOKENS:
        assert_asks_for_a_token(reverse(url.name, kwargs={**nobodys(url), **kwargs_of(isp)}))
        return
    real = not url.converters or url.name in MAKERS
    home = {"province": guangdong, "isp": isp, "": ministry}[url.whose]
    row_of = isp if url.whose == "isp" else guangdong
    kwargs = MAKERS[url.name](row_of) if url.name in MAKERS else nobodys(url)
    address = reverse(url.name, kwargs={**kwargs, **kwargs_of(home)})

    door = reverse(who.door, kwargs=kwargs_of(home)) if who.door else reverse("login")
    assert_anonymous_agrees(who, address, door, real=real)
    elsewhere = [node for node in (guangdong, beijing, ministry, another_provider(guangdong)) if node != home]
    Membership.objects.bulk_create(Membership(user=nobody, node=n, role=r) for n in elsewhere for r in Role)
    client = Client()
    for role in asked(who, every_role=not nodes):
        # Every role at every other node opens nothing; one role here opens what the table says.
        here = Membership.objects.create(user=nobody, node=place_of(role, home), role=role) if role else None
        client.force_login(nobody)
        assert_agrees(client, address, admitted=expected(who, {role} if role else set()), real=real)
        if here:
            here.delete()


def asked(who: Who, *, every_role: bool) -> list[Role | None]:
    """Give who knocks: nobody with a role here, and every role; or, where only the mounting is another, one of
    those who are admitted and one of those who are not."""
    if every_role:
        return [None, *Role]
    admitted = [role for role in Role if expected(who, {role})]
    return [None, *admitted[:1], *[role for role in Role if role not in admitted][:1]]


def another_provider(bureau: Node) -> Node:
    """A provider whose people have no business at the others."""
    code = f"provider:{bureau.province * 1_000_000 + 9}"
    values = {"kind": NodeKind.PROVIDER, "name": "示例接入商九", "province": 999999}
    return Node.objects.get_or_create(code=code, defaults=values)[0]


@pytest.fixture
def isp(account: ProviderAccount) -> Node:
    """The provider whose system it is."""
    return account.provider


def place_of(role: Role, home: Node) -> Node:
    """Give the node where a role is held that opens pages at `home`: a reader's is the provider's."""
    if role != Role.PROVIDER_READER or home.kind != NodeKind.BUREAU:
        return home
    isp_id = home.province * 1_000_000 + 7
    known = ProviderAccount.objects.filter(bureau=home, isp_id=isp_id).first()
    return (known or make_account(home, isp_id, "示例接入商七")).provider


def assert_anonymous_agrees(who: Who, address: str, door: str, *, real: bool) -> None:
    if who.public:
        assert_agrees(Client(), address, admitted=True, real=real)
        return
    for method in ("get", "post"):
        response = getattr(Client(), method)(address)
        assert response.status_code == 302, address
        assert response["Location"].startswith(f"{door}?next=")


def assert_asks_for_a_token(address: str) -> None:
    for method in ("get", "post", "put", "delete"):
        response = getattr(Client(), method)(address)
        assert response.status_code in {401, 405}, address
        assert "Bearer" in response.headers.get("WWW-Authenticate", "Bearer")


def test_nothing_stands_in_a_table_without_a_url() -> None:
    reachable = {url.name for nodes in MODES.values() for url in walk(get_resolver(urlconf(nodes).__name__))}
    assert set(who_may()) == reachable


def test_every_entry_of_the_navigation_is_a_url() -> None:
    assert {entry.view for entry in entries()} <= set(who_may())


def test_what_is_listed_nowhere_is_refused(rf: RequestFactory) -> None:
    module = ModuleType("urlconf_unlisted")
    module.urlpatterns = [path("unlisted", lambda request: None, name="unlisted")]  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    request = rf.get("/unlisted")
    request.resolver_match = get_resolver(module.__name__).resolve("/unlisted")
    middleware = AccessMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(PermissionDenied, match="unlisted is in no WHO_MAY table"):
        middleware.process_view(request, request.resolver_match.func, (), {})


class Pages:
    """A urlconf with one page of a bureau, for the rules themselves."""

    name = "urlconf_of_pages"

    def __init__(self) -> None:
        from django.http import HttpResponse

        module = ModuleType(self.name)
        module.urlpatterns = [  # type: ignore[attr-defined]
            *urls.patterns((), demo=False),
            path("bureaus/<int:province>/desk", lambda request, province: HttpResponse(request.node.name), name="desk"),
        ]
        module.handler403, module.handler404 = urls.handler403, urls.handler404  # type: ignore[attr-defined]
        sys.modules[self.name] = module


@pytest.fixture
def desk(settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """A page for reviewers of a bureau."""
    settings.ROOT_URLCONF = Pages().name
    table = {**who_may(), "desk": at_bureau(Role.REVIEWER)}
    monkeypatch.setattr("beian.web.access.who_may", lambda: table)
    clear_url_caches()
    return "/bureaus/440000/desk"


def test_a_role_counts_at_its_own_bureau_only(desk: str, reviewer: User, outsider: User, supervisor: User) -> None:
    def status(user: User) -> int:
        client = Client()
        client.force_login(user)
        return client.get(desk).status_code

    assert [status(reviewer), status(outsider), status(supervisor)] == [200, 403, 403]


def test_the_view_knows_its_node_and_the_roles_there(desk: str, reviewer: User) -> None:
    client = Client()
    client.force_login(reviewer)
    response = client.get(desk)
    assert response.content.decode() == "广东省通信管理局"
    assert response.wsgi_request.membership_roles == {Role.REVIEWER}


def test_a_bureau_that_is_not_served_here_does_not_exist(desk: str, settings: Any, reviewer: User) -> None:
    client = Client()
    client.force_login(reviewer)
    assert client.get("/bureaus/990000/desk").status_code == 404
    values = {name: getattr(django_settings.ENV, name) for name in Environment.__dataclass_fields__}
    settings.ENV = Environment(**{**values, "nodes": ("ministry", "bureau:110000")})
    assert client.get(desk).status_code == 404


def test_a_stranger_signs_in_and_comes_back(desk: str, guangdong: Node) -> None:
    assert Client().get(f"{desk}?state=pending")["Location"] == "/login?next=/bureaus/440000/desk%3Fstate%3Dpending"


def test_a_form_of_a_stranger_leads_back_to_the_page_it_stood_on(desk: str, guangdong: Node) -> None:
    back = Client().post(desk, headers={"referer": "http://testserver/bureaus/440000/desk?page=2"})
    assert back["Location"] == "/login?next=/bureaus/440000/desk%3Fpage%3D2"
    elsewhere = Client().post(desk, headers={"referer": "http://evil.example/x"})
    assert elsewhere["Location"] == "/login?next=/home"


def test_a_request_in_the_background_moves_the_whole_page_to_sign_in(desk: str, guangdong: Node) -> None:
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/bureaus/440000/desk?q=1"}
    response = Client().get(desk, headers=headers)
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/login?next=/bureaus/440000/desk%3Fq%3D1"


def test_refusal_and_absence_have_pages_of_their_own(desk: str, guangdong: Node, outsider: User) -> None:
    client = Client()
    client.force_login(outsider)
    assert "您没有查看此页的权限" in client.get(desk).content.decode()
    assert "找不到这个页面" in client.get("/no-such-page").content.decode()


def test_the_door_of_a_bureaus_own_host_leads_to_the_desk(settings: Any, guangdong: Node) -> None:
    serve(settings, (f"bureau:{BUREAU}",))
    arrived = Client().get("/", follow=True)
    assert [address for address, _ in arrived.redirect_chain] == ["/home", "/login?next=/home"]
    assert arrived.status_code == 200
