"""One record of a provider: where it is, why it came back and what to do, what happened, what was asked for."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from beian.models import Event
from beian.web.components import Crumb, Moment, Term
from beian.web.requests import NodeRequest
from bureau.models import Application
from bureau.queries.answers import opinion_on, reasons_of
from bureau.queries.history import VERBS
from bureau.queries.matter import matter
from bureau.queries.provider import answers_to, records_of
from bureau.queries.whereabouts import clock, forwardings_of, is_on_its_way, whereabouts
from bureau.services.answering import about
from bureau.views.provider.own import own_account, own_url
from bureau.views.provider.records import badge
from bureau.views.review.content import Content, content, names_of
from bureau.workflow import Kind, State

# Who looked at what, and who held it when, is the bureau's own business.
ALWAYS_TOLD = ("receive", "return", "forward", "conflict", "approve", "refuse", "withdraw")
TOLD = [*ALWAYS_TOLD, *(verb for verb in VERBS if verb.startswith("hear_"))]


@require_safe
def my_record(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Show one record."""
    account = own_account(request)
    application = get_object_or_404(records_of(account).select_related("holder"), pk=pk)
    answers = answers_to(account, [application])
    outcome = answers.get((about(application), application.correlation))
    context = {
        "application": application,
        "place": whereabouts(application, answers, forwardings_of([application])),
        "on_its_way": application.state == State.FORWARDED and is_on_its_way(application),
        "badge": badge(application),
        "crumbs": [Crumb("备案申请", own_url(request, "my_records"))],
        "terms": _terms(application),
        "upload_url": own_url(request, "my_upload", sequence=application.sequence),
        "reasons": reasons_of(application, outcome),
        "opinion": opinion_on(application, outcome),
        "moments": _moments(application),
        "content": _content(application),
    }
    return render(request, "bureau/provider/record.html", context)


def _terms(application: Application) -> list[Term]:
    return [
        Term("申请类型", application.get_kind_display()),
        Term("本单位编号" if application.kind == Kind.NEW_FILING else "所报编号", application.subject, code=True),
        Term("上报序号", application.sequence, note=f"文件内第{application.ordinal}条"),
        Term("受理时间", clock(application.received_at)),
        Term("办结期限", application.deadline),
        Term("备案号", application.filing_number or "尚无"),
    ]


def _moments(application: Application) -> list[Moment]:
    events = Event.objects.filter(subject_kind="application", subject=str(application.pk), verb__in=TOLD)
    return [
        Moment(event.at, VERBS[event.verb][0], detail=event.reason, tone=VERBS[event.verb][1])
        for event in events.order_by("-id")
    ]


def _content(application: Application) -> Content:
    """Write what was asked for, personal data masked for good; the filing as it stands is in the mailbox."""
    about = matter(application)
    return content(application, about, names_of(application, about), plain=False, own=True)
