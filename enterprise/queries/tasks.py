"""The tasks of a provider: as a list, and what the office knows of what one is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from beian.bigrams import holds
from beian.checks.keys import domain_key
from beian.models import Access, AddressRange, Domain, Node, User, Website
from beian.web.filters import Filter, Filters, cases, text
from enterprise.models import Case, Task, TaskKind, TaskState
from enterprise.workflow import ENDED

MOST_SHOWN = 20


def listed(provider: Node) -> QuerySet[Task]:
    """Give the tasks of a provider as a list shows them, without what their notices say."""
    return Task.objects.filter(provider=provider).defer("content").select_related("assigned_to")


def open_counts(provider: Node) -> dict[str, int]:
    """Count what is not done with, by kind: one query."""
    rows = Task.objects.filter(provider=provider).exclude(state=TaskState.DONE).order_by()
    return dict(rows.values_list("kind").annotate(count=Count("pk")))


def filters_of(user: User, query: QueryDict) -> Filters:
    """Give what the list is narrowed by. Without a word about the state it shows what is not done with."""
    words = text("q", "事项", placeholder="名称、备案号或域名的一部分")
    return Filters(
        (
            Filter(
                name=words.name,
                label=words.label,
                make_field=words.make_field,
                condition=lambda typed: holds(typed, "title"),
                width="wide",
            ),
            cases("state", "状态", STATES, any_label="未办结"),
            cases("whose", "处理人", _whose(user)),
        ),
        query,
    )


def _whose(user: User) -> Mapping[str, tuple[str, Callable[[], Q]]]:
    return {
        "mine": ("我的", lambda: Q(assigned_to=user)),
        "nobody": ("未分配", lambda: Q(assigned_to=None)),
    }


STATES = {
    "open": ("待处理", lambda: Q(state=TaskState.OPEN)),
    "overdue": ("已超期", lambda: Q(due__lt=timezone.localdate()) & ~Q(state=TaskState.DONE)),
    "holding": ("阻塞数据确认", lambda: Q(holds=True, state=TaskState.OPEN)),
    "reporting": ("结果上报中", lambda: Q(state=TaskState.REPORTING)),
    "done": ("已处理", lambda: Q(state=TaskState.DONE)),
    "all": ("全部", Q),
}


def narrowed(rows: QuerySet[Task], filters: Filters, kind: str) -> QuerySet[Task]:
    """Keep what the filters and the tab want."""
    if kind in TaskKind.values:
        rows = rows.filter(kind=kind)
    if "state" not in filters.values:
        rows = rows.exclude(state=TaskState.DONE)
    return filters.apply(rows)


@dataclass(frozen=True, slots=True)
class Hosting:
    """Who may be behind a domain at an address: websites filed there, filings of the domain, open cases with it."""

    at_address: list[Website]
    of_domain: list[Website]
    cases: list[Case]


def hosting(provider: Node, domain: str, address: int) -> Hosting:
    """Look a domain and an address up in what the office knows. Three queries."""
    ranges = AddressRange.objects.held_by(provider).filter(
        first__lte=address, last__gte=address, access__isp_id=provider.isp_id
    )
    key = domain_key(domain)
    sites = Website.objects.held_by(provider).select_related("sponsor")
    open_cases = Case.objects.at(provider).light().filter(domains__contains=[key]).exclude(state__in=ENDED)
    return Hosting(
        at_address=list(sites.filter(pk__in=ranges.values("access__website"))[:MOST_SHOWN]),
        of_domain=list(sites.filter(pk__in=Domain.objects.held_by(provider).filter(key=key).values("website"))),
        cases=list(open_cases[:MOST_SHOWN]),
    )


def shells(provider: Node) -> QuerySet[Website]:
    """Give the empty-shell websites of our copy: those to which we give no access any more.

    `inspected` tells whether the bureau has found the same, or that a website does not answer.
    """
    ours = Access.objects.held_by(provider).filter(website=OuterRef("pk"), isp_id=provider.isp_id)
    found = Task.objects.filter(
        provider=provider,
        kind__in=(TaskKind.SHELL, TaskKind.LIVENESS),
        website_number=OuterRef("number"),
    ).exclude(state=TaskState.DONE)
    rows = Website.objects.held_by(provider).select_related("sponsor")
    return rows.annotate(unserved=~Exists(ours), inspected=Exists(found)).filter(Q(unserved=True) | Q(inspected=True))
