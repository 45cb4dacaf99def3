"""The queue: what of a bureau's applications a reviewer wants to see, in which order, and how many."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db import models
from django.db.models import F, Q, Subquery
from django.http import QueryDict
from django.utils import timezone

from beian.bigrams import ChineseOrder, holds
from beian.calendar import add_working_days
from beian.models import Node, Region, User
from beian.web import filters
from beian.web.filters import Filter, Filters
from beian.web.keyset import Cursor, Order
from bureau.models import Application
from bureau.models.application import ApplicationQuerySet
from bureau.workflow import OPEN, Kind, State
from interface.models import ProviderAccount

OPEN_TAB = "open"
COUNT_CAP = 1000
"""Counts of the tabs beyond this are written 1000+: an exact one costs a scan and changes nothing."""

SOON = 3
"""Working days from which a deadline counts as near."""

ELSEWHERE = "elsewhere"
"""In place of a provider: all those that have no account at this bureau (theirs forwarded)."""

CITY = 2

TABS: tuple[tuple[str, str], ...] = (
    (OPEN_TAB, "待办"),
    *((str(state), str(state.label)) for state in State if state in OPEN),
    *((str(state), str(state.label)) for state in State if state not in OPEN),
)

# Column → the field or annotation it sorts by.
SORTS: dict[str, str] = {
    "deadline": "deadline",
    "received": "received_at",
    "sponsor": "sponsor_order",
    "provider": "provider_order",
}
DEFAULT_SORT = "deadline"


class CappedCount(Subquery):
    """How many rows a query gives, counted no further than the limit that it carries."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = models.IntegerField()


def queue_filters(bureau: Node, user: User, query: QueryDict) -> Filters:
    """Give the filters of the queue at `bureau`, with what `query` says about them."""
    text = Filter(
        name="text",
        label="主办者或域名",
        make_field=lambda: forms.CharField(
            label="主办者或域名",
            required=False,
            max_length=100,
            widget=forms.TextInput(
                attrs={"type": "search", "data-shortcut": "/", "placeholder": "名称的一部分，或域名"}
            ),
        ),
        condition=holds_text,
        width="wide",
    )
    provider = filters.choice("provider", "接入商", "isp_id", lambda: _providers(bureau))
    declared = (
        text,
        filters.choice("kind", "申请类型", "kind", Kind.choices),
        Filter(
            name="provider",
            label="接入商",
            make_field=provider.make_field,
            condition=lambda value: _of_provider(bureau, value),
            width="half",
        ),
        filters.choice("city", "所在市", "city", lambda: _cities(bureau)),
        filters.cases("due", "办结期限", DUE),
        filters.cases("claimed", "审核人", _claims(user)),
        *filters.days("received", "受理日期", "received_at"),
    )
    return Filters(declared, query)


def _providers(bureau: Node) -> list[tuple[Any, str]]:
    accounts = ProviderAccount.objects.filter(bureau=bureau).order_by("isp_id")
    return [*accounts.values_list("isp_id", "provider__name"), (ELSEWHERE, "外省接入商（转来）")]


def _cities(bureau: Node) -> list[tuple[int, str]]:
    return list(Region.objects.filter(level=CITY, parent=bureau.province, valid=True).values_list("code", "name"))


def _of_provider(bureau: Node, value: str) -> Q:
    if value == ELSEWHERE:
        return ~Q(isp_id__in=ProviderAccount.objects.filter(bureau=bureau).values("isp_id"))
    return Q(isp_id=int(value))


def _near() -> datetime.date:
    return add_working_days(timezone.localdate(), SOON)


DUE: Mapping[str, tuple[str, Callable[[], Q]]] = {
    "overdue": ("已超期", lambda: Q(deadline__lt=timezone.localdate())),
    "today": ("今日到期", lambda: Q(deadline=timezone.localdate())),
    "soon": (f"{SOON}个工作日内到期", lambda: Q(deadline__gte=timezone.localdate(), deadline__lte=_near())),
    "later": (f"{SOON}个工作日以后", lambda: Q(deadline__gt=_near())),
}


def _claims(user: User) -> Mapping[str, tuple[str, Callable[[], Q]]]:
    return {
        "me": ("我", lambda: Q(claimed_until__gt=timezone.now(), claimed_by=user)),
        "nobody": ("无人", unclaimed),
        "others": ("他人", lambda: Q(claimed_until__gt=timezone.now()) & ~Q(claimed_by=user)),
    }


def unclaimed() -> Q:
    """Match what nobody holds at the moment: never claimed, given back, or expired."""
    return Q(claimed_until=None) | Q(claimed_until__lte=timezone.now())


def holds_text(text: str) -> Q:
    """Match a sponsor's name or first domain that holds `text`, or `text` as one of the domains.

    The index `application_search` stands on the bigrams of exactly these fields.
    """
    return holds(text, "sponsor_name", "first_domain") | Q(domains__contains=[text.strip().lower()])


def tab_of(query: QueryDict) -> str:
    """Give the tab that `query` names, the open ones where it names none."""
    return query.get("state", "") if query.get("state") in dict(TABS) else OPEN_TAB


def sort_of(query: QueryDict) -> str:
    """Give the sorting that `query` names, by deadline where it names none."""
    return query.get("sort", "") if query.get("sort", "").removeprefix("-") in SORTS else DEFAULT_SORT


def applications(bureau: Node) -> ApplicationQuerySet:
    """Give the applications at `bureau` as lists need them: sortable by name, without what is long."""
    return (
        Application.objects.at(bureau)
        .defer("record", "base", "findings", "recommendation", "opinion", "reasons")
        .annotate(sponsor_order=ChineseOrder(F("sponsor_name")), provider_order=ChineseOrder(F("provider_name")))
    )


def in_tab(rows: ApplicationQuerySet, tab: str) -> ApplicationQuerySet:
    """Keep what a tab shows."""
    return rows.filter(state__in=sorted(OPEN)) if tab == OPEN_TAB else rows.filter(state=tab)


def counts(bureau: Node, wanted: Filters) -> dict[str, int]:
    """Count by tab what the filters leave, each state no further than one beyond `COUNT_CAP`. One query."""
    rows = wanted.apply(Application.objects.at(bureau))
    counted = {
        f"in_{state}": CappedCount(rows.filter(state=state).order_by().values("pk")[: COUNT_CAP + 1]) for state in State
    }
    row: Any = Node.objects.filter(pk=bureau.pk).values(**counted).get()
    found = {str(state): row[f"in_{state}"] or 0 for state in State}  # NULL where the filters do not fit
    return {OPEN_TAB: sum(found[str(state)] for state in OPEN), **found}


def next_up(bureau: Node, wanted: Filters, tab: str, sort: str, workable: Q, after: int | None = None) -> list[int]:
    """Give the ids of what to take next: in the order of the queue, nobody's, and `workable`.

    With `after` (an id), those that follow it come first and the rest after them, so that skipping
    one goes forward. Several are given, because another reviewer may be faster.
    """
    rows = in_tab(wanted.apply(applications(bureau)), tab).filter(unclaimed(), workable)  # type: ignore[arg-type]
    order = Order(SORTS[sort.removeprefix("-")], descending=sort.startswith("-"))
    found: list[Application] = []
    if after is not None and (place := applications(bureau).filter(pk=after).first()):
        rows = rows.exclude(pk=after)
        found, *_ = order.page(rows, Cursor(getattr(place, order.path), place.pk), 20)
    if not found:
        found, *_ = order.page(rows, None, 20)
    return [each.pk for each in found]
