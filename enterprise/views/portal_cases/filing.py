"""One's own filing on record: what can be asked for about it; and how one proves that it is one's own."""

from __future__ import annotations

import redis
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beian.filing_numbers import parse
from beian.models import Access, Sponsor
from beian.records import Cancelled
from beian.services.refusals import Invalid
from beian.web.filing.names import Names
from beian.web.filing.sheet import SheetMaker, providers_of, regions_of
from beian.web.requests import NodeRequest
from enterprise.forms.portal_cases import ClaimForm
from enterprise.models import Claim
from enterprise.queries.already_open import About
from enterprise.queries.on_file import filing_of
from enterprise.services import beginning, proving_password
from enterprise.services.changing import own_part
from enterprise.services.proving_password import WHERE_TO_GET_ONE
from enterprise.services.starting import BEGUN_AT_AN_ADDRESS, BEGUN_BY_A_PERSON, Question
from enterprise.views.portal_cases.another import instead
from enterprise.views.portal_cases.editing import editing_url
from enterprise.views.portal_cases.own import Own, counted, network, private
from enterprise.workflow import Kind

NOT_HERE = "本单位没有这个备案的数据，或网站不由本单位接入，不能在这里办理；要由本单位接入的，请办理新增接入。"


@require_safe
def filing(request: NodeRequest, isp: int, number: int) -> HttpResponse:
    """Show a filing of one's own, masked, with what can be asked for about it."""
    own = Own.of(request)
    return _show(request, own, own.filing(number))


@require_POST
def change(request: NodeRequest, isp: int, number: int) -> HttpResponse:
    """Begin a change of a filing of one's own."""
    own = Own.of(request)
    found = own.filing(number)
    if other := instead(request, own, About(kind=Kind.CHANGE, sponsor_number=found.number)):
        return other
    if refused := counted(request, BEGUN_BY_A_PERSON, BEGUN_AT_AN_ADDRESS):
        return refused
    try:
        case = beginning.change(own.provider, own.account, found)
    except Invalid as error:
        return _show(request, own, found, problem=error.message)
    return HttpResponseRedirect(editing_url(own, case))


@require_POST
def new_website(request: NodeRequest, isp: int, number: int) -> HttpResponse:
    """Begin a new website of a filing of one's own."""
    own = Own.of(request)
    found = own.filing(number)
    if other := instead(request, own, About(kind=Kind.NEW_WEBSITE, sponsor_number=found.number)):
        return other
    if refused := counted(request, BEGUN_BY_A_PERSON, BEGUN_AT_AN_ADDRESS):
        return refused
    case = beginning.new_website(own.provider, own.account, Question(), own=found)
    return HttpResponseRedirect(editing_url(own, case))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: NodeRequest, isp: int) -> HttpResponse:
    """Prove by its filing password that a filing is one's own."""
    own = Own.of(request)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = parse(form.cleaned_data["filing_number"])
        if number is None:
            form.add_error("filing_number", "请填写备案号，如 粤ICP备2020888888号。")
        elif found := _claimed(request, own, form, str(number.of_sponsor)):
            messages.success(request, "管局已确认备案密码，备案已加入“我的备案”。")
            return HttpResponseRedirect(own.url("portal_filing", number=found.number))
    context = {"form": form, "home_url": own.url("portal_home"), "where": WHERE_TO_GET_ONE}
    response = render(request, "enterprise/portal_cases/claim.html", context, status=422 if form.errors else 200)
    return private(response)


def _claimed(request: NodeRequest, own: Own, form: ClaimForm, filing_number: str) -> Sponsor | None:
    """Ask the bureau, then look into our copy: who does not know the password learns nothing of what it holds."""
    account, password = own.account, form.cleaned_data["filing_password"]
    try:
        proved = proving_password.prove(own.provider, own.user, network(request), filing_number, password)
    except redis.RedisError:
        form.add_error(None, "现在不能校验备案密码，请稍后再试。")
        return None
    if not proved.is_right:
        form.add_error("filing_password", proved.says)
        return None
    sponsor = Sponsor.objects.held_by(own.provider).filter(filing_number=filing_number).first()
    if sponsor is None:
        form.add_error("filing_number", NOT_HERE)
        return None
    Claim.objects.get_or_create(account=account, sponsor_number=sponsor.number, defaults={"provider": own.provider})
    return sponsor


def _show(request: NodeRequest, own: Own, found: Sponsor, *, problem: str = "") -> HttpResponse:
    whole = filing_of(own.provider, found.number)
    shown = own_part(own.provider, whole)
    maker = SheetMaker(Names(regions_of(shown), providers_of(shown)), plain=False)
    context = {
        "filing": found,
        "sheet": maker.sheet(shown) if shown else None,
        "sites": [_site(own, found, website) for website in found.here],  # type: ignore[attr-defined]
        "problem": problem,
        "home_url": own.url("portal_home"),
        "change_url": own.url("portal_change", number=found.number),
        "website_url": own.url("portal_new_website", number=found.number),
        "cancel_url": _cancel(own, found, Cancelled.SPONSOR, found.number),
    }
    return private(render(request, "enterprise/portal_cases/filing.html", context, status=422 if problem else 200))


def _site(own: Own, found: Sponsor, website: object) -> dict[str, object]:
    number = website.number  # type: ignore[attr-defined]
    rows = Access.objects.held_by(own.provider).filter(website__number=number, isp_id=own.provider.isp_id)
    access = rows.first()
    return {
        "website": website,
        "cancel_url": _cancel(own, found, Cancelled.WEBSITE, number),
        "cancel_access_url": _cancel(own, found, Cancelled.ACCESS, access.number) if access else "",
    }


def _cancel(own: Own, found: Sponsor, what: Cancelled, number: int) -> str:
    return own.url("portal_cancel", number=found.number, what=what.name.lower(), target=number)
