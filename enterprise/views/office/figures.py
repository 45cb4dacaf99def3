"""Work-load and turnaround: a page, and the same as a file."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beian.web.forms import DateInput, Form
from beian.web.requests import NodeRequest
from enterprise.queries.figures import LONGEST, STAGES, Figures, Line, Period, Turnaround, figures
from enterprise.views.office.desk import Desk

DAYS = 30


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a line in words: of how many cases, median and 90th percentile; all "" without any."""

    title: str
    count: str = ""
    median: str = ""
    ninth: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the figures in words."""

    line: Line
    stages: list[Stage]

    @classmethod
    def of(cls, line: Line) -> Row:
        """Write a line."""
        return cls(line, [_stage(title, line.stages.get(state)) for state, (title, _) in STAGES.items()])


def _stage(title: str, found: Turnaround | None) -> Stage:
    return Stage(title, str(found.count), lasting(found.median), lasting(found.ninth)) if found else Stage(title)


def lasting(hours: float) -> str:
    """Write hours as people say them: minutes below one, days from two days on."""
    if hours < 1:
        return f"{round(hours * 60)} 分钟"
    return f"{hours:.1f} 小时" if hours < 48 else f"{hours / 24:.1f} 天"


class PeriodForm(Form):
    """The days that the figures are of."""

    first = forms.DateField(label="自", widget=DateInput())
    last = forms.DateField(label="至", widget=DateInput())

    def clean(self) -> dict[str, datetime.date]:
        """Refuse a period that ends before it begins, or is too long to count at once."""
        values: dict[str, datetime.date] = super().clean() or self.cleaned_data
        if "first" in values and "last" in values:
            if values["last"] < values["first"]:
                self.add_error("last", "不能早于起始日期。")
            elif (values["last"] - values["first"]).days >= LONGEST:
                self.add_error("last", f"一次最多统计 {LONGEST} 天。")
        return values


@require_safe
def show(request: NodeRequest, isp: int) -> HttpResponse:
    """Show the figures of a period, the last thirty days where none is named."""
    desk = Desk.of(request)
    form, period = _period(request)
    found = figures(desk.provider, period) if period else None
    context = {
        "form": form,
        "period": period,
        "stages": [(title, words) for title, words in STAGES.values()],
        "groups": [(group, [Row.of(line) for line in lines]) for group, lines in _groups(found)] if found else [],
        "csv_url": desk.url("figures_csv", request.GET.urlencode()),
    }
    return render(request, "enterprise/office/figures.html", context, status=200 if period else 422)


@require_safe
def as_csv(request: NodeRequest, isp: int) -> HttpResponse:
    """Give the same as a file that Excel opens."""
    desk = Desk.of(request)
    form, period = _period(request)
    if period is None:
        return render(request, "enterprise/office/figures.html", {"form": form, "groups": []}, status=422)
    file = io.StringIO()
    writer = csv.writer(file)
    stages = [f"{title}{what}" for title, _ in STAGES.values() for what in ("件数", "中位（小时）", "90%（小时）")]
    writer.writerow(["范围", "名称", "在办", "完成步骤", *stages, "取回结果", "未通过", "未通过率（%）"])
    for group, lines in _groups(figures(desk.provider, period)):
        for line in lines:
            writer.writerow([group, _harmless(line.name), *_cells(line)])
    response = HttpResponse("\ufeff" + file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="figures-{period.first}-{period.last}.csv"'
    return response


def _period(request: NodeRequest) -> tuple[PeriodForm, Period | None]:
    today = timezone.localdate()
    given = {"first": today - datetime.timedelta(days=DAYS - 1), "last": today}
    asked = {name: request.GET.get(name) or given[name] for name in given}
    form = PeriodForm(asked)
    return (form, Period(**form.cleaned_data)) if form.is_valid() else (form, None)


def _groups(found: Figures) -> Iterator[tuple[str, list[Line]]]:
    yield "全部", [found.whole]
    yield "小组", found.teams
    yield "人员", found.people


def _cells(line: Line) -> list[object]:
    stages: list[object] = []
    for state in STAGES:
        each = line.stages.get(state)
        stages += [each.count, f"{each.median:.1f}", f"{each.ninth:.1f}"] if each else [0, "", ""]
    share = "" if line.share is None else f"{line.share:.1f}"
    return [line.open, line.done, *stages, line.heard, line.unkept, share]


def _harmless(text: str) -> str:
    """Keep a name from being taken for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t" else text
