"""Cancelling one's own website, access or sponsor: what follows, why, and for a sponsor the filing password."""

from __future__ import annotations

import redis
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from beian.models import Sponsor
from beian.records import Cancelled
from beian.services.refusals import Invalid, ServiceError
from beian.web.requests import NodeRequest
from enterprise.forms.portal_cases import CancelForm
from enterprise.models import Case
from enterprise.queries.already_open import About
from enterprise.services import cancelling, proving_password
from enterprise.services.cancelling import KINDS, Target
from enterprise.services.proving_password import WHERE_TO_GET_ONE
from enterprise.views.portal_cases.another import ANOTHER, open_ones
from enterprise.views.portal_cases.own import Own, network, private

WORDS = {Cancelled.SPONSOR: "注销主体", Cancelled.WEBSITE: "注销网站", Cancelled.ACCESS: "取消接入"}


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: NodeRequest, isp: int, number: int, what: str, target: int) -> HttpResponse:
    """Ask why, and hand the cancellation in."""
    own = Own.of(request)
    filing = own.filing(number)
    kind = next((each for each in Cancelled if each.name.lower() == what), None)
    gone = cancelling.target(own.provider, filing, kind, target) if kind is not None else None
    if gone is None:
        raise Http404("nothing of his to cancel")
    form = CancelForm(request.POST or None, password=gone.what == Cancelled.SPONSOR)
    rivals = open_ones(own, About(kind=KINDS[gone.what], sponsor_number=filing.number, target=gone.number))
    unaware = bool(rivals) and ANOTHER not in request.POST
    if request.method == "POST" and not gone.forbidden and form.is_valid() and not unaware:
        case = _handed_in(request, own, filing, gone, form)
        if case is not None:
            return HttpResponseRedirect(own.url("portal_case", reference=case.reference))
    context = {
        "form": form,
        "target": gone,
        "title": WORDS[gone.what],
        "where": WHERE_TO_GET_ONE if gone.what == Cancelled.SPONSOR else "",
        "back_url": own.url("portal_filing", number=filing.number),
        "home_url": own.url("portal_home"),
        "filing": filing,
        "open": rivals,
    }
    status = 422 if form.errors or (request.method == "POST" and (gone.forbidden or unaware)) else 200
    return private(render(request, "enterprise/portal_cases/cancel.html", context, status=status))


def _handed_in(request: NodeRequest, own: Own, filing: Sponsor, gone: Target, form: CancelForm) -> Case | None:
    values = form.cleaned_data
    password = values.get("filing_password")
    if gone.what == Cancelled.SPONSOR and not _is_right(request, own, filing, form, password or ""):
        return None
    try:
        return cancelling.cancel(
            own.provider,
            own.account,
            filing,
            gone,
            reason=values["reason"],
            remark=values["remark"],
            filing_password=password,
        )
    except Invalid as error:
        for path, said in error.errors.items():
            form.add_error(path if path in form.fields else None, said)
    except ServiceError as error:
        form.add_error(None, error.message)
    return None


def _is_right(request: NodeRequest, own: Own, filing: Sponsor, form: CancelForm, password: str) -> bool:
    try:
        proved = proving_password.prove(own.provider, own.user, network(request), filing.filing_number or "", password)
    except redis.RedisError:
        form.add_error(None, "现在不能校验备案密码，请稍后再试。")
        return False
    if not proved.is_right:
        form.add_error("filing_password", proved.says)
    return proved.is_right
