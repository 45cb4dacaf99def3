"""One record of a provider: where it is, why it came back and what to do, what happened."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from beian.models import Event
from beian.web.components import Crumb, Moment, Term
from beian.web.requests import NodeRequest
from bureau.advice import advise
from bureau.models import Application
from bureau.queries.history import VERBS
from bureau.queries.provider import answers_to, homes_of, records_of, whereabouts
from bureau.views.provider.own import own_account, own_url
from bureau.views.provider.records import badge

# Who looked at what, and who held it when, is the bureau's own business.
ALWAYS_TOLD = ("receive", "return", "forward", "conflict", "approve", "refuse", "withdraw")
TOLD = [*ALWAYS_TOLD, *(verb for verb in VERBS if verb.startswith("hear_"))]


@require_safe
def my_record(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Show one record."""
    account = own_account(request)
    application = get_object_or_404(records_of(account).defer("record"), pk=pk)
    place = whereabouts(application, answers_to(account, [application]), homes_of([application]))
    context = {
        "application": application,
        "place": place,
        "badge": badge(application),
        "crumbs": [Crumb("备案申请", own_url(request, "my_records"))],
        "terms": _terms(application),
        "findings": [finding | {"advice": advise(finding["code"])} for finding in application.findings],
        "moments": _moments(application),
    }
    return render(request, "bureau/provider/record.html", context)


def _terms(application: Application) -> list[Term]:
    return [
        Term("申请类型", application.get_kind_display()),
        Term("本单位编号", application.subject, code=True),
        Term("上报序号", application.sequence, note=f"文件内第{application.ordinal}条"),
        Term("域名", "、".join(application.domains), code=True),
        Term("备案号", application.filing_number or "—"),
        Term("办结期限", application.deadline),
    ]


def _moments(application: Application) -> list[Moment]:
    events = Event.objects.filter(subject_kind="application", subject=str(application.pk), verb__in=TOLD)
    return [
        Moment(event.at, VERBS[event.verb][0], detail=event.reason, tone=VERBS[event.verb][1])
        for event in events.order_by("-id")
    ]
