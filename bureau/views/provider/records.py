"""A provider's records: each with where it is and how its answer stands."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.web.components import Badge, Tone
from beian.web.filters import Filters, choice, days, number, text
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from bureau.models import Application
from bureau.queries.provider import answers_to, homes_of, records_of, whereabouts
from bureau.views.provider.own import own_account, own_url
from bureau.workflow import Kind, State

TONES: dict[str, Tone] = {
    State.RETURNED: "bad",
    State.REFUSED: "bad",
    State.APPROVED: "good",
    State.WITHDRAWN: "neutral",
}


def badge(application: Application) -> Badge:
    """Give the state as a badge."""
    return Badge(str(application.get_state_display()), TONES.get(application.state, "info"))


TABLE = Table(
    name="records",
    columns=(
        Column(name="sponsor_name", label="主办者", lead=True),
        Column(name="first_domain", label="首个域名", kind="code"),
        Column(name="subject", label="本单位编号", kind="code"),
        Column(name="sequence", label="上报序号", kind="number"),
        Column(name="received_at", label="受理时间", kind="moment", sort="id"),
        Column(name="state", label="状态", value=badge, kind="badge"),
        Column(name="place", label="现在何处", template="bureau/provider/place.html"),
    ),
    order="-received_at",
)
FILTERS = (
    text("q", "主办者、域名或备案号", "sponsor_name__contains", "first_domain__contains", "filing_number__startswith"),
    number("subject", "本单位编号", "subject"),
    number("sequence", "上报序号", "sequence"),
    choice("state", "状态", "state", State.choices),
    choice("kind", "申请类型", "kind", Kind.choices),
    *days("received", "受理时间", "received_at"),
)


@require_safe
def my_records(request: NodeRequest, province: int) -> HttpResponse:
    """List the provider's records, the latest first."""
    account = own_account(request)
    filters = Filters(FILTERS, request.GET)
    found = filters.apply(records_of(account).defer("record", "findings"))
    page = TABLE.page(found, request, row_url=lambda each: own_url(request, "my_record", pk=each.pk))
    answers, homes = answers_to(account, page.objects), homes_of(page.objects)
    for application in page.objects:
        application.place = whereabouts(application, answers, homes)
    return render(request, "bureau/provider/records.html", {"account": account, "filters": filters, "page": page})
