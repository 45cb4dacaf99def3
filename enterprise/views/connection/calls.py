"""The calls that were made, with what was answered and what to do about it."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.web.components import Badge
from beian.web.filters import Filters, choice, days, flag
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from enterprise import advice
from enterprise.models import Call
from enterprise.views.connection.own import OPERATIONS, crumbs, require_connection, tabs
from interface.codes import Code

NOTHING_WRONG = frozenset({int(Code.OK), 1, int(Code.NOTHING_TO_DOWNLOAD), 3})


def answer(call: Call) -> Badge:
    """Give the code that was answered; what nobody has to look at is not red."""
    if call.code is None:
        return Badge("无应答", "bad")
    return Badge(str(call.code), "good" if call.code == 0 else "neutral" if call.code in NOTHING_WRONG else "bad")


def operation(call: Call) -> str:
    """Name the operation in words."""
    words = OPERATIONS.get(call.operation, call.operation)
    return f"{words}（测试）" if call.test else words


def explained(call: Call) -> str:
    """Say what to do about a call that did not go well; nothing about one that did."""
    if call.code is None:
        kind = call.error.partition(":")[0]
        return next((words for error, words in advice.NO_ANSWER.items() if error.__name__ == kind), "")
    return "" if call.code in NOTHING_WRONG else advice.advise(call.code)


TABLE = Table(
    name="connection_calls",
    columns=(
        Column(name="at", label="时间", kind="moment", sort="id"),
        Column(name="operation", label="接口", value=operation),
        Column(name="answer", label="返回码", value=answer, kind="badge"),
        Column(name="about", label="说明", template="enterprise/connection/call_about.html"),
        Column(name="milliseconds", label="耗时（毫秒）", kind="number"),
        Column(name="by", label="操作人"),
    ),
    order="-at",
    sizes=(50, 20, 100),
)
FILTERS = (
    choice("operation", "接口", "operation", OPERATIONS.items()),
    choice("code", "返回码", "code", [(int(code), f"{int(code)} {code.message}"[:40]) for code in Code]),
    *days("at", "时间", "at"),
    flag("wrong", "只看不成功的", lambda: Q(code=None) | ~Q(code__in=NOTHING_WRONG)),
    flag("test", "只看测试", lambda: Q(test=True)),
)


@require_safe
def connection_calls(request: NodeRequest, isp: int) -> HttpResponse:
    """List the calls, the latest first."""
    connection = require_connection(request.node)
    filters = Filters(FILTERS, request.GET)
    page = TABLE.page(filters.apply(Call.objects.filter(connection=connection)), request)
    for call in page.objects:
        call.advice = explained(call)
    context = {
        "filters": filters,
        "page": page,
        "tabs": tabs(request, "connection_calls"),
        "crumbs": crumbs(request.node),
    }
    return render(request, "enterprise/connection/calls.html", context)
