"""What one webhook was told, and what it answered."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from beian.web.components import Badge, Crumb, Tone
from beian.web.filters import Filters, cases
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from enterprise.models import Delivery, DeliveryState, Webhook
from enterprise.services import webhooks

TONES: dict[str, Tone] = {DeliveryState.WAITING: "info", DeliveryState.DELIVERED: "good", DeliveryState.GIVEN_UP: "bad"}


def _badge(delivery: Delivery) -> Badge:
    return Badge(delivery.get_state_display(), TONES[delivery.state])


def _about(delivery: Delivery) -> str:
    case = delivery.body.get("case", {})
    return str(case.get("reference") or delivery.body.get("task", {}).get("id", ""))


TABLE = Table(
    name="deliveries",
    columns=(
        Column(name="made_at", label="时间", kind="moment", sort="made_at"),
        Column(name="event", label="事件", value=lambda row: row.body.get("event", ""), kind="code"),
        Column(name="about", label="受理号/任务", value=_about, kind="code"),
        Column(name="state", label="状态", value=_badge, kind="badge"),
        Column(name="tries", label="次数", kind="number"),
        Column(name="answered", label="应答", kind="number"),
        Column(name="problem", label="问题"),
        Column(name="again", label="操作", template="enterprise/api/again.html"),
    ),
    order="-made_at",
)
FILTERS = (cases("state", "状态", {value: (label, partial(Q, state=value)) for value, label in DeliveryState.choices}),)


@require_safe
def show(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """List the deliveries to a webhook, the newest first."""
    hook = get_object_or_404(Webhook, provider=request.node, pk=pk)
    filters = Filters(FILTERS, request.GET)
    page = TABLE.page(filters.apply(hook.deliveries.all()), request)
    crumbs = [Crumb("系统接口", reverse("enterprise:systems", kwargs={"isp": isp}))]
    context = {"hook": hook, "filters": filters, "page": page, "crumbs": crumbs}
    return render(request, "enterprise/api/deliveries.html", context)


@require_POST
def send_again(request: NodeRequest, isp: int, pk: uuid.UUID) -> HttpResponse:
    """Put a delivery back to be posted now."""
    try:
        webhooks.send_again(request.node, pk, request.user)
    except Delivery.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, "已重新排队，几秒内投递。")
    hook = Delivery.objects.values_list("webhook_id", flat=True).get(pk=pk)
    return redirect("enterprise:webhook", isp=isp, pk=hook)
