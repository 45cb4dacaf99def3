"""What happened to the connection, to the numbers on both sides, and how a drift was settled."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.models import Event
from beian.web.components import Moment, Tone
from beian.web.keyset import Order, read_cursor
from beian.web.requests import NodeRequest
from beian.web.tables import url
from enterprise.forms.connection import ParametersForm
from enterprise.gateway.composing import SUBJECT as OUTGOING
from enterprise.gateway.waiting import SUBJECT as CONNECTION
from enterprise.models import Connection
from enterprise.views.connection.own import crumbs, page_url, require_connection, tabs

SHOWN = 50
SORT = "-id"
Words = Callable[[dict[str, Any]], str]


def _because(data: dict[str, Any]) -> str:
    return str(data.get("because", ""))


VERBS: dict[tuple[str, str], tuple[str, Tone]] = {
    (CONNECTION, "set_parameters"): ("设置通信参数", "neutral"),
    (CONNECTION, "first_contact"): ("首次联系，采用管局的序号", "info"),
    (CONNECTION, "drift"): ("双方序号不一致", "warn"),
    (CONNECTION, "stopped"): ("停止上报，等待处理", "bad"),
    (CONNECTION, "go_on"): ("处理后继续", "good"),
    (CONNECTION, "resolve_arrived"): ("人工核实：文件已到达", "info"),
    (CONNECTION, "resolve_resend"): ("人工核实：文件未到达，重新上报", "info"),
    (CONNECTION, "uploads_wait"): ("上报等待", "warn"),
    (CONNECTION, "uploads_go_on"): ("上报恢复", "good"),
    (CONNECTION, "downloads_wait"): ("取回等待", "warn"),
    (CONNECTION, "downloads_go_on"): ("取回恢复", "good"),
    (OUTGOING, "renumbered"): ("文件改用新序号", "info"),
    (OUTGOING, "divided"): ("文件拆分重报", "warn"),
    (OUTGOING, "suspected"): ("文件暂缓，先报其他", "warn"),
    (OUTGOING, "refused"): ("文件被拒收", "bad"),
    (OUTGOING, "forgotten"): ("文件在管局已无记录", "bad"),
}
"""What is told, in words. What happens to every document (written, accepted) is left to its own page."""

FIELDS = {name: str(field.label) for name, field in ParametersForm.base_fields.items()}
WORDS: dict[tuple[str, str], Words] = {
    (CONNECTION, "set_parameters"): lambda data: "、".join(FIELDS.get(name, name) for name in data.get("changed", ())),
    (CONNECTION, "resolve_arrived"): lambda data: f"第{data.get('sequence')}号，此后按管局的序号继续。",
    (CONNECTION, "resolve_resend"): lambda data: f"原第{data.get('sequence')}号，按管局的序号改编后重报。",
    (CONNECTION, "first_contact"): lambda data: f"管局最近受理的是第{data.get('bureau')}号，下一份为其后一号。",
    (CONNECTION, "drift"): lambda data: f"本系统最近为第{data.get('ours')}号，管局为第{data.get('bureau')}号。",
    (OUTGOING, "renumbered"): lambda data: f"原为第{data.get('before')}号，按管局的序号改编，内容不变，没有重复受理。",
    (OUTGOING, "forgotten"): lambda data: (
        f"第{data.get('sequence')}号（{data.get('records')}件）：其中等待结果的申请已列为受阻，请与管局核实。"
    ),
}


@require_safe
def connection_history(request: NodeRequest, isp: int) -> HttpResponse:
    """Show what happened, the latest first, a page at a time."""
    connection = require_connection(request.node)
    order = Order("id", descending=True)
    found, earlier, later = order.page(events_of(connection), read_cursor(request.GET, SORT), SHOWN)
    context = {
        "tabs": tabs(request, "connection_history"),
        "crumbs": crumbs(request.node),
        "moments": [_moment(connection, event) for event in found],
        "newer": url(request.GET, before=order.cursor(found[0], SORT)) if earlier and found else "",
        "older": url(request.GET, after=order.cursor(found[-1], SORT)) if later and found else "",
    }
    return render(request, "enterprise/connection/history.html", context)


def events_of(connection: Connection) -> QuerySet[Event]:
    """The events that are told of a connection and of its documents."""
    about = Q(subject_kind=CONNECTION, subject=str(connection.pk), verb__in=_verbs(CONNECTION))
    about |= Q(subject_kind=OUTGOING, verb__in=_verbs(OUTGOING))
    return Event.objects.filter(about, node=connection.provider)


def moments(connection: Connection, most: int = SHOWN) -> list[Moment]:
    """Give what happened last."""
    return told(connection, events_of(connection).order_by("-id")[:most])


def told(connection: Connection, events: Iterable[Event]) -> list[Moment]:
    """Put events into words."""
    return [_moment(connection, event) for event in events]


def _verbs(subject: str) -> list[str]:
    return [verb for kind, verb in VERBS if kind == subject]


def _moment(connection: Connection, event: Event) -> Moment:
    title, tone = VERBS[event.subject_kind, event.verb]
    number = event.data.get("sequence")
    if event.subject_kind == OUTGOING and number is not None:
        title = f"第{number}号：{title}"
    words = WORDS.get((event.subject_kind, event.verb), _because)(event.data)
    link = ""
    if event.subject_kind == OUTGOING:
        link = page_url(connection.provider, "connection_outgoing_document", pk=int(event.subject))
    return Moment(event.at, title, event.actor_name if event.actor_id else "", event.reason or words, tone, link)
