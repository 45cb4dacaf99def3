"""One act on several cases, and a report for each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from beian.web.requests import NodeRequest, row_number
from enterprise.forms.office import AssignForm
from enterprise.models import Case
from enterprise.services import assigning
from enterprise.services.assigning import Report
from enterprise.services.people import office_people
from enterprise.views.office.desk import Desk, queue_query
from enterprise.views.office.queue import domains_of, title_of

AT_MOST = 500
"""Cases in one act: what a person can have looked at, and a page can do within seconds."""

TITLES = {"pass_check": "批量通过初审", "queue": "批量加入上报队列", "assign": "批量分配", "take": "归我办理"}
LEADS = {
    "pass_check": "逐件处理：需要当面核验的转入待核验，其余转入待上报；有缺漏的不会通过。",
    "queue": "逐件处理：不符合上报格式的不会排队。",
    "assign": "所选申请改由一人办理；需要时转给另一组。",
    "take": "没有经办人的申请归您办理。",
}
FOR_CLERKS = frozenset({"pass_check", "queue", "assign"})


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one case."""

    case: Case
    title: str
    domains: str
    report: Report


@require_POST
def bulk(request: NodeRequest, isp: int) -> HttpResponse:
    """Ask first (`confirmed` missing), then act and report case by case."""
    desk, act = Desk.of(request), request.POST.get("act", "")
    if act not in TITLES or (act in FOR_CLERKS and not desk.clerks):
        return HttpResponseBadRequest("unknown act")
    query = queue_query(request.GET)
    chosen = _chosen(desk, request.POST.getlist("chosen"))
    if not chosen:
        messages.warning(request, "请先勾选要处理的申请。")
        return redirect(desk.url("queue", query))
    confirmed = "confirmed" in request.POST or act == "take"
    form = AssignForm(request.POST if confirmed else None, people=office_people(desk.provider))
    context = {"desk": desk, "query": query, "act": act, "title": TITLES[act], "lead": LEADS[act], "form": form}
    if not confirmed or (act == "assign" and not form.is_valid()):
        context |= {"chosen": [(each, title_of(each), domains_of(each)) for each in chosen]}
        context |= {"counted": sorted(Counter(each.get_kind_display() for each in chosen).items())}
        return render(request, "enterprise/office/bulk.html", context, status=422 if confirmed else 200)
    reports = _perform(desk, act, [each.pk for each in chosen], form)
    context |= {"lines": _lines(desk, reports), "done": sum(each.done for each in reports)}
    return render(request, "enterprise/office/bulk_report.html", context)


def _perform(desk: Desk, act: str, ids: list[int], form: AssignForm) -> list[Report]:
    match act:
        case "pass_check":
            return assigning.pass_many(desk.provider, ids, desk.user)
        case "queue":
            return assigning.queue_many(desk.provider, ids, desk.user)
        case "take":
            return assigning.assign_many(desk.provider, ids, desk.user, desk.user)
    return assigning.assign_many(desk.provider, ids, form.cleaned_data["person"], desk.user, form.cleaned_data["team"])


def _chosen(desk: Desk, ids: list[str]) -> list[Case]:
    """Give the chosen cases that the person may see, in the order chosen, whatever else was sent."""
    wanted = list(dict.fromkeys(number for each in ids if (number := row_number(each)) is not None))[:AT_MOST]
    found = desk.cases().light().in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


def _lines(desk: Desk, reports: list[Report]) -> list[Line]:
    """Give the reports with their cases as they stand now, those that were not done first."""
    now = desk.cases().light().in_bulk([each.case_id for each in reports])
    lines = [
        Line(now[each.case_id], title_of(now[each.case_id]), domains_of(now[each.case_id]), each) for each in reports
    ]
    return sorted(lines, key=lambda line: line.report.done)
