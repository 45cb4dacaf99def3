"""What gets a loop going again, after a person has looked."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from beian.models import User
from beian.services.refusals import MovedOn, ServiceError
from beian.web.requests import NodeRequest
from enterprise.gateway import verbs
from enterprise.models import Connection
from enterprise.views.connection.overview import show
from enterprise.views.connection.own import page_url, require_connection


def _go_on(connection: Connection, actor: User, _: int) -> None:
    verbs.go_on(connection, actor)


ACTS: dict[str, tuple[Callable[[Connection, User, int], None], str]] = {
    "go_on": (_go_on, "已继续：系统马上再试一次。"),
    "arrived": (verbs.resolve_arrived, "已记录：文件已到达，继续下一份。"),
    "resend": (verbs.resolve_resend, "已记录：文件未到达，将用新的序号重新上报。"),
}
"""What can be done, and what is said when it is done."""


@require_POST
def connection_act(request: NodeRequest, isp: int, act: str) -> HttpResponse:
    """Let the loops go on, or settle the `document` of which nobody knows whether it arrived.

    409, with the page as it is now, where it is no longer the one that was shown.
    """
    if act not in ACTS:
        raise Http404(f"no such act: {act}")
    verb, done = ACTS[act]
    try:
        verb(require_connection(request.node), request.user, _document(request))
        messages.success(request, done)
    except MovedOn as error:
        messages.error(request, error.message)
        return show(request, status=409)
    except ServiceError as error:
        messages.error(request, error.message)
    return redirect(page_url(request.node, "connection"))


@require_POST
def connection_sequence(request: NodeRequest, isp: int) -> HttpResponse:
    """Ask the bureau for its last number and show both sides."""
    connection = require_connection(request.node)
    try:
        state = verbs.sequence_state(connection, request.user)
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect(page_url(request.node, "connection"))
    if not request.htmx:
        messages.info(request, _both_sides(state))
        return redirect(page_url(request.node, "connection"))
    context = {"state": state, "words": _both_sides(state)}
    return render(request, "enterprise/connection/sequence.html", context)


def _document(request: NodeRequest) -> int:
    """Give the id of the document that the form was made for; 0, which is nobody's, where it names none."""
    named = request.POST.get("document", "")
    return int(named) if named.isdecimal() and len(named) < 20 else 0


def _both_sides(state: verbs.SequenceState) -> str:
    """Say in a sentence how the numbers stand."""
    if state.bureau is None:
        return f"没有查到管局的序号：{state.problem}"
    sides = f"管局最近受理的是第{state.bureau}号，本系统记录的是{_number(state.ours)}。"
    if state.sending is not None:
        return f"{sides}第{state.sending.sequence}号正在上报，结果未到之前不作比较。"
    if state.agree:
        return f"{sides}双方一致。"
    return f"{sides}下次上报时系统会按管局的序号自动对齐，并写入对接记录。"


def _number(sequence: int | None) -> str:
    return "“尚未查询”" if sequence is None else f"第{sequence}号"
