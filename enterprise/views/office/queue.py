"""The queue page, and the way to the next case."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from beian.web.components import Badge, Tab, Tone
from beian.web.filters import Filters
from beian.web.requests import NodeRequest, row_number
from beian.web.tables import Column, Table, query_url
from enterprise.models import Case
from enterprise.queries.clock import clock
from enterprise.queries.queues import (
    COUNT_CAP,
    NULLABLE,
    SORTS,
    Queue,
    counts,
    listed,
    narrowed,
    next_up,
    queue_filters,
    queue_of,
)
from enterprise.services.people import office_people
from enterprise.views.office.desk import Desk, queue_query
from enterprise.workflow import State

TONES: dict[str, Tone] = {
    State.DRAFT: "neutral",
    State.SUBMITTED: "info",
    State.SENT_BACK: "warn",
    State.CHECKED: "info",
    State.VERIFIED: "info",
    State.QUEUED: "info",
    State.HELD: "bad",
    State.UPLOADED: "info",
    State.ACKNOWLEDGED: "info",
    State.RETURNED: "bad",
    State.REFUSED: "bad",
    State.FILED: "good",
    State.ABANDONED: "neutral",
}


@require_GET
def queue(request: NodeRequest, isp: int) -> HttpResponse:
    """Show one of the office's queues, as the query string wants it."""
    desk = Desk.of(request)
    shown = queue_of(request.GET, desk.queues(), desk.roles)
    filters = queue_filters(desk.provider, desk.user, desk.teams, request.GET, only_agent=desk.only_agent)
    rows = narrowed(desk.cases(), desk.teams)
    found = filters.apply(listed(rows)).filter(shown.wanted(desk.user))
    query = queue_query(request.GET)
    page = table_of(shown).page(
        found.select_related("assigned_to", "agent"),
        request,
        row_url=lambda row: desk.url("case", _with_queue(query, shown), pk=row.pk),
    )
    context = {
        "desk": desk,
        "filters": filters,
        "tabs": _tabs(desk, request, filters, shown),
        "page": page,
        "query": _with_queue(query, shown),
        "queue": shown,
        "selectable": shown.name != "ended" and not desk.only_agent,
        "people": office_people(desk.provider) if desk.clerks else (),
        "team": next(iter(desk.teams)).label if len(desk.teams) == 1 else "",
    }
    response = render(request, "enterprise/office/queue.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def next_case(request: NodeRequest, isp: int) -> HttpResponse:
    """Go to the next case of the queue that is nobody's or one's own; `after` is the one just looked at."""
    desk = Desk.of(request)
    shown = queue_of(request.GET, desk.queues(), desk.roles)
    filters = queue_filters(desk.provider, desk.user, desk.teams, request.GET, only_agent=desk.only_agent)
    after = row_number(request.POST.get("after", ""))
    place = desk.cases().light().filter(pk=after).first() if after is not None else None
    rows = filters.apply(listed(narrowed(desk.cases(), desk.teams)))
    found = next_up(rows, shown, desk.user, request.GET.get("sort", shown.sort), place)  # type: ignore[arg-type]
    query = _with_queue(queue_query(request.GET), shown)
    if not found:
        messages.info(request, f"“{shown.title}”中没有可以接着处理的申请。")
        return redirect(desk.url("queue", query))
    return redirect(desk.url("case", query, pk=found[0]))


def badge(case: Case) -> Badge:
    """Give the state as a badge."""
    return Badge(case.get_state_display(), TONES[case.state])


def table_of(shown: Queue) -> Table:
    """Declare the columns: deadline where there is one, what stands against it where it is held."""
    due = (
        Column(
            name="due",
            label="期限",
            value=clock,
            template="enterprise/office/clock.html",
            sort=shown.due,
            nullable=shown.due in NULLABLE,
        ),
    )
    return Table(
        name="cases",
        order=shown.sort,
        sizes=(50, 20, 100, 200),
        columns=(
            Column(name="sponsor", label="主办者", value=title_of, sort="sponsor_order", lead=True),
            Column(name="domain", label="域名", value=domains_of, kind="code"),
            Column(name="kind", label="申请类型", value="reference", template="enterprise/office/kind.html"),
            Column(name="state", label="状态", value=badge, template="enterprise/office/standing.html"),
            *(due if shown.due else ()),
            Column(
                name="submitted", label="提交", value="submitted_at", kind="date", sort="submitted_at", nullable=True
            ),
            Column(name="since", label="最近变化", value="changed_at", kind="date", sort=SORTS["since"]),
            Column(name="assigned", label="经办人", value="assigned_to"),
        ),
    )


def title_of(case: Case) -> str:
    """Name a case by its sponsor, or by what it is about while nobody said who."""
    return case.sponsor_name or case.filing_number or f"（未填写）{case.reference}"


def domains_of(case: Case) -> str:
    """Name the first domain, and how many there are."""
    return f"{case.first_domain} 等 {len(case.domains)} 个" if len(case.domains) > 1 else case.first_domain


def _with_queue(query: str, shown: Queue) -> str:
    return query if query.startswith("queue=") else f"queue={shown.name}{'&' if query else ''}{query}"


def _tabs(desk: Desk, request: NodeRequest, filters: Filters, shown: Queue) -> list[tuple[Tab, str]]:
    """Give the queues with their counts in words; ended cases are not counted."""
    offered = desk.queues()
    counted = counts(
        narrowed(desk.cases(), desk.teams), desk.user, [each for each in offered if each.name != "ended"], filters
    )
    tabs = []
    for each in offered:
        url = query_url(request.GET, {"queue": each.name}, drop=("after", "before", "sort"))
        number = counted.get(each.name)
        words = "" if number is None else f"{COUNT_CAP}+" if number > COUNT_CAP else str(number)
        tabs.append((Tab(each.title, url, each == shown), words))
    return tabs
