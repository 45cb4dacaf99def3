"""Unfiled websites: the list, one of them, new ones by form or file."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from beian.models import Code
from beian.services.refusals import Invalid
from beian.web.components import Badge, Term, Tone
from beian.web.filing import masks
from beian.web.filters import Filters, cases, days, text
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from bureau.forms.tasks import HANDLING_DAYS, UnfiledFileForm, UnfiledForm, in_working_days
from bureau.models import UnfiledState, UnfiledWebsite
from bureau.queries.delivery import delivery, delivery_note, of_row, with_delivery
from bureau.services import unfiled as services
from bureau.services import unfiled_file
from bureau.views.interface.office import Act, ask_and_act, bureau_url
from bureau.views.tasks.desk import Verbs, moments, section_tabs, way

TONES: dict[str, Tone] = {
    UnfiledState.OPEN: "info",
    UnfiledState.HANDLED: "good",
    UnfiledState.WITHDRAWN: "neutral",
}
VERBS: Verbs = {
    "list": ("列入名单", "neutral"),
    "close": ("收到处理结果", "good"),
    "withdraw": ("从名单撤销", "bad"),
}


def badge(website: UnfiledWebsite) -> Badge:
    """Say how an item stands; an open one whose day is over is overdue."""
    return Badge("已超期", "bad") if website.is_overdue else Badge(website.get_state_display(), TONES[website.state])


def handlings() -> dict[int, str]:
    """Give what providers can have done, in words."""
    return dict(Code.objects.filter(table="unfiled_handling").values_list("code", "name"))


def _table(names: dict[int, str]) -> Table:
    """Declare the columns; of handled items the result in words."""
    return Table(
        name="unfiled",
        columns=(
            Column(name="domain", label="域名", lead=True, sort="domain"),
            Column(name="address", label="IP地址", value="dotted", kind="code", sort="address"),
            Column(name="provider", label="接入商", value="account.provider.name"),
            Column(name="state", label="状态", value=badge, kind="badge"),
            Column(name="delivery", label="下发", value=of_row, kind="badge"),
            Column(name="due", label="处理时限", kind="date", sort="due"),
            Column(name="handling", label="处理结果", value=lambda row: handling_words(row, names)),
            Column(name="handled_at", label="反馈时间", kind="moment", sort="handled_at", nullable=True),
        ),
        order="due",
    )


def handling_words(website: UnfiledWebsite, names: dict[int, str]) -> str:
    """Say what the provider did."""
    return "" if website.handling is None else names.get(website.handling, f"未知代码 {website.handling}")


STATES = {
    "open": ("待处理", lambda: Q(state=UnfiledState.OPEN)),
    "overdue": ("已超期", lambda: Q(state=UnfiledState.OPEN, due__lt=timezone.localdate())),
    "handled": ("已反馈", lambda: Q(state=UnfiledState.HANDLED)),
    "withdrawn": ("已撤销", lambda: Q(state=UnfiledState.WITHDRAWN)),
}
FILTERS = (
    text("q", "域名或接入商", "domain__contains", "account__provider__name__contains"),
    cases("state", "状态", STATES),
    *days("listed", "列入日期", "listed_at"),
)


@require_safe
def unfiled_websites(request: NodeRequest, province: int) -> HttpResponse:
    """List the unfiled websites that the bureau found, the nearest deadline first."""
    filters = Filters(FILTERS, request.GET)
    rows = filters.apply(UnfiledWebsite.objects.at(request.node)).select_related("account__provider")
    page = _table(handlings()).page(
        with_delivery(rows), request, row_url=lambda row: bureau_url(request.node, "unfiled_website", pk=row.pk)
    )
    context = {
        "tabs": section_tabs(request, "unfiled_websites"),
        "filters": filters,
        "page": page,
        "new_url": bureau_url(request.node, "unfiled_new"),
        "import_url": bureau_url(request.node, "unfiled_import"),
    }
    return render(request, "bureau/tasks/unfiled_websites.html", context)


@require_safe
def unfiled_website(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Show one item of the list."""
    website = _website(request, pk)
    sent = delivery(website.outcome)
    terms = [
        Term("接入商", f"{website.account.provider.name}（{website.account.isp_id}）"),
        Term("IP地址", website.dotted, code=True),
        Term("运营商标识", website.carrier, code=True),
        Term("检测日期", website.detected.isoformat()),
        Term("处理时限", website.due.isoformat(), flag="已超期" if website.is_overdue else ""),
        Term("下发", sent.label if sent else "", note=delivery_note(website.outcome)),
        Term("列入人", website.listed_by),
    ]
    context = {
        "website": website,
        "badge": badge(website),
        "crumbs": way(request.node, "unfiled_websites"),
        "terms": terms,
        "handling_terms": _handling_terms(website) if website.state == UnfiledState.HANDLED else [],
        "open": website.state == UnfiledState.OPEN,
        "moments": moments(services.SUBJECT, website.pk, VERBS, request.node),
    }
    return render(request, "bureau/tasks/unfiled_website.html", context)


