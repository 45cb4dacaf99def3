"""The search page: everything the office has, by whatever is known of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from beian import events
from beian.web.requests import NodeRequest
from enterprise.forms.office import PersonalSearchForm
from enterprise.queries.case_search import Found, search, search_personal
from enterprise.views.office.case import holding_url, private
from enterprise.views.office.desk import Desk
from enterprise.views.office.queue import badge, domains_of, title_of


@require_http_methods(["GET", "HEAD", "POST"])
def case_search(request: NodeRequest, isp: int) -> HttpResponse:
    """Find cases and filings. Numbers of persons come by POST, so that they stand in no address and no log."""
    desk = Desk.of(request)
    form = PersonalSearchForm(request.POST or None)
    text, found = request.GET.get("text", "").replace("\x00", "").strip()[:100], None
    if request.method == "POST":
        if form.is_valid():
            found, text = _personal(desk, form), ""
    elif text:
        found = search(desk.provider, desk.cases(), text, with_holdings=not desk.only_agent)
    context = {
        "desk": desk,
        "text": text,
        "form": form,
        "found": found,
        "cases": [(each, title_of(each), domains_of(each), badge(each)) for each in found.cases] if found else [],
        "holdings": [(each, holding_url(desk, each.number)) for each in found.holdings] if found else [],
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return private(render(request, "enterprise/office/search.html", context, status=status))


def _personal(desk: Desk, form: PersonalSearchForm) -> Found:
    """Search by a person's number; who did so, why, and how much was found is written down, the number is not."""
    values = form.cleaned_data
    found = search_personal(desk.provider, desk.cases(), values["number"], with_holdings=not desk.only_agent)
    events.record(
        "search",
        desk.user.pk,
        "search_personal",
        node=desk.provider,
        actor=desk.user,
        reason=values["why"],
        data={"cases": len(found.cases), "holdings": len(found.holdings)},
    )
    return found
