"""A provider's records: each with where it is and how its answer stands."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.web.components import Badge, Tone
from beian.web.filters import Filter, Filters, cases, choice, days, number, text
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Page, Table
from bureau.models import Application
from bureau.queries.provider import CONFIRMED, FETCHED, WAITING, answered, answers_to, records_of
from bureau.queries.queue import holds_text
from bureau.queries.whereabouts import forwardings_of, whereabouts
from bureau.views.provider.own import own_account, own_url
from bureau.workflow import OPEN, Kind, State
from interface.models import ProviderAccount

TONES: dict[str, Tone] = {
    State.RETURNED: "bad",
    State.REFUSED: "bad",
    State.APPROVED: "good",
    State.WITHDRAWN: "neutral",
}
# Who of the bureau has it in hand at the moment does not concern the provider.
IN_REVIEW = "审核中"


def badge(application: Application) -> Badge:
    """Give the state as a badge."""
    label = IN_REVIEW if application.is_open else str(application.get_state_display())
    return Badge(label, TONES.get(application.state, "info"))


TABLE = Table(
    name="records",
    columns=(
        Column(name="sponsor_name", label="主办者", lead=True),
        Column(name="kind", label="申请类型", value="get_kind_display"),
        Column(name="first_domain", label="首个域名", kind="code"),
        Column(name="subject", label="所报编号", kind="code"),
        Column(name="sequence", label="上报序号", kind="number"),
        Column(name="received_at", label="受理时间", kind="moment", sort="id"),
        Column(name="state", label="状态", value=badge, kind="badge"),
        Column(name="place", label="现在何处", template="bureau/provider/place.html"),
    ),
    order="-received_at",
)
STATES = {
    "review": ("在本局审核", lambda: Q(state__in=sorted(OPEN))),
    "forwarded": ("已转外省审核", lambda: Q(state=State.FORWARDED)),
    "back": ("已退回或被拒绝", lambda: Q(state__in=(State.RETURNED, State.REFUSED))),
    "approved": ("已通过", lambda: Q(state=State.APPROVED)),
    "withdrawn": ("已撤回", lambda: Q(state=State.WITHDRAWN)),
}


def filters_of(account: ProviderAccount) -> tuple[Filter, ...]:
    """Give what a provider looks for its records by."""
    return (
        Filter(
            name="q",
            label="主办者或域名",
            make_field=text("q", "主办者或域名", placeholder="名称的一部分，或域名").make_field,
            condition=holds_text,
            width="wide",
        ),
        text("subject", "本单位编号或所报编号", "subject", max_length=128),
        number("sequence", "上报序号", "sequence"),
        cases("state", "现在何处", STATES),
        cases(
            "answer",
            "结果",
            {
                "waiting": ("在信箱中等待下载", lambda: Q(answered(account, WAITING))),
                "fetched": ("已下载，未确认", lambda: Q(answered(account, FETCHED))),
                "confirmed": ("已确认收到", lambda: Q(answered(account, CONFIRMED))),
            },
        ),
        choice("kind", "申请类型", "kind", Kind.choices),
        *days("received", "受理时间", "received_at"),
    )


@require_safe
def my_records(request: NodeRequest, province: int) -> HttpResponse:
    """List the provider's records, the latest first."""
    account = own_account(request)
    filters = Filters(filters_of(account), request.GET)
    found = filters.apply(records_of(account).light())
    page = TABLE.page(found, request, row_url=lambda each: own_url(request, "my_record", pk=each.pk))
    place(account, page)
    return render(request, "bureau/provider/records.html", {"account": account, "filters": filters, "page": page})


def place(account: ProviderAccount, page: Page) -> None:
    """Write on each row of a page where it is (`place`). Three queries."""
    rows: list[Any] = page.objects
    answers, forwardings = answers_to(account, rows), forwardings_of(rows)
    for application in rows:
        application.place = whereabouts(application, answers, forwardings)