def _handling_terms(website: UnfiledWebsite) -> list[Term]:
    return [
        Term("处理结果", handling_words(website, handlings())),
        Term("上报人", website.reporter),
        Term("联系电话", masks.telephone(website.reporter_telephone or "")),
        Term("电子邮件", masks.email(website.reporter_email) if website.reporter_email else ""),
        Term("处理意见", website.opinion, wide=True),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def unfiled_new(request: NodeRequest, province: int) -> HttpResponse:
    """Put one website onto the list."""
    back = bureau_url(request.node, "unfiled_websites")
    initial = {"detected": timezone.localdate(), "due": in_working_days(HANDLING_DAYS)}
    form = UnfiledForm(request.POST or None, bureau=request.node, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.list_items(request.node, request.user, [form.item()])
        except Invalid as error:
            for message in error.errors["0"]:
                form.add_error("due" if "时限" in message else "domain", message)
        else:
            messages.success(request, "已列入名单，接入商下次下载时取得。")
            return redirect(back)
    context = {"form": form, "crumbs": way(request.node, "unfiled_websites"), "back": back}
    status = 422 if request.method == "POST" else 200
    return render(request, "bureau/tasks/unfiled_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def unfiled_import(request: NodeRequest, province: int) -> HttpResponse:
    """List the websites of a file; where a row is bad, none, and every bad row is shown."""
    back = bureau_url(request.node, "unfiled_websites")
    form = UnfiledFileForm(request.POST or None, request.FILES or None)
    rows: tuple[unfiled_file.BadRow, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read(unfiled_file.MOST_BYTES + 1)
            made = unfiled_file.import_file(request.node, request.user, content)
        except unfiled_file.BadFile as error:
            form.add_error("file", error.message)
            rows = error.rows
        else:
            messages.success(request, f"已导入{len(made)}个网站，接入商下次下载时取得。")
            return redirect(back)
    context = {
        "form": form,
        "rows": rows,
        "crumbs": way(request.node, "unfiled_websites"),
        "back": back,
        "required": unfiled_file.REQUIRED,
        "optional": unfiled_file.OPTIONAL,
        "most": unfiled_file.MOST_ROWS,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "bureau/tasks/unfiled_import.html", context, status=status)


@require_safe
def unfiled_template(request: NodeRequest, province: int) -> HttpResponse:
    """Give an empty file with the columns."""
    response = HttpResponse(unfiled_file.TEMPLATE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="unfiled-websites.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def unfiled_withdraw(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Take an open website off the list, with a reason."""
    website = _website(request, pk)

    def perform(reason: str) -> str:
        _, unread = services.withdraw(request.node, pk, request.user, reason)
        return "已撤销，接入商不会再收到它。" if unread else "已撤销。接入商已取走该条目，请另行告知。"

    return ask_and_act(
        request,
        Act(
            title=f"撤销：{website.domain}",
            warning="撤销后，接入商对该网站上报的处理结果将被退回（5005）。接入商若已取走该条目，须另行告知。",
            submit="从名单撤销",
            dangerous=True,
            back=bureau_url(request.node, "unfiled_website", pk=pk),
            crumbs=way(request.node, "unfiled_websites"),
            perform=perform,
        ),
    )


def _website(request: NodeRequest, pk: int) -> UnfiledWebsite:
    rows = UnfiledWebsite.objects.at(request.node).select_related("account__provider", "listed_by")
    website = with_delivery(rows).filter(pk=pk).first()
    if website is None:
        raise Http404(f"no unfiled website {pk} at {request.node.code}")
    return website
