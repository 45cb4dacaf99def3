"""Forced closing (责令关闭): finding what to close, confirming it, and who acknowledged it."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from beian.finding import named
from beian.models import Event, Node
from beian.records import FilingRecord, WebsiteRecord
from beian.records.rows import filings
from beian.services.refusals import MovedOn, ServiceError
from beian.web.components import Badge, Term
from beian.web.filing.names import Names
from beian.web.filters import Filters, choice, days, text
from beian.web.forms import Form, Paragraph
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from bureau.queries.closures import bureaus_told, closures, receipts
from bureau.queries.delivery import delivery
from bureau.queries.filings import on_file
from bureau.services.concerned import providers_of
from bureau.services.forced import REASON_LIMIT, Closing, Preview, close, preview
from bureau.views.interface.office import add_errors, bureau_url
from bureau.views.tasks.desk import section_tabs, way

WORDS = {Closing.SPONSOR: "主体", Closing.WEBSITE: "网站", Closing.DOMAIN: "域名"}
FOUND_AT_MOST = 20


def what_of(order: Event) -> Closing:
    """Say what an order closed."""
    return Closing(order.verb.removeprefix("close_"))


def name_of(order: Event) -> str:
    """Name what an order closed."""
    return str(order.data.get("name") or order.data.get("number") or order.subject)


TABLE = Table(
    name="closures",
    columns=(
        Column(name="name", label="对象", value=name_of, lead=True),
        Column(name="what", label="类别", value=lambda order: WORDS[what_of(order)]),
        Column(name="reason", label="理由"),
        Column(name="actor", label="责令人", value="actor_name"),
        Column(name="at", label="责令时间", kind="moment", sort="at"),
        Column(name="receipts", label="接入商回执", template="bureau/tasks/receipts.html"),
    ),
    order="-at",
)
FILTERS = (
    text("q", "备案号、域名或理由", "data__name__contains", "reason__contains"),
    choice("what", "类别", "verb", [(f"close_{what}", words) for what, words in WORDS.items()]),
    *days("at", "责令日期", "at"),
)


class ClosingForm(Form):
    """Why something is closed, and whether it is barred from being filed again."""

    reason = Paragraph(label="责令关闭的理由", max_length=REASON_LIMIT, rows=4, help_text="随通知告知接入商和主办者。")
    bar = forms.BooleanField(label="同时列入黑名单", required=False, initial=True)


@require_safe
def closures_page(request: NodeRequest, province: int) -> HttpResponse:
    """List what the bureau closed by order, and how far its providers acknowledged it."""
    filters = Filters(FILTERS, request.GET)
    page = TABLE.page(
        filters.apply(closures(request.node)),
        request,
        row_url=lambda order: bureau_url(request.node, "closure", pk=order.pk),
    )
    found = receipts(request.node, page.objects)
    for order in page.objects:
        order.receipts = found[order.correlation]
    context = {
        "tabs": section_tabs(request, "closures"),
        "filters": filters,
        "page": page,
        "new_url": bureau_url(request.node, "closure_new"),
    }
    return render(request, "bureau/tasks/closures.html", context)


@require_safe
def closure(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Show one order: who was told, who acknowledged it, who has not yet."""
    order = closures(request.node).filter(pk=pk).first()
    if order is None:
        raise Http404(f"no closing {pk} at {request.node.code}")
    came = receipts(request.node, [order])[order.correlation]
    context = {
        "order": order,
        "name": name_of(order),
        "crumbs": way(request.node, "closures"),
        "receipts": came,
        "told": [(outcome, delivery(outcome)) for outcome in came.outcomes],
        "messages_to": [(message, _passed_on(message.state)) for message in bureaus_told(request.node, order)],
        "terms": [
            Term("类别", WORDS[what_of(order)]),
            Term("编号", order.data.get("number"), code=True),
            Term("责令人", order.actor_name),
            Term("理由", order.reason, wide=True),
        ],
        "filing_url": bureau_url(request.node, "filing", number=int(order.subject)),
    }
    return render(request, "bureau/tasks/closure.html", context)


