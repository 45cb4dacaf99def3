"""Checking a filing for the bureau: every point, right or wrong, and what it is in fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from beian import events
from beian.models import Region
from beian.records import FilingRecord
from beian.records.filing import RangeRecord
from beian.services.refusals import Invalid, ServiceError
from beian.web.filing import masks
from beian.web.filing.fields import address_range
from beian.web.filing.names import Names
from beian.web.filing.sheet import providers_of, regions_of
from beian.web.requests import NodeRequest
from beian.web.revealing import RevealForm
from enterprise.forms.filing_fields import Widget
from enterprise.forms.options import Choice, Group, Options
from enterprise.forms.tasks import CheckForm
from enterprise.models import Task, TaskKind, TaskState
from enterprise.services import check_results, tasks
from enterprise.services.check_points import Point, parts
from enterprise.services.check_results import Found
from enterprise.views.tasks.desk import add_errors, badge, private, task_of, url, way

WRONG, FOUND = "wrong", "found:"

MASKS: Mapping[str, Callable[[str], str]] = {
    "certificate.number": masks.certificate_number,
    "certificate.address": masks.postal,
    "certificate_number": masks.certificate_number,
    "address.detail": masks.postal,
    "mobile": masks.telephone,
    "telephone": masks.telephone,
    "email": masks.email,
    "msn": masks.email,
    "qq": masks.account,
}
"""What of a filing is personal, by the name of its field."""


@dataclass(frozen=True, slots=True)
class Row:
    """A point as the page shows it: what is on file in words, whether it was said to be wrong, what was typed."""

    point: Point
    shown: str
    wrong: bool
    typed: list[str]
    errors: list[str]
    groups: tuple[Group, ...] = ()

    @property
    def kind(self) -> str:
        """Give how what was found is asked for."""
        return str(self.point.field.widget)

    @property
    def value(self) -> str:
        """Give what was typed into a single line."""
        return self.typed[0] if self.typed else ""

    @property
    def anchor(self) -> str:
        """Give the id of its input."""
        return f"found-{self.point.path.replace('.', '-')}"


@require_http_methods(["GET", "HEAD", "POST"])
def task_check(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Go through the points of a check task and report what was found."""
    task = task_of(request, pk)
    if task.kind != TaskKind.CHECK or task.state != TaskState.OPEN:
        messages.error(request, "这件任务现在不需要上报核实结果。")
        return redirect(url(request.node, "task", pk=pk))
    if request.method != "POST":
        return _show(request, task, CheckForm(initial={"version": task.version, "checker": request.user.name}))
    if "reveal" in request.POST:
        return _reveal(request, task)
    form = CheckForm(request.POST)
    errors: dict[str, list[str]] = {}
    if form.is_valid():
        try:
            found, version = _found(request, form), form.cleaned_data["version"]
            check_results.report(request.node, pk, found, request.user, version=version)
        except Invalid as error:
            errors = {path: said for path, said in error.errors.items() if path not in form.fields}
            add_errors(form, Invalid({path: said for path, said in error.errors.items() if path in form.fields}))
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, "核实结果已加入上报队列；管局接收后任务办结。")
            return redirect(url(request.node, "task", pk=pk))
    return _show(request, task, form, errors=errors, status=422)


def _reveal(request: NodeRequest, task: Task) -> HttpResponse:
    """Show personal data plain, this once, to a person who says why; what was filled in so far stays."""
    reason = RevealForm(request.POST, auto_id="reveal_%s")
    form = CheckForm(initial={name: request.POST.get(name) for name in CheckForm.base_fields})
    if not reason.is_valid():
        return _show(request, task, form, reveal=reason, status=422)
    why = reason.cleaned_data["reason"]
    events.record(tasks.SUBJECT, task.pk, "reveal", node=request.node, actor=request.user, reason=why)
    return _show(request, task, form, plain=True)


def _found(request: NodeRequest, form: CheckForm) -> Found:
    values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    typed, ticked = _typed(request), set(request.POST.getlist(WRONG))
    wrong = {path: typed.get(path, []) for path in [*typed, *ticked] if path in ticked or typed.get(path)}
    return Found(wrong=wrong, **values)


def _typed(request: NodeRequest) -> dict[str, list[str]]:
    """Give what was typed as found, by path."""
    said = {name.removeprefix(FOUND): request.POST.getlist(name) for name in request.POST if name.startswith(FOUND)}
    return {path: [value for value in values if value.strip()] for path, values in said.items()}


def _show(
    request: NodeRequest,
    task: Task,
    form: CheckForm,
    *,
    errors: Mapping[str, list[str]] | None = None,
    plain: bool = False,
    reveal: RevealForm | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = check_results.task_of(task)
    writer = _Writer(request, asked.filing, errors or {}, plain=plain)
    shown = [(part.title, [writer.row(point) for point in part.points]) for part in parts(asked.filing)]
    known = {row.point.path for _, rows in shown for row in rows}
    problems = [(row.point.name, row.anchor, each) for _, rows in shown for row in rows for each in row.errors]
    whole = [each for path, said in (errors or {}).items() if path not in known for each in said]
    context: dict[str, Any] = {
        "task": task,
        "badge": badge(task),
        "crumbs": [*way(request.node, "tasks")],
        "asked": asked,
        "parts": shown,
        "form": form,
        "problems": problems,
        "whole": whole,
        "count": len(problems) + len(whole),
        "plain": plain,
        "reveal": reveal or RevealForm(auto_id="reveal_%s"),
        "back": url(request.node, "task", pk=task.pk),
    }
    return private(render(request, "enterprise/tasks/check.html", context, status=status))


class _Writer:
    """Writes the points of a filing: two queries for their choices, two for names."""

    def __init__(
        self, request: NodeRequest, filing: FilingRecord, errors: Mapping[str, list[str]], *, plain: bool
    ) -> None:
        self.names = Names(regions_of(filing), providers_of(filing))
        self.typed = _typed(request)
        self.ticked = set(request.POST.getlist(WRONG))
        self.errors = errors
        self.plain = plain
        self.options = Options()
        address = filing.sponsor.address
        near = Region.objects.filter(valid=True, parent__in=[code for code in (address.province, address.city) if code])
        self.regions = tuple(Choice(str(code), f"{code} {name}") for code, name in near.values_list("pk", "name"))

    def row(self, point: Point) -> Row:
        """Write a point."""
        path, typed = point.path, self.typed.get(point.path, [])
        wrong = path in self.ticked or bool(typed)
        return Row(point, self.shown(point), wrong, typed, self.errors.get(path, []), self.groups(point))

    def groups(self, point: Point) -> tuple[Group, ...]:
        """Give what can be chosen; of any nature, for the one on file may itself be wrong."""
        if point.field.widget == Widget.REGION:
            return (Group("", self.regions),)
        return self.options.of(point.field, {})

    def shown(self, point: Point) -> str:
        """Write what is on file, masked where it is personal."""
        value, widget = point.value, point.field.widget
        if point.is_empty:
            return ""
        if isinstance(value, RangeRecord):
            return address_range(value)
        if widget == Widget.REGION:
            return self.names.region(value)
        if isinstance(value, tuple):
            return self.names.codes(point.field.options, value)
        if widget == Widget.CHOICE:
            return self.names.code(point.field.options, value)
        mask = None if self.plain else MASKS.get(point.field.name)
        return masks.each(mask, str(value)) if mask else str(value)
