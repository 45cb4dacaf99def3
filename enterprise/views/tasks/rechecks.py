"""The periodic re-check: what is due, what came of asking, how it is set; and the page where a sponsor answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beian.models import Role
from beian.services.refusals import Invalid, ServiceError
from beian.web.components import Badge
from beian.web.filters import Filters, cases
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from enterprise.forms.stock import RuleForm
from enterprise.models import How, SponsorAccount
from enterprise.queries.my_cases import Mine
from enterprise.queries.rechecks import ahead, cutoff, due, figures, holdings
from enterprise.services import rechecks as services
from enterprise.views.tasks.desk import add_errors, private, section_tabs, url, way

SETTERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


def _asked(sponsor: Any) -> Badge | None:
    return Badge(f"已提醒{sponsor.asked}次", "info") if sponsor.asked else None


DUE = Table(
    name="due",
    columns=(
        Column(name="name", label="主办者", lead=True),
        Column(name="filing_number", label="备案号", kind="code"),
        Column(name="right", label="最近确认或备案", value="last_found_right", kind="moment", sort="last_found_right"),
        Column(name="how", label="确认方式", value=lambda sponsor: How(sponsor.how).label if sponsor.how else "备案"),
        Column(name="asked", label="提醒", value=_asked, kind="badge"),
        Column(name="asked_at", label="最近提醒", kind="moment"),
    ),
    order="right",
)


@require_safe
def rechecks(request: NodeRequest, isp: int) -> HttpResponse:
    """Show what is due and the figures of what was confirmed."""
    rule = services.rule_of(request.node)
    filters = Filters(
        (
            cases(
                "asked",
                "提醒",
                {
                    "never": ("还没有提醒", lambda: Q(asked=None) | Q(asked=0)),
                    "waiting": ("已提醒，未答复", lambda: Q(asked__gt=0)),
                    "exhausted": ("已提醒到次数", lambda: Q(asked__gte=rule.most_reminders)),
                },
            ),
        ),
        request.GET,
    )
    page = DUE.page(filters.apply(due(request.node, rule)), request)
    context = {
        "section_tabs": section_tabs(request, "rechecks"),
        "rule": rule,
        "figures": figures(request.node, rule),
        "filters": filters,
        "page": page,
        "ahead": None if page.rows or filters else ahead(request.node, rule),
        "sets": bool(request.membership_roles & SETTERS),
    }
    return render(request, "enterprise/tasks/rechecks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def recheck_rule(request: NodeRequest, isp: int) -> HttpResponse:
    """Set how often what is on file is looked at again."""
    rule = services.rule_of(request.node)
    form = RuleForm(request.POST or None, initial={name: getattr(rule, name) for name in RuleForm.base_fields})
    back = url(request.node, "rechecks")
    if request.method == "POST" and form.is_valid():
        try:
            services.set_rule(request.node, request.user, **form.cleaned_data)
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, "复核的设置已保存。")
            return redirect(back)
    context = {"form": form, "crumbs": way(request.node, "rechecks"), "back": back}
    status = 422 if request.method == "POST" else 200
    return render(request, "enterprise/tasks/recheck_rule.html", context, status=status)


@require_safe
def portal_rechecks(request: NodeRequest, isp: int) -> HttpResponse:
    """Show a sponsor his filings, when each was last found right, and let him say that it still is."""
    rule = services.rule_of(request.node)
    rows = holdings(request.node).filter(number__in=Mine(request.node, request.user).numbers())
    filings = list(rows.order_by("last_found_right"))
    before = cutoff(rule)
    for filing in filings:
        filing.is_due = filing.last_found_right < before
    context = {"filings": filings, "months": rule.months}
    return private(render(request, "enterprise/tasks/portal_rechecks.html", context))


@require_POST
def portal_recheck(request: NodeRequest, isp: int, number: int) -> HttpResponse:
    """Take a sponsor's word that a filing of his is still right."""
    account = SponsorAccount.objects.filter(provider=request.node, user=request.user).select_related("user").first()
    try:
        if account is None:
            raise Invalid({"": ["没有找到您的这份备案。"]})
        services.confirm(request.node, number, account)
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "谢谢，已记录：备案信息仍然准确。")
    return redirect(url(request.node, "portal_rechecks"))
