"""One decision about several applications, and a report for each."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from beian.web.requests import NodeRequest, row_number
from bureau.forms.review import BulkForm
from bureau.models import Application
from bureau.queries.deltas import concerns_others
from bureau.queries.matter import stored_difference
from bureau.services import review
from bureau.services.review import OPINION_LIMIT
from bureau.views.review.desk import Desk, queue_query
from bureau.views.review.queue import asked
from bureau.workflow import State

AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one: `tone` good where it was decided as wanted, bad where it was not."""

    application: Application
    tone: str
    message: str


def alone(application: Application) -> str:
    """Say why an application is not approved together with others; "" where nothing stands against it."""
    if stored_difference(application)[1]:
        return "其中的内容另有变更，须逐件核对后决定。"
    return "注销还涉及其他接入商，须逐件核对后决定。" if concerns_others(application) else ""


@require_POST
def bulk(request: NodeRequest, province: int) -> HttpResponse:
    """Ask for the reason first (`confirmed` missing), then decide and report row by row."""
    desk = Desk.of(request)
    query = queue_query(request.GET)
    chosen = _chosen(desk, request.POST.getlist("chosen"))
    if not chosen:
        messages.warning(request, "请先勾选要处理的申请。")
        return redirect(desk.url("queue", query))
    confirmed = "confirmed" in request.POST
    verdict = request.POST.get("verdict", "")
    form = (
        BulkForm(request.POST, bureau=desk.bureau)
        if confirmed or verdict not in ("approve", "refuse")
        else BulkForm(bureau=desk.bureau, initial={"verdict": verdict})
    )
    refusing = verdict == "refuse"
    held = {} if refusing else {each.pk: why for each in chosen if (why := alone(each))}
    context: dict[str, Any] = {"desk": desk, "query": query, "form": form, "limit": OPINION_LIMIT, "refusing": refusing}
    context["chosen"] = [(each, asked(each), held.get(each.pk, "")) for each in sorted(chosen, key=attrgetter("kind"))]
    context["free"] = len(chosen) - len(held)
    if not confirmed or not form.is_valid():
        return render(request, "bureau/review/bulk.html", context, status=422 if form.is_bound else 200)
    lines = _decide(desk, [each for each in chosen if each.pk not in held], form)
    lines += [Line(each, "warn", held[each.pk]) for each in chosen if each.pk in held]
    context |= {"lines": lines, "done": sum(line.tone == "good" for line in lines)}
    return render(request, "bureau/review/bulk_report.html", context)


def _chosen(desk: Desk, ids: list[str]) -> list[Application]:
    """Give the chosen applications of this bureau in the order chosen, whatever else was sent."""
    wanted = list(dict.fromkeys(number for each in ids if (number := row_number(each)) is not None))[:AT_MOST]
    found = Application.objects.at(desk.bureau).defer("record", "base").in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


def _decide(desk: Desk, chosen: list[Application], form: BulkForm) -> list[Line]:
    values = form.cleaned_data
    reasons = form.reason_texts() if values["verdict"] == "refuse" else []
    ids = [each.pk for each in chosen]
    reports = review.decide_many(desk.bureau, ids, desk.user, values["verdict"], reasons, values["text"])
    now = Application.objects.at(desk.bureau).defer("record", "base", "difference").in_bulk(ids)
    return [_line(now[each.application_id], each) for each in reports]


def _line(found: Application, report: review.RowReport) -> Line:
    if not report.done:
        return Line(found, "bad", report.message)
    if found.state == State.RETURNED:
        codes = "、".join(f"{each['code']} {each['text']}" for each in found.findings)
        return Line(found, "warn", f"审批时发现冲突，已自动退回：{codes}")
    number = f"，备案号 {found.filing_number}" if found.filing_number else ""
    return Line(found, "good", f"{report.message}{number}")
