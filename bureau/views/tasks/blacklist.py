"""The blacklist: what stands on it, and keeping it. Each change goes to all of the bureau's providers."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from beian.models import BlacklistEntry, BlacklistKind
from beian.services.refusals import ServiceError
from beian.web.components import Badge
from beian.web.filing import masks
from beian.web.filters import Filters, choice, days, text
from beian.web.forms import Form
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from bureau.forms.tasks import BarredChangeForm, BarredDomainForm, BarredSponsorForm
from bureau.services import blacklist as services
from bureau.views.interface.office import Act, add_errors, ask_and_act, bureau_url
from bureau.views.tasks.desk import section_tabs, supervises, way


def barred(entry: BlacklistEntry) -> str:
    """Say what an entry bars: a domain, or a certificate's number, of which most is hidden."""
    if entry.kind == BlacklistKind.DOMAIN:
        return entry.key
    return masks.certificate_number(entry.certificate_number or "") or "证件"


TABLE = Table(
    name="blacklist",
    columns=(
        Column(name="name", label="名称", sort="name", lead=True),
        Column(name="kind", label="类别", value=lambda entry: Badge(entry.get_kind_display()), kind="badge"),
        Column(name="barred", label="证件号码或域名", value=barred, kind="code"),
        Column(name="reason", label="原因"),
        Column(name="listed_by", label="列入单位", value=lambda entry: entry.listed_by or "部级系统"),
        Column(name="since", label="列入时间", kind="moment", sort="since"),
    ),
    order="-since",
)
FILTERS = (
    text("q", "名称、域名或原因", "name__contains", "key__startswith", "reason__contains"),
    choice("kind", "类别", "kind", BlacklistKind.choices),
    *days("since", "列入日期", "since"),
)


@dataclass(frozen=True, slots=True)
class Adding:
    """One of the two ways onto the list."""

    title: str
    form: type[Form]


ADDING = {
    "sponsor": Adding("将主体列入黑名单", BarredSponsorForm),
    "domain": Adding("将网站列入黑名单", BarredDomainForm),
}


@require_safe
def blacklist(request: NodeRequest, province: int) -> HttpResponse:
    """List who and what may not be filed."""
    filters = Filters(FILTERS, request.GET)
    page = TABLE.page(
        filters.apply(BlacklistEntry.objects.select_related("listed_by")),
        request,
        row_url=lambda entry: _row_url(request, entry),
    )
    context = {
        "tabs": section_tabs(request, "blacklist"),
        "filters": filters,
        "page": page,
        "supervises": supervises(request),
        "sponsor_url": bureau_url(request.node, "blacklist_new", kind="sponsor"),
        "domain_url": bureau_url(request.node, "blacklist_new", kind="domain"),
    }
    return render(request, "bureau/tasks/blacklist.html", context)


def _row_url(request: NodeRequest, entry: BlacklistEntry) -> str:
    """Lead to the page of an entry for whoever may change it."""
    mine = supervises(request) and entry.listed_by_id == request.node.pk
    return bureau_url(request.node, "blacklist_entry", pk=entry.pk) if mine else ""


@require_http_methods(["GET", "HEAD", "POST"])
def blacklist_new(request: NodeRequest, province: int, kind: str) -> HttpResponse:
    """Put a sponsor or a website onto the list."""
    adding = ADDING.get(kind)
    if adding is None:
        raise Http404(f"no kind of entry: {kind}")
    form = adding.form(request.POST or None)
    back = bureau_url(request.node, "blacklist")
    if request.method == "POST" and form.is_valid():
        add = services.bar_sponsor if kind == "sponsor" else services.bar_domain
        try:
            entry = add(request.node, request.user, **form.cleaned_data)
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"“{entry.name}”已列入黑名单，并向本局各接入商下发。")
            return redirect(back)
    context = {
        "form": form,
        "title": adding.title,
        "lead": "列入后，涉及的备案申请会被自动退回；本局每个接入商都会收到通知。",
        "submit": "列入黑名单",
        "crumbs": way(request.node, "blacklist"),
        "back": back,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "bureau/tasks/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def blacklist_entry(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Change an entry of this bureau."""
    entry = _entry(request, pk)
    form = BarredChangeForm(request.POST or None, initial={"name": entry.name, "reason": entry.reason})
    back = bureau_url(request.node, "blacklist")
    if request.method == "POST" and form.is_valid():
        try:
            services.change(request.node, pk, request.user, **form.cleaned_data)
        except ServiceError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "已保存，并向本局各接入商下发。")
        return redirect(back)
    context = {
        "entry": entry,
        "barred": barred(entry),
        "form": form,
        "crumbs": way(request.node, "blacklist"),
        "back": back,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "bureau/tasks/blacklist_entry.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def blacklist_remove(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Take an entry of this bureau off the list, with a reason."""
    entry = _entry(request, pk)

    def perform(reason: str) -> str:
        return f"“{services.remove(request.node, pk, request.user, reason)}”已从黑名单撤销，并向本局各接入商下发。"

    return ask_and_act(
        request,
        Act(
            title=f"撤销黑名单：{entry.name}",
            warning="撤销后，涉及的备案可以重新申请；本局每个接入商都会收到撤销通知。",
            submit="从黑名单撤销",
            dangerous=False,
            back=bureau_url(request.node, "blacklist"),
            crumbs=way(request.node, "blacklist"),
            perform=perform,
        ),
    )


def _entry(request: NodeRequest, pk: int) -> BlacklistEntry:
    entry = BlacklistEntry.objects.filter(pk=pk, listed_by=request.node).first()
    if entry is None:
        raise Http404(f"{request.node.code} listed no entry {pk}")
    return entry
