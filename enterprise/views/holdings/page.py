"""One holding: what is on file, how it came to be so, its cases and tasks, when it is to be looked at again."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from beian import events
from beian.models import Sponsor
from beian.records import FilingRecord
from beian.web.components import Crumb, Term
from beian.web.filing.filed import FiledMaker
from beian.web.filing.names import Names
from beian.web.filing.sheet import Sheet, providers_of
from beian.web.requests import NodeRequest
from beian.web.revealing import RevealForm
from enterprise.forms.office import REVEAL_REASONS
from enterprise.queries.holdings import Reach
from enterprise.queries.holdings_story import Looking, cases_of, looking, names_of, past_of, tasks_of
from enterprise.queries.on_file import filing_of
from enterprise.services.rechecks import SUBJECT
from enterprise.views.holdings.reach import private, reach_of, url


@require_safe
def holding(request: NodeRequest, isp: int, number: int) -> HttpResponse:
    """Show the holding with the bureau's number `number` of its sponsor, or what is known of one that is gone."""
    reach = reach_of(request)
    sponsor = reach.holdings().filter(number=number).first()
    return _gone(request, reach, number) if sponsor is None else _show(request, reach, sponsor)


@require_POST
def holding_reveal(request: NodeRequest, isp: int, number: int) -> HttpResponse:
    """Show personal data plain, this once, to a person who says why; that is written down."""
    reach = reach_of(request)
    sponsor = reach.holdings().filter(number=number).first()
    if sponsor is None:
        raise Http404(f"no holding {number} for this person at {request.node.code}")
    form = RevealForm(request.POST)
    if not form.is_valid():
        if request.htmx:
            return render(request, "components/reveal_form.html", _reveal(request, number, form), status=422)
        return _show(request, reach, sponsor, form=form, status=422)
    reason = form.cleaned_data["reason"]
    events.record(SUBJECT, number, "reveal", node=request.node, actor=request.user, reason=reason)
    if not request.htmx:
        return _show(request, reach, sponsor, plain=True)
    record = filing_of(request.node, number)
    shown = _sheet(record, names_of(record, request.node.isp_id), plain=True)
    return private(render(request, "enterprise/holdings/sheet.html", {"sheet": shown, "revealed": True}))


def _show(
    request: NodeRequest,
    reach: Reach,
    sponsor: Sponsor,
    *,
    plain: bool = False,
    form: RevealForm | None = None,
    status: int = 200,
) -> HttpResponse:
    number = sponsor.number
    record = filing_of(request.node, number)
    names = names_of(record, request.node.isp_id)
    again = looking(reach, number, sponsor.first_reported)
    context = {
        "sponsor": sponsor,
        "terms": _terms(sponsor, record, names, again),
        "looking": again,
        "sheet": _sheet(record, names, plain=plain),
        "revealed": plain,
        **_beside(request, reach, number, record, names),
        **_reveal(request, number, form or RevealForm()),
    }
    return private(render(request, "enterprise/holdings/show.html", context, status=status))


def _gone(request: NodeRequest, reach: Reach, number: int) -> HttpResponse:
    """Show what is known of a filing that is no longer on file with our access."""
    last = reach.changes().filter(sponsor_number=number).order_by("-id").first()
    if last is None:
        raise Http404(f"no holding {number} for this person at {request.node.code}")
    names = names_of(None, request.node.isp_id)
    context = {"last": last, **_beside(request, reach, number, None, names)}
    return private(render(request, "enterprise/holdings/gone.html", context))


def _beside(
    request: NodeRequest, reach: Reach, number: int, record: FilingRecord | None, names: Names
) -> dict[str, Any]:
    return {
        "past": past_of(reach, number, record, names),
        "cases": cases_of(reach, number),
        "tasks": tasks_of(reach, number),
        "crumbs": [Crumb("备案数据", url(request, "holdings"))],
    }


def _sheet(record: FilingRecord | None, names: Names, *, plain: bool) -> Sheet:
    return FiledMaker(names, plain=plain).sheet(record) if record else Sheet()


def _terms(sponsor: Sponsor, record: FilingRecord | None, names: Names, again: Looking) -> list[Term]:
    """Give what stands at the top: numbers, dates, who gives access, when it is to be looked at again."""
    providers = [names.provider(isp_id) for isp_id in sorted(providers_of(record))] if record else []
    known = again.confirmation
    found = f"{_day(known.confirmed_at)}，{known.get_how_display()}" if known and known.confirmed_at else "尚未"
    return [
        Term("备案号", sponsor.filing_number or "无", code=True),
        Term("主体编号", sponsor.number, code=True),
        Term("首次备案", _day(sponsor.first_reported)),
        Term("最近变更", _day(sponsor.last_modified)),
        Term("最近确认准确", found),
        Term("下次复核", f"{again.again:%Y-%m-%d} 前", flag="已到期" if again.again < timezone.localdate() else ""),
        Term("接入商", "、".join(providers) or "无接入", wide=True),
    ]


def _day(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"


def _reveal(request: NodeRequest, number: int, form: RevealForm) -> dict[str, Any]:
    address = url(request, "holding_reveal", number=number)
    return {"reveal_form": form, "reveal_reasons": REVEAL_REASONS, "reveal_url": address}
