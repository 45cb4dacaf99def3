"""One filing at a bureau: everything on file, what is under way, and its history."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from beian import events
from beian.models import Sponsor
from beian.records import FilingRecord
from beian.records.rows import filings
from beian.web.components import Crumb, Moment, Picture, Term
from beian.web.filing.filed import FiledMaker
from beian.web.filing.names import Names
from beian.web.filing.sheet import providers_of, regions_of
from beian.web.requests import NodeRequest
from beian.web.revealing import RevealForm
from bureau.forms.review import REVEAL_REASONS
from bureau.models import Application
from bureau.queries.filings import on_file, tombstone
from bureau.queries.history import Story, story
from bureau.queries.whereabouts import clock
from bureau.views.filings.attachments import kept
from bureau.views.filings.reach import may_close, reads_applications, sees_persons
from bureau.views.review.content import Content
from bureau.views.review.queue import badge

EVERYTHING = "all"


@require_safe
def filing(request: NodeRequest, province: int, number: int) -> HttpResponse:
    """Show the filing with the bureau-issued number `number`, or what is left of it."""
    sponsor = sponsor_of(request, number)
    return _gone(request, number) if sponsor is None else _show(request, sponsor)


@require_POST
def filing_reveal(request: NodeRequest, province: int, number: int) -> HttpResponse:
    """Show personal data plain, this once, to a person who says why; that is written down."""
    sponsor = sponsor_of(request, number)
    if sponsor is None:
        raise Http404(f"no filing {number} at {request.node.code}")
    form = RevealForm(request.POST)
    if not form.is_valid():
        if request.htmx:
            return render(request, "components/reveal_form.html", _reveal(request, number, form), status=422)
        return _show(request, sponsor, form=form, status=422)
    reason = form.cleaned_data["reason"]
    events.record("sponsor", number, "reveal", node=request.node, actor=request.user, reason=reason)
    if not request.htmx:
        return _show(request, sponsor, plain=True)
    record = _record(request, number)
    shown = FiledMaker(_names(record), plain=True).sheet(record)
    return _private(render(request, "bureau/review/sheet.html", {"content": Content(asked=shown, revealed=True)}))


def sponsor_of(request: NodeRequest, number: int) -> Sponsor | None:
    """Find the sponsor's row in the bureau's copy."""
    return on_file(request.node).filter(number=number).first()


def _show(
    request: NodeRequest, sponsor: Sponsor, *, plain: bool = False, form: RevealForm | None = None, status: int = 200
) -> HttpResponse:
    number = sponsor.number
    record = _record(request, number)
    names = _names(record)
    told = _story(request, number)
    context = {
        "sponsor": sponsor,
        "crumbs": _crumbs(request),
        "home": sponsor.province == request.node.province,
        "terms": _terms(sponsor, record, names),
        "content": Content(asked=FiledMaker(names, plain=plain).sheet(record), revealed=plain),
        "pictures": _pictures(request, sponsor, names),
        "sees_persons": sees_persons(request),
        "closure_url": _closure_url(request, sponsor),
        **_told(request, told),
        **_reveal(request, number, form or RevealForm()),
    }
    return _private(render(request, "bureau/filings/show.html", context, status=status))


def _gone(request: NodeRequest, number: int) -> HttpResponse:
    """Show what is left of a cancelled sponsor: its number and its history."""
    left = tombstone(request.node, number)
    if left is None:
        raise Http404(f"no filing {number} at {request.node.code}")
    told = _story(request, number)
    name = told.applications[0].sponsor_name if told.applications else left.filing_number
    context = {"left": left, "name": name, "crumbs": _crumbs(request), **_told(request, told)}
    return _private(render(request, "bureau/filings/gone.html", context))


def _record(request: NodeRequest, number: int) -> FilingRecord:
    return filings(request.node, [number])[number]


def _names(record: FilingRecord) -> Names:
    return Names(regions_of(record), providers_of(record))


def _terms(sponsor: Sponsor, record: FilingRecord, names: Names) -> list[Term]:
    """Give what stands at the top: numbers, dates, who gives access."""
    providers = [names.provider(isp_id) for isp_id in sorted(providers_of(record))]
    return [
        Term("备案号", sponsor.filing_number or "无", code=True),
        Term("主体编号", sponsor.number, code=True),
        Term("首次备案", clock(sponsor.first_reported)),
        Term("最近变更", clock(sponsor.last_modified)),
        Term("审核人", sponsor.reviewer or "—"),
        Term("接入商", "、".join(providers) or "无接入", wide=True),
    ]


def _pictures(request: NodeRequest, sponsor: Sponsor, names: Names) -> list[Picture]:
    kwargs: dict[str, Any] = {"province": request.node.province, "number": sponsor.number}
    if not sees_persons(request):
        return []
    return [
        Picture(reverse("bureau:filing_attachment", kwargs={**kwargs, "sha256": each.sha256}), each.label)
        for each in kept(request.node, sponsor, names)
    ]


def _closure_url(request: NodeRequest, sponsor: Sponsor) -> str:
    """Lead to where the sponsor is closed by order; nowhere for a copy, which its own bureau keeps."""
    if sponsor.province != request.node.province or not may_close(request):
        return ""
    kwargs = {"province": request.node.province, "what": "sponsor", "number": sponsor.number}
    return reverse("bureau:closure_confirm", kwargs=kwargs)


def _story(request: NodeRequest, number: int) -> Story:
    urls = {"application": _application_url(request)} if reads_applications(request) else {}
    return story(request.node, number, urls, everything=EVERYTHING in request.GET)


def _told(request: NodeRequest, told: Story) -> dict[str, Any]:
    moments: list[Moment] = told.moments
    pending: list[Application] = [each for each in told.applications if each.is_open]
    return {
        "moments": moments,
        "cut": told.cut,
        "everything": EVERYTHING in request.GET,
        "pending": [(each, badge(each)) for each in pending],
        "applications": len(told.applications),
        "reads_applications": reads_applications(request),
    }


def _application_url(request: NodeRequest) -> str:
    """Give the pattern of an application's page at this bureau."""
    marked = reverse("bureau:application", kwargs={"province": request.node.province, "pk": 0})
    return marked.removesuffix("0/") + "{}/"


def _crumbs(request: NodeRequest) -> list[Crumb]:
    return [Crumb("备案库", reverse("bureau:filings", kwargs={"province": request.node.province}))]


def _reveal(request: NodeRequest, number: int, form: RevealForm) -> dict[str, Any]:
    url = reverse("bureau:filing_reveal", kwargs={"province": request.node.province, "number": number})
    return {"reveal_form": form, "reveal_reasons": REVEAL_REASONS, "reveal_url": url}


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True, private=True)
    return response
