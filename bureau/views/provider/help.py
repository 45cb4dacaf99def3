"""What providers asked in training (seed, part 2), answered with this provider's own facts."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.web.requests import NodeRequest
from bureau.queries.attention import standing_of
from bureau.queries.provider import calls_of, records_of
from bureau.queries.whereabouts import forwardings_of
from bureau.views.provider.overview import account_terms
from bureau.views.provider.own import own_account, own_url
from bureau.workflow import Kind, State
from interface.codes import Code

FORWARDED_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that may be asked for: which number it names, whether the filing password is checked."""

    name: str
    number: str
    checked: bool = False


SPONSOR, WEBSITE, NONE = "主体备案号", "网站备案号", "不填，由管局发放"
OPERATIONS = (
    Operation(Kind.NEW_FILING.label, NONE),
    Operation(Kind.NEW_WEBSITE.label, SPONSOR),
    Operation(Kind.NEW_ACCESS.label, WEBSITE, checked=True),
    Operation(Kind.CHANGE.label, "主体备案号；所变更的主体、网站、接入各填管局下发的编号"),
    Operation(Kind.CANCEL_ACCESS.label, "管局下发的接入编号"),
    Operation(Kind.CANCEL_SPONSOR.label, "管局下发的主体编号", checked=True),
    Operation(Kind.CANCEL_WEBSITE.label, "管局下发的网站编号"),
)


@require_safe
def my_help(request: NodeRequest, province: int) -> HttpResponse:
    """Answer the questions."""
    account = own_account(request)
    situation, calls = standing_of(account), calls_of(account).order_by("-id")
    records = records_of(account).light().order_by("-id")
    elsewhere = forwardings_of(records.filter(state=State.FORWARDED)[:FORWARDED_SHOWN])
    context = {
        "account": account,
        "standing": situation,
        "terms": account_terms(situation),
        "thirteen": calls.filter(code=Code.WRONG_ADDRESS).first(),
        "served": calls.filter(code=Code.OK).first(),
        "elsewhere": sorted({each.to for each in elsewhere.values()}),
        "approved": records.filter(state=State.APPROVED).exclude(filing_number="").first(),
        "operations": OPERATIONS,
        "records_url": own_url(request, "my_records"),
        "calls_url": own_url(request, "my_calls"),
    }
    return render(request, "bureau/provider/help.html", context)
