"""The front page of a provider: who it is, what one needs, where to begin and to go on."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.models import Node, User
from beian.web.components import Term
from beian.web.requests import AnyRequest
from enterprise.models import Case, CounterSettings, OfficeSettings, SponsorAccount
from enterprise.views.portal.sheet import step_url
from enterprise.views.portal.steps import STEPS
from enterprise.workflow import EDITABLE

_DRAFTS = 10


@require_safe
def front(request: AnyRequest, isp: int) -> HttpResponse:
    """Show the provider's front page, to anybody."""
    node = request.node
    assert node is not None
    account = None
    if isinstance(request.user, User):
        account = SponsorAccount.objects.filter(provider=node, user=request.user).first()
    context = {
        "is_sponsor": account is not None,
        "drafts": _drafts(node, account) if account else [],
        "contact": _contact(node),
    }
    return render(request, "enterprise/portal/front.html", context)


def _drafts(node: Node, account: SponsorAccount) -> list[tuple[Case, str]]:
    cases = Case.objects.at(node).filter(sponsor_account=account, state__in=EDITABLE, kind__in=list(STEPS))
    rows = cases.light().select_related("provider").order_by("-changed_at")[:_DRAFTS]
    return [(case, step_url(case, STEPS[case.kind][0])) for case in rows]


def _contact(node: Node) -> list[Term]:
    office = OfficeSettings.objects.filter(provider=node).first()
    counter = CounterSettings.objects.filter(provider=node).first()
    said = (
        ("咨询电话", office.telephone if office else ""),
        ("办公时间", office.opening_hours if office else ""),
        ("当面核验地点", counter.place if counter else ""),
    )
    return [Term(name, value) for name, value in said if value]
