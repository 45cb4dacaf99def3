"""The queue page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from beian.web.components import Badge, Tab, Tone
from beian.web.filters import Filters
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table, query_url
from bureau.models import Application, SavedFilter
from bureau.queries.clock import clock
from bureau.queries.deltas import brief
from bureau.queries.queue import (
    COUNT_CAP,
    DEFAULT_SORT,
    OPEN_TAB,
    SORTS,
    TABS,
    applications,
    counts,
    in_tab,
    queue_filters,
    tab_of,
)
from bureau.views.review.desk import Desk, queue_query
from bureau.workflow import OPEN, Kind, State

TONES: dict[str, Tone] = {
    State.PENDING: "neutral",
    State.CLAIMED: "info",
    State.RECOMMENDED: "warn",
    State.APPROVED: "good",
    State.REFUSED: "bad",
    State.RETURNED: "bad",
    State.WITHDRAWN: "neutral",
    State.FORWARDED: "info",
}

WITH_WEBSITES = (Kind.NEW_FILING, Kind.NEW_WEBSITE, Kind.CANCEL_SPONSOR)
"""Requests that may be about several websites at once."""


@require_GET
def queue(request: NodeRequest, province: int) -> HttpResponse:
    """Show what waits at this bureau, as the query string wants it."""
    desk = Desk.of(request)
    filters, tab = queue_filters(desk.bureau, desk.user, request.GET), tab_of(request.GET)
    rows = in_tab(filters.apply(applications(desk.bureau)), tab)  # type: ignore[arg-type]
    query = queue_query(request.GET)
    page = _table(desk, ended=tab not in (OPEN_TAB, *OPEN)).page(
        rows.select_related("claimed_by", "decided_by"),
        request,
        row_url=lambda row: desk.url("application", query, pk=row.pk),
    )
    context = {
        "desk": desk,
        "filters": filters,
        "tabs": _tabs(desk, request, filters, tab),
        "page": page,
        "query": query,
        "saved": _saved(desk, query),
        "open_shown": tab == OPEN_TAB or tab in OPEN,
        "tab": tab,
    }
    response = render(request, "bureau/review/queue.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _table(desk: Desk, *, ended: bool) -> Table:
    """Declare the columns: of open applications the clock and who works on them, of ended ones the outcome."""
    last = (
        Column(name="outcome", label="结果", value=badge, kind="badge"),
        Column(name="number", label="备案号", value="filing_number", kind="code"),
        Column(name="decider", label="办理人", value="decided_by"),
    )
    working = (
        Column(
            name="state", label="状态", value=lambda row: _standing(desk, row), template="bureau/review/standing.html"
        ),
        Column(name="act", label="操作", value=lambda row: _act(desk, row), template="bureau/review/act.html"),
    )
    return Table(
        name="queue",
        order=DEFAULT_SORT,
        sizes=(50, 20, 100),
        columns=(
            Column(name="sponsor", label="主办者", value="sponsor_name", sort=SORTS["sponsor"], lead=True),
            Column(name="domain", label="域名", value=_domains, kind="code"),
            Column(name="kind", label="申请类型", value=asked, template="bureau/review/kind.html"),
            Column(name="provider", label="接入商", value="provider_name", sort=SORTS["provider"]),
            Column(name="received", label="受理日期", value="received_at", kind="date", sort=SORTS["received"]),
            Column(
                name="deadline",
                label="办结期限",
                value=clock,
                template="bureau/review/clock.html",
                sort=SORTS["deadline"],
            ),
            *(last if ended else working),
        ),
    )


def badge(application: Application) -> Badge:
    """Give the state as a badge; a claim that ran out is as good as none."""
    if application.state == State.CLAIMED and not application.claimed_now():
        return Badge(str(State.PENDING.label), TONES[State.PENDING])
    return Badge(application.get_state_display(), TONES[application.state])


def asked(row: Application) -> str:
    """Say in a few words what a request asks, beyond its kind and its domains."""
    if row.kind == Kind.CHANGE:
        return brief(row) or "没有变更的内容"
    return f"{row.websites} 个网站" if row.websites > 1 and row.kind in WITH_WEBSITES else ""


def _domains(row: Application) -> str:
    return f"{row.first_domain} 等 {len(row.domains)} 个" if len(row.domains) > 1 else row.first_domain


def _standing(desk: Desk, row: Application) -> dict[str, object]:
    """Say how it stands and who holds it."""
    holder = row.claimed_by if row.claimed_now() else None
    return {"badge": badge(row), "holder": "我" if holder == desk.user else str(holder) if holder else ""}


def _act(desk: Desk, row: Application) -> dict[str, str] | None:
    """Offer to take it, or to go on with it; nothing where it is another's."""
    if (row.claimed_now() and row.claimed_by_id != desk.user.pk) or row.recommended_by_id == desk.user.pk:
        return None
    words = "复核" if row.state == State.RECOMMENDED else "审核"
    mine = row.claimed_now()
    return {"url": desk.url("claim", pk=row.pk), "words": "继续" if mine else words}


def _tabs(desk: Desk, request: NodeRequest, filters: Filters, current: str) -> list[tuple[Tab, str]]:
    """Give the tabs with their counts in words. Second reviews have one only where there are two."""
    counted = counts(desk.bureau, filters)
    tabs = []
    for state, title in TABS:
        if state == State.RECOMMENDED and not desk.bureau.two_stages and not counted[state]:
            continue
        url = query_url(request.GET, {"state": state}, drop=("after", "before"))
        number = f"{COUNT_CAP}+" if counted[state] > COUNT_CAP else str(counted[state])
        tabs.append((Tab(title, url, state == current), number))
    return tabs


def _saved(desk: Desk, query: str) -> list[tuple[SavedFilter, bool]]:
    """Give the person's saved filters, and which of them is the one shown."""
    saved = SavedFilter.objects.filter(user=desk.user, bureau=desk.bureau)
    return [(each, each.query == query) for each in saved]
