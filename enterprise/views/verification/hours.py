"""The counter's settings: where it is, when it takes appointments, what it hands in."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from beian import events
from beian.web.forms import Form, Paragraph
from beian.web.requests import NodeRequest
from enterprise.models import CounterSettings
from enterprise.services.appointments import settings_of
from enterprise.views.verification.desk import Counter

_STRETCH = re.compile(r"([01]?[0-9]|2[0-3]):([03]0)\s*[-–—~至]\s*([01]?[0-9]|2[0-3]):([03]0)")
MOST_STRETCHES = 6


class HoursForm(Form):
    """What may be set; hours and days off are written one a line."""

    place = forms.CharField(label="核验地点", max_length=255, required=False, help_text="写在给主办者的预约通知里。")
    hours = Paragraph(
        label="预约时段",
        max_length=200,
        rows=3,
        help_text="工作日每天的时段，每行一段，起止为整点或半点，例如 09:00-11:30。",
    )
    capacity = forms.IntegerField(label="每半小时可约", min_value=1, max_value=100, help_text="同时办理的件数。")
    days_ahead = forms.IntegerField(label="可提前预约", min_value=1, max_value=90, help_text="天数。")
    closed_days = Paragraph(
        label="另外休息的日子", max_length=2_000, rows=3, required=False,
        help_text="周末和法定节假日已按国务院的安排除外。每行一天，例如 2026-12-31。",
    )  # fmt: skip
    hand_in_photos = forms.BooleanField(
        label="现场照片随核验单一起上报管局",
        required=False,
        help_text="工作方案只要求提交核验单，照片由接入商保存；当地管局要求时再打开。",
    )

    def clean_hours(self) -> list[list[str]]:
        """Read the stretches of a day, in order and without overlap."""
        lines = [line.strip() for line in self.cleaned_data["hours"].splitlines() if line.strip()]
        found = [_STRETCH.fullmatch(line) for line in lines]
        if not lines or len(lines) > MOST_STRETCHES or not all(found):
            raise forms.ValidationError(f"每行写一段，最多{MOST_STRETCHES}段，例如 09:00-11:30，起止为整点或半点。")
        stretches = [
            [f"{int(a):02d}:{b}", f"{int(c):02d}:{d}"] for a, b, c, d in (each.groups() for each in found if each)
        ]
        clocks = [clock for stretch in stretches for clock in stretch]
        if clocks != sorted(set(clocks)):
            raise forms.ValidationError("时段要从早到晚，不能重叠，结束要晚于开始。")
        return stretches

    def clean_closed_days(self) -> list[datetime.date]:
        """Read the days off."""
        try:
            return sorted({datetime.date.fromisoformat(each) for each in self.cleaned_data["closed_days"].split()})
        except ValueError as error:
            raise forms.ValidationError("每行写一天，例如 2026-12-31。") from error


@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: NodeRequest, isp: int) -> HttpResponse:
    """Show and change the counter's settings."""
    counter = Counter.of(request)
    settings = settings_of(counter.provider)
    form = HoursForm(request.POST if request.method == "POST" else None, initial=_initial(settings))
    if request.method == "POST" and form.is_valid():
        CounterSettings.objects.update_or_create(provider=counter.provider, defaults=form.cleaned_data)
        events.record("node", counter.provider.pk, "set_counter", node=counter.provider, actor=counter.user)
        messages.success(request, "设置已保存，已有的预约不变。")
        return redirect(counter.url("counter_hours"))
    context = {"form": form, "back_url": counter.url("counter_today")}
    return render(request, "enterprise/verification/hours.html", context, status=422 if form.errors else 200)


def _initial(settings: CounterSettings) -> dict[str, Any]:
    return {
        "place": settings.place,
        "hours": "\n".join("-".join(stretch) for stretch in settings.hours),
        "capacity": settings.capacity,
        "days_ahead": settings.days_ahead,
        "closed_days": "\n".join(day.isoformat() for day in settings.closed_days),
        "hand_in_photos": settings.hand_in_photos,
    }
