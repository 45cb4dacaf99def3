"""The provider's pages with 50,000 cases and holdings by the hundred thousand: queries and milliseconds."""

from __future__ import annotations

import time
from collections.abc import Mapping
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from beian.models import Domain, Membership, Node, NodeKind, Role, Sponsor, User
from benchmarks import calls
from benchmarks.load import Shot as Request
from benchmarks.load import Timing, drive, get
from benchmarks.one import Bench
from benchmarks.report import Row
from enterprise.generate.run import Wanted, generate
from enterprise.models import Case, SponsorAccount
from enterprise.workflow import State

CASES, HOLDINGS, CALLS = 50_000, 500_000, 60
ISP_ID = 440000000901


def run(bench: Bench) -> tuple[list[Row], list[str]]:
    """Fill a provider's system by `generate_cases`, then look at every page."""
    cases, holdings = bench.sized(CASES, 200), bench.sized(HOLDINGS, 200)
    provider = _provider()
    clerk, sponsor = _people(provider)
    started = time.monotonic()
    generate(provider, Wanted(cases=cases, holdings=holdings), lambda text: None)
    bench.say(f"generated in {time.monotonic() - started:.0f} s")
    pages = [(what, url, _client(clerk)) for what, url in _office(provider).items()]
    pages += [(what, url, _client(sponsor.user)) for what, url in _portal(provider, sponsor).items()]
    counted = {what: _queries(client, url) for what, url, client in pages}
    connection.close()
    with bench.web() as port:
        rows = [_row(bench, port, what, url, client, counted[what]) for what, url, client in pages]
    return rows, [
        f"{cases:,} cases in all states and {holdings:,} holdings of one provider; one person, over HTTP, signed in. "
        f"Figures: queries, then p50 / p95 of {CALLS} calls."
    ]


def _provider() -> Node:
    calls.bureau()
    values = {"kind": NodeKind.PROVIDER, "name": "测试接入商", "province": calls.PROVINCE}
    return Node.objects.create(code=f"provider:{ISP_ID}", **values)


def _people(provider: Node) -> tuple[User, SponsorAccount]:
    """A supervisor, who sees most, and a sponsor to whom one case in five hundred belongs."""
    clerk = User.objects.create(username="bench.clerk", name="测试主管")
    Membership.objects.create(user=clerk, node=provider, role=Role.SUPERVISOR)
    user = User.objects.create(username=f"{ISP_ID}/bench@example.cn", name="测试主办者")
    Membership.objects.create(user=user, node=provider, role=Role.SPONSOR)
    return clerk, SponsorAccount.objects.create(provider=provider, user=user, email="bench@example.cn")


def _office(provider: Node) -> Mapping[str, str]:
    """Give the office's pages that are there."""
    cases = Case.objects.at(provider)
    middle = cases.filter(state=State.CHECKED).order_by("id")[cases.filter(state=State.CHECKED).count() // 2]
    held = Sponsor.objects.held_by(provider)
    filed = held.order_by("id")[held.count() // 2]
    domain = Domain.objects.held_by(provider).filter(website__sponsor=filed)[0].name
    found = {
        "office queue": _url(provider, "queue"),
        "case": _url(provider, "case", pk=middle.pk),
        "connection": _url(provider, "connection"),
        "search, by domain": _searching(provider, domain),
        "search, text in a name": _searching(provider, filed.name[-8:-4]),
        "search, by filing number": _searching(provider, str(filed.filing_number)),
        "holdings": _url(provider, "holdings"),
        "holding": _url(provider, "holding", number=filed.number),
    }
    return {what: url for what, url in found.items() if url}


def _portal(provider: Node, sponsor: SponsorAccount) -> Mapping[str, str]:
    case = Case.objects.filter(sponsor_account=sponsor).order_by("id").first()
    found = {
        "portal home": _url(provider, "portal_home"),
        "portal, a case": _url(provider, "portal_case", reference=case.reference) if case else "",
    }
    return {what: url for what, url in found.items() if url}


def _url(provider: Node, name: str, **kwargs: object) -> str:
    try:
        return reverse(f"enterprise:{name}", kwargs={"isp": provider.isp_id, **kwargs})
    except NoReverseMatch:
        return ""


def _searching(provider: Node, words: str) -> str:
    url = _url(provider, "case_search") or _url(provider, "search")
    return f"{url}?text={quote(words)}" if url else ""


def _client(user: User) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return client


def _queries(client: Client, url: str) -> int:
    client.get(url)  # what is loaded once in a process
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url}: {response.status_code}")
    return len(queries)


def _row(bench: Bench, port: int, what: str, url: str, client: Client, queries: int) -> Row:
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    shots = [Request(get(url, Cookie=cookie))] * bench.sized(CALLS, 10)
    drive(port, [shots[:5]], b"200 OK")
    timing: Timing = drive(port, [shots], b"200 OK")
    if timing.wrong:
        raise RuntimeError(timing.wrong[0].decode(errors="replace"))
    bench.say(f"{what}: {timing}")
    return Row(
        what=what,
        measured=f"{queries} queries, {timing.at(0.5):.0f} / {timing.at(0.95):.0f} ms",
        aim="p95 < 200 ms",
        met=timing.at(0.95) < 200,
    )
