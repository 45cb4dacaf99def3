"""A provider's calls, with the reason of each answer and what to do about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.advice import advise
from beian.web.filters import Filters, choice, days, flag, text
from beian.web.requests import NodeRequest
from beian.web.tables import Column
from bureau.queries.calls import OPERATIONS, REFUSED, SERVED
from bureau.queries.provider import calls_of
from bureau.views.interface import calls
from bureau.views.provider.own import own_account
from interface.codes import Code

LEFT_OUT = frozenset({"provider", "reason", "size", "milliseconds"})
TABLE = replace(
    calls.TABLE,
    columns=(
        *(column for column in calls.TABLE.columns if column.name not in LEFT_OUT),
        Column(name="reason", label="为什么，怎么办", template="bureau/provider/call_reason.html"),
    ),
)
FILTERS = (
    choice("operation", "操作", "operation", OPERATIONS.items()),
    choice("code", "返回代码", "code", [(int(code), f"{int(code)} {code.message}"[:40]) for code in Code]),
    text("address", "来源地址", "address__startswith", placeholder="例如 203.0.113.", max_length=45),
    *days("at", "时间", "at"),
    flag("refused", "只看被拒绝的", lambda: REFUSED),
)


@require_safe
def my_calls(request: NodeRequest, province: int) -> HttpResponse:
    """List the calls, the latest first."""
    account = own_account(request)
    filters = Filters(FILTERS, request.GET)
    page = TABLE.page(filters.apply(calls_of(account)), request)
    rows: list[Any] = page.objects
    for call in rows:
        call.advice = "" if call.code in SERVED else advise(call.code)
    return render(request, "bureau/provider/calls.html", {"filters": filters, "page": page})
