"""The page that one looks at: both loops, the parameters, the last calls."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.web.components import Term
from beian.web.requests import NodeRequest
from enterprise.models import Call, Connection, Incoming, IncomingState, Outgoing
from enterprise.views.connection.calls import answer, explained, operation
from enterprise.views.connection.history import moments
from enterprise.views.connection.loops import loops_of
from enterprise.views.connection.own import administers, connection_of, supervises, tabs

CALLS_SHOWN, CALLS_LOOKED_AT = 6, 100
EVENTS_SHOWN = 5
SECRETS = (("password", "认证密码"), ("aes_key", "AES密钥"), ("aes_iv", "AES偏移量"))


@require_safe
def connection(request: NodeRequest, isp: int) -> HttpResponse:
    """Show the connection, or how to enter its parameters where there are none."""
    return show(request)


def show(request: NodeRequest, *, status: int = 200) -> HttpResponse:
    """Render the page as things stand, under another status after an act that was refused."""
    found = connection_of(request.node)
    rights = {"administers": administers(request), "supervises": supervises(request)}
    context: dict[str, object] = {"tabs": tabs(request, "connection"), "connection": found, **rights}
    if found is None:
        return render(request, "enterprise/connection/missing.html", context, status=status)
    context |= _standing(found) | {"terms": terms_of(found), "moments": moments(found)[:EVENTS_SHOWN]}
    return render(request, "enterprise/connection/overview.html", context, status=status)


@require_safe
def connection_status(request: NodeRequest, isp: int) -> HttpResponse:
    """Give the part of the page that keeps itself fresh."""
    found = connection_of(request.node)
    if found is None:
        return HttpResponse(status=204)
    rights = {"administers": administers(request), "supervises": supervises(request)}
    context = {"connection": found, **rights, **_standing(found)}
    return render(request, "enterprise/connection/status.html", context)


def terms_of(connection: Connection) -> list[Term]:
    """The parameters; of what is secret, whether it is there."""
    return [
        Term("接口地址", connection.endpoint, code=True, wide=True, note="其后接 /ISPWebService/upDownLoad"),
        Term("报备单位标识", connection.provider.isp_id, code=True),
        Term("用户名", connection.user_name, code=True),
        *(Term(label, "已设置" if getattr(connection, name) else "未设置") for name, label in SECRETS),
        Term("上报数据", "AES加密" if connection.encrypt else "不加密"),
        Term("启用", "是" if connection.active else "否"),
        Term("查询间隔", f"{connection.poll_seconds}秒"),
    ]


def _standing(connection: Connection) -> dict[str, object]:
    own = Incoming.objects.filter(provider=connection.provider)
    return {
        "loops": loops_of(connection),
        "last_sequence": connection.last_sequence,
        "last_document": Outgoing.objects.filter(provider=connection.provider).order_by("-id").first(),
        "failed": own.filter(state=IncomingState.FAILED).count(),
        "calls": [
            (call, operation(call), answer(call), explained(call), times)
            for call, times in islice(_last_calls(connection), CALLS_SHOWN)
        ],
    }


def _last_calls(connection: Connection) -> Iterator[tuple[Call, int]]:
    """Give the last calls, the latest first; of several alike in a row the latest, and how many they were."""
    calls = Call.objects.filter(connection=connection).order_by("-id")[:CALLS_LOOKED_AT]
    for _, alike in groupby(calls, key=lambda call: (call.operation, call.code, call.message, call.error, call.test)):
        found = list(alike)
        yield found[0], len(found)
