"""The operators' first page: what is on file, and which messages nobody has confirmed."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from beian import exchange
from beian.models import Message, MessageState
from beian.web.components import Badge
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from ministry.services import statistics


def _state(message: Message) -> Badge:
    if message.state == MessageState.STOPPED:
        return Badge(message.get_state_display(), "bad")
    return Badge(message.get_state_display(), "warn" if message.tries > 1 else "info")


def _due(message: Message) -> datetime | None:
    return message.due_at if message.state == MessageState.WAITING else None


MESSAGES = Table(
    name="messages",
    order="written",
    columns=(
        Column(name="kind", label="类型", value="get_kind_display", lead=True),
        Column(name="about", label="对象", kind="code"),
        Column(name="way", label="发件 → 下一站", value=lambda row: f"{row.holder} → {row.hop}"),
        Column(name="state", label="状态", value=_state, kind="badge"),
        Column(name="written", label="写入时间", value="written_at", kind="moment", sort="written_at"),
        Column(name="tries", label="已发次数", kind="number", sort="tries"),
        Column(name="last", label="最近发送", value="last_sent_at", kind="moment"),
        Column(name="due", label="下次发送", value=_due, kind="moment"),
        Column(name="problem", label="对方答复"),
        Column(name="act", label="操作", template="ministry/cells/send_again.html"),
    ),
)


@require_safe
def desk(request: NodeRequest) -> HttpResponse:
    """Show counts by province and the messages on their way."""
    open_messages = Message.objects.served().unacknowledged().select_related("holder", "hop")
    counts = statistics.by_province()
    context = {
        "page": MESSAGES.page(open_messages, request),
        "counts": counts,
        "sponsors": sum(count.sponsors for count in counts),
        "websites": sum(count.websites for count in counts),
        "domains": sum(count.domains for count in counts),
    }
    return render(request, "ministry/desk.html", context)


@require_POST
def send_again(request: NodeRequest, pk: int) -> HttpResponse:
    """Send a message again now, from the beginning of its tries."""
    message = get_object_or_404(Message.objects.served(), pk=pk)
    if exchange.send_again(message, request.user):
        messages.success(request, "消息已重新发送，对方确认后将从列表中消失。")
    else:
        messages.info(request, "对方已经确认了这条消息，无需重发。")
    return redirect("ministry:desk")
