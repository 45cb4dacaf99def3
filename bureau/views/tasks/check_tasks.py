"""Check tasks: the list, and choosing filings for new ones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from beian.models import Sponsor
from beian.services.refusals import Invalid, ServiceError
from beian.web.components import Badge, Tone
from beian.web.filters import Filters, cases, days, text
from beian.web.requests import NodeRequest, row_number
from beian.web.tables import Column, Table
from bureau.forms.tasks import CHECK_DAYS, CheckTaskForm, in_working_days, providers_of
from bureau.models import CheckState, CheckTask
from bureau.queries.check_tasks import candidate_filters, candidates
from bureau.queries.delivery import of_row, with_delivery
from bureau.services import check_tasks as services
from bureau.views.interface.office import bureau_url
from bureau.views.tasks.desk import section_tabs, way

TONES: dict[str, Tone] = {
    CheckState.OPEN: "info",
    CheckState.PASSED: "good",
    CheckState.REFUSED: "bad",
    CheckState.WITHDRAWN: "neutral",
}


def badge(task: CheckTask) -> Badge:
    """Say how a task stands; an open one whose day is over is overdue."""
    return Badge("已超期", "bad") if task.is_overdue else Badge(task.get_state_display(), TONES[task.state])


def _unread(task: CheckTask) -> Badge | None:
    return Badge("待查看", "warn") if task.result_unread else None


TABLE = Table(
    name="check_tasks",
    columns=(
        Column(name="sponsor", label="主办者", value="sponsor_name", lead=True),
        Column(name="filing_number", label="备案号", kind="code"),
        Column(name="provider", label="接入商", value="account.provider.name"),
        Column(name="state", label="状态", value=badge, kind="badge"),
        Column(name="delivery", label="下发", value=of_row, kind="badge"),
        Column(name="due", label="期限", kind="date", sort="due"),
        Column(name="created", label="下达时间", value="created_at", kind="moment", sort="created_at"),
        Column(name="closed", label="反馈时间", value="closed_at", kind="moment", sort="closed_at", nullable=True),
        Column(name="unread", label="结果", value=_unread, kind="badge"),
    ),
    order="-created",
)
STATES = {
    "open": ("待核实", lambda: Q(state=CheckState.OPEN)),
    "overdue": ("已超期", lambda: Q(state=CheckState.OPEN, due__lt=timezone.localdate())),
    "unread": ("有结果待查看", lambda: Q(state__in=(CheckState.PASSED, CheckState.REFUSED), seen_at=None)),
    "refused": ("核实不通过", lambda: Q(state=CheckState.REFUSED)),
    "passed": ("核实通过", lambda: Q(state=CheckState.PASSED)),
    "withdrawn": ("已撤销", lambda: Q(state=CheckState.WITHDRAWN)),
}
FILTERS = (
    text(
        "q", "主办者、备案号或接入商",
        "sponsor_name__contains", "filing_number__startswith", "account__provider__name__contains",
    ),
    cases("state", "状态", STATES),
    *days("created", "下达日期", "created_at"),
)  # fmt: skip


def _open_task(sponsor: Any) -> Badge | None:
    return Badge("已有任务", "warn") if sponsor.has_task else None


CANDIDATES = Table(
    name="candidates",
    columns=(
        Column(name="name", label="主办者", sort="name", lead=True),
        Column(name="filing_number", label="备案号", kind="code"),
        Column(name="first_domain", label="首个域名"),
        Column(name="sites", label="网站数", kind="number"),
        Column(name="modified", label="最近变更", value="last_modified", kind="moment", sort="last_modified"),
        Column(name="task", label="核实任务", value=_open_task, kind="badge"),
    ),
    order="-modified",
)


@require_safe
def check_tasks(request: NodeRequest, province: int) -> HttpResponse:
    """List the bureau's check tasks."""
    filters = Filters(FILTERS, request.GET)
    rows = filters.apply(CheckTask.objects.at(request.node)).select_related("account__provider")
    page = TABLE.page(
        with_delivery(rows), request, row_url=lambda task: bureau_url(request.node, "check_task", pk=task.pk)
    )
    context = {
        "tabs": section_tabs(request, "check_tasks"),
        "filters": filters,
        "page": page,
        "new_url": bureau_url(request.node, "check_task_new"),
    }
    return render(request, "bureau/tasks/check_tasks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def check_task_new(request: NodeRequest, province: int) -> HttpResponse:
    """Choose a provider and some of the filings it gives access to, and have it verify them."""
    if request.method != "POST":
        form = CheckTaskForm(initial={"due": in_working_days(CHECK_DAYS)})
        return _choose(request, form)
    form, isp_id = CheckTaskForm(request.POST), row_number(request.GET.get("provider", ""))
    errors: dict[str, list[str]] = {}
    if form.is_valid() and isp_id is not None:
        try:
            made = services.create(request.node, request.user, isp_id, _chosen(request), **form.cleaned_data)
        except Invalid as error:
            errors = error.errors
        except ServiceError as error:
            errors = {"chosen": [error.message]}
        else:
            messages.success(request, f"已下达{len(made)}件核实任务，接入商下次下载时取得。")
            return redirect(bureau_url(request.node, "check_tasks"))
    for message in errors.pop("due", []):
        form.add_error("due", message)
    return _choose(request, form, problems=errors.get("chosen", []), status=422)


def _choose(
    request: NodeRequest, form: CheckTaskForm, *, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    providers = providers_of(request.node)
    filters = Filters(candidate_filters(request.node, providers), request.GET)
    isp_id = filters.values.get("provider")
    page = CANDIDATES.page(filters.apply(candidates(request.node, int(isp_id))), request) if isp_id else None
    ticked = set(request.POST.getlist("chosen"))
    for sponsor in page.objects if page else ():
        sponsor.ticked = str(sponsor.pk) in ticked
    context = {
        "crumbs": way(request.node, "check_tasks"),
        "filters": filters,
        "form": form,
        "page": page,
        "problems": problems or [],
        "providers": providers,
        "back": bureau_url(request.node, "check_tasks"),
    }
    return render(request, "bureau/tasks/check_task_new.html", context, status=status)


def _chosen(request: NodeRequest) -> list[int]:
    """Give the sponsors' numbers of the ticked rows of this bureau; what is none of them is left out."""
    ticked = [number for value in request.POST.getlist("chosen") if (number := row_number(value)) is not None]
    rows = Sponsor.objects.held_by(request.node).filter(pk__in=ticked).order_by("pk")
    return list(rows.values_list("number", flat=True))
