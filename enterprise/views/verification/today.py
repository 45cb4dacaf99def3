"""Who comes today, what goes on at the counter, and which cases still wait for somebody to come."""

from __future__ import annotations

import datetime

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beian.web.components import Badge
from beian.web.filters import Filters, text
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from enterprise.models import Appointment, Case, Verification, VerificationState
from enterprise.views.verification.desk import Counter
from enterprise.workflow import State

FILTERS = (
    text("q", "主办者、受理号或域名", "sponsor_name__contains", "reference__startswith", "first_domain__contains"),
)


def _appointed(case: Case) -> str:
    booked = next(iter(case.appointments.all()), None)
    return timezone.localtime(booked.starts_at).strftime("%m-%d %H:%M") if booked else ""


WAITING = Table(
    name="waiting",
    columns=(
        Column(name="sponsor", label="主办者", value="sponsor_name", lead=True),
        Column(name="reference", label="受理号", kind="code"),
        Column(name="kind", label="申请类型", value="get_kind_display"),
        Column(name="first_domain", label="首个域名", kind="code"),
        Column(name="appointed", label="预约", value=_appointed),
        Column(name="since", label="进入待核验", value="changed_at", kind="moment", sort="changed_at"),
    ),
    order="since",
)


@require_safe
def today(request: NodeRequest, isp: int) -> HttpResponse:
    """Show the day of the counter."""
    counter = Counter.of(request)
    filters = Filters(FILTERS, request.GET)
    waiting = Case.objects.at(counter.provider).filter(state=State.CHECKED).light()
    found = filters.apply(waiting).prefetch_related(Prefetch("appointments", Appointment.objects.booked()))
    page = WAITING.page(found, request, row_url=lambda case: counter.url("counter_case", pk=case.pk))
    open_ones = Verification.objects.at(counter.provider).filter(state=VerificationState.OPEN)
    context = {
        "counter": counter,
        "day": timezone.localdate(),
        "appointments": [
            (each, counter.url("counter_case", pk=each.case_id), _mark(each)) for each in _of_today(counter)
        ],
        "open_ones": [
            (each, counter.url("counter", pk=each.pk))
            for each in open_ones.select_related("case", "opened_by").order_by("-id")[:20]
        ],
        "prechecks": _prechecks(counter),
        "filters": filters,
        "page": page,
        "records_url": counter.url("counter_records"),
        "hours_url": counter.url("counter_hours") if counter.supervises else "",
    }
    return render(request, "enterprise/verification/today.html", context)


def _of_today(counter: Counter) -> list[Appointment]:
    start = timezone.make_aware(datetime.datetime.combine(timezone.localdate(), datetime.time()))
    rows = Appointment.objects.at(counter.provider).filter(
        starts_at__gte=start, starts_at__lt=start + datetime.timedelta(days=1)
    )
    return list(rows.exclude(state="cancelled").select_related("case").order_by("starts_at", "id"))


def _mark(appointment: Appointment) -> Badge:
    if appointment.state == "came":
        return Badge("已到场", "good")
    return Badge("已过时间", "warn") if appointment.starts_at < timezone.now() else Badge("待到场", "info")


def _prechecks(counter: Counter) -> dict[str, int]:
    """Count what waits for the clerks' pre-check, which has five working days (work plan 64, 2010)."""
    waiting = Case.objects.at(counter.provider).filter(state=State.SUBMITTED)
    return {"all": waiting.count(), "overdue": waiting.filter(precheck_due__lt=timezone.localdate()).count()}
