"""Where the bureau's word and the office's differ: one kind at a time, with what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.models import Domain, Sponsor, Website
from beian.web.components import Tab
from beian.web.requests import NodeRequest
from enterprise.models import Case
from enterprise.queries.holding_differences import KINDS, DifferenceKind, differing
from enterprise.views.holdings.reach import private, reach_of, tabs, url

SIZE = 50
"""Rows of a page. Of cases that must be read so many are looked through at a time."""

MOST = 1_000
"""Counted no further: an exact number beyond costs a scan and changes nothing."""

MOST_READ = 100
"""Cases that must be read are counted as long as there are no more: each is compared with its filing in full."""

UNCOUNTED = "（逐页核对）"
"""What stands in the place of a number that would cost too much."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that differs: what it is, its number, what is said of it, where it leads."""

    title: str
    number: str
    detail: str
    url: str
    other_url: str = ""


@require_safe
def holdings_differences(request: NodeRequest, isp: int) -> HttpResponse:
    """Show the differences of one kind, page by page."""
    reach = reach_of(request)
    kind = next((each for each in KINDS if each.name == request.GET.get("kind")), KINDS[0])
    after = request.GET.get("after", "")
    rows = kind.rows(request.node).order_by("pk")
    rows = rows.filter(pk__gt=int(after)) if after.isascii() and after.isdigit() and len(after) < 19 else rows
    found: list[Any] = list(rows[: SIZE + 1])
    shown, more = found[:SIZE], len(found) > SIZE
    numbers = {each: _number(request, each) for each in KINDS}
    context = {
        "tabs": tabs(request, reach, "holdings_differences"),
        "kinds": [
            Tab(f"{each.title} {number}", f"?kind={each.name}", each == kind) for each, number in numbers.items()
        ],
        "uncounted": numbers[kind] == UNCOUNTED,
        "kind": kind,
        "lines": list(_lines(request, kind, shown)),
        "looked_at": len(shown),
        "next_url": f"?kind={kind.name}&after={shown[-1].pk}" if more else "",
        "first_url": f"?kind={kind.name}" if after else "",
    }
    return private(render(request, "enterprise/holdings/differences.html", context))


def _number(request: NodeRequest, kind: DifferenceKind) -> str:
    """Say how many there are of a kind, as far as that is cheap enough for a tab."""
    rows = kind.rows(request.node)
    if kind.read:
        cases = list(rows.order_by("pk")[: MOST_READ + 1])
        return UNCOUNTED if len(cases) > MOST_READ else str(len(differing(request.node, cases)))
    number = rows.order_by()[: MOST + 1].count()
    return f"{MOST}+" if number > MOST else str(number)


def _lines(request: NodeRequest, kind: DifferenceKind, rows: list[Any]) -> Iterable[Line]:
    if kind.read:
        return (
            _of_case(request, each.case, f"{each.words}{'（此后备案另有变更）' if each.changed_since else ''}")
            for each in differing(request.node, rows)
        )
    makers: dict[str, Callable[[NodeRequest, Any], Line]] = {
        "case": _of_case,
        "domain": _of_domain,
        "website": _of_website,
        "sponsor": _of_sponsor,
    }
    return (makers[kind.what](request, row) for row in rows)


def _of_case(request: NodeRequest, case: Case, detail: str = "") -> Line:
    answered = (
        f"{case.get_kind_display()}，{case.answered_at:%Y-%m-%d} 办结" if case.answered_at else case.get_kind_display()
    )
    return Line(
        case.sponsor_name or case.first_domain or case.reference,
        case.filing_number or case.reference,
        "：".join(part for part in (answered, detail) if part),
        url(request, "case", pk=case.pk),
        url(request, "holding", number=case.sponsor_number) if case.sponsor_number else "",
    )


def _of_domain(request: NodeRequest, domain: Domain) -> Line:
    sponsor = domain.website.sponsor
    return Line(
        domain.name, domain.website.filing_number or "", sponsor.name, url(request, "holding", number=sponsor.number)
    )


def _of_website(request: NodeRequest, website: Website) -> Line:
    sponsor = website.sponsor
    return Line(website.name, website.filing_number or "", sponsor.name, url(request, "holding", number=sponsor.number))


def _of_sponsor(request: NodeRequest, sponsor: Sponsor) -> Line:
    return Line(
        sponsor.name,
        sponsor.filing_number or str(sponsor.number),
        f"最近变更 {sponsor.last_modified:%Y-%m-%d}",
        url(request, "holding", number=sponsor.number),
    )