def _passed_on(state: str) -> Badge:
    return Badge("已送达", "good") if state == "acknowledged" else Badge("待送达", "warn")


@require_safe
def closure_new(request: NodeRequest, province: int) -> HttpResponse:
    """Find what is to be closed: by filing number, domain, number, or a part of the name."""
    typed = request.GET.get("text", "").replace("\0", "").strip()
    found: list[FilingRecord] = []
    if typed:
        rows = on_file(request.node).filter(named(request.node, typed), province=request.node.province)
        numbers = list(rows.order_by("-last_modified").values_list("number", flat=True)[:FOUND_AT_MOST])
        filed = filings(request.node, numbers)
        found = [filed[number] for number in numbers if number in filed]
    context = {
        "typed": typed,
        "found": found,
        "most": FOUND_AT_MOST,
        "crumbs": way(request.node, "closures"),
    }
    return render(request, "bureau/tasks/closure_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def closure_confirm(request: NodeRequest, province: int, what: str, number: int) -> HttpResponse:
    """Show what goes with it and who is told; close it on POST, with a reason."""
    chosen = _closing(what)
    try:
        seen = preview(request.node, chosen, number)
    except MovedOn as error:
        messages.error(request, error.message)
        return redirect(bureau_url(request.node, "closure_new"))
    form = ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            values = form.cleaned_data
            close(request.node, request.user, chosen, number, values["reason"], bar=values["bar"])
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, "已责令关闭，并通知有关接入商。接入商确认收到后，回执显示在本页。")
            return redirect(bureau_url(request.node, "closure", pk=_order(request.node, seen.sponsor).pk))
    context = {
        "form": form,
        "what": WORDS[chosen],
        "crumbs": way(request.node, "closures"),
        "back": bureau_url(request.node, "closure_new"),
        "seen": seen,
        "going": _going(seen, chosen, number),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "bureau/tasks/closure_confirm.html", context, status=status)


def _closing(what: str) -> Closing:
    try:
        return Closing(what)
    except ValueError:
        raise Http404(f"nothing to close: {what}") from None


def _order(bureau: Node, sponsor: int) -> Event:
    """Give the latest order about a sponsor."""
    return closures(bureau).filter(subject=str(sponsor)).latest("id")


@dataclass(frozen=True, slots=True)
class Going:
    """What a closing takes away: its name, websites, filing numbers that are taken back, providers that are told."""

    name: str
    websites: tuple[WebsiteRecord, ...]
    numbers: tuple[str, ...]
    domains: tuple[str, ...]
    providers: tuple[str, ...]
    only_domain: bool


def _going(seen: Preview, what: Closing, number: int) -> Going:
    sponsor = seen.before.sponsor
    websites = tuple(each for each in seen.before.websites if _concerns(each, what, number))
    concerned = FilingRecord(sponsor=sponsor, websites=websites)
    isp_ids = sorted(providers_of(seen.before if what == Closing.SPONSOR else concerned))
    names = Names([], isp_ids)
    taken_back = [sponsor.filing_number] if what == Closing.SPONSOR else []
    taken_back += [each.filing_number for each in websites] if what != Closing.DOMAIN else []
    domains = [each for site in websites for each in site.domains if what != Closing.DOMAIN or each.number == number]
    return Going(
        name={Closing.SPONSOR: sponsor.name, Closing.WEBSITE: websites[0].name if websites else ""}.get(
            what, domains[0].name if domains else ""
        ),
        websites=websites,
        numbers=tuple(each for each in taken_back if each),
        domains=tuple(each.name for each in domains),
        providers=tuple(names.provider(isp_id) for isp_id in isp_ids),
        only_domain=what == Closing.DOMAIN and any(len(site.domains) == 1 for site in websites),
    )


def _concerns(website: WebsiteRecord, what: Closing, number: int) -> bool:
    if what == Closing.SPONSOR:
        return True
    if what == Closing.WEBSITE:
        return website.number == number
    return any(domain.number == number for domain in website.domains)
