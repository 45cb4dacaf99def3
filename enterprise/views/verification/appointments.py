"""Choosing when to come: the sponsor on the portal, the office for him."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from beian.models import User
from beian.services.refusals import ServiceError
from beian.web.components import Crumb
from beian.web.requests import NodeRequest
from enterprise.models import Case
from enterprise.services import appointments
from enterprise.views.portal_cases.own import Own
from enterprise.views.verification.desk import Counter
from enterprise.workflow import State

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def by_sponsor(request: NodeRequest, isp: int, reference: str) -> HttpResponse:
    """Let a sponsor choose when to come for one of his cases."""
    own = Own.of(request)
    case = own.case(reference)
    back = own.url("portal_case", reference=reference)
    way = [Crumb("我的备案", own.url("portal_home")), Crumb(reference, back)]
    return _page(request, case, own.user, back, way)


@require_http_methods(METHODS)
def by_office(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Let the office choose for the sponsor."""
    counter = Counter.of(request)
    case = counter.case(pk)
    back = counter.url("counter_case", pk=pk)
    way = [Crumb("当面核验", counter.url("counter_today")), Crumb(case.reference, back)]
    return _page(request, case, counter.user, back, way)


def _page(request: NodeRequest, case: Case, user: User, back: str, way: list[Crumb]) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        try:
            messages.success(request, _act(request, case, user))
        except ServiceError as error:
            problem = error.message
        else:
            return redirect(back)
    context: dict[str, Any] = {
        "case": case,
        "crumbs": way,
        "back_url": back,
        "waits": case.state == State.CHECKED,
        "standing": appointments.appointment_of(case),
        "days": appointments.days(request.node) if case.state == State.CHECKED else [],
        "place": appointments.settings_of(request.node).place,
        "bring": appointments.BRING,
        "problem": problem,
    }
    return render(request, "enterprise/verification/appointment.html", context, status=422 if problem else 200)


def _act(request: NodeRequest, case: Case, user: User) -> str:
    if "cancel" in request.POST:
        appointments.cancel(request.node, case.pk, user)
        return "预约已取消。"
    at = _moment(request.POST.get("at", ""))
    if at is None:
        raise ServiceError("请选择一个时间。")
    booked = appointments.book(request.node, case.pk, at, user)
    return f"已预约 {appointments.Slot(booked.starts_at, 0).local:%Y-%m-%d %H:%M}，届时请带证件原件。"


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None
