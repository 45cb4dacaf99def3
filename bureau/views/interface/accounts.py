"""Provider accounts: the list, one account, opening and changing one."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from beian.services.refusals import Invalid, ServiceError
from beian.web.filters import Filters, cases, text
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from bureau.forms.accounts import AccountForm, ChangedAccountForm, NewAccountForm
from bureau.services import accounts
from bureau.views.interface.account_page import show
from bureau.views.interface.office import (
    account_of,
    add_errors,
    below,
    bureau_url,
    crumbs,
    manages,
    permissions,
    standing,
)
from interface.models import ProviderAccount

TABLE = Table(
    name="providers",
    columns=(
        Column(name="name", label="单位名称", value="provider.name", sort="provider__name", lead=True),
        Column(name="isp_id", label="标识", value="isp_id", kind="code", sort="isp_id"),
        Column(name="user_name", label="用户名", kind="code"),
        Column(name="standing", label="状态", value=standing, kind="badge"),
        Column(name="permissions", label="报备权限", value=permissions),
        Column(name="sequence", label="已接收序号", value="last_sequence", kind="number", sort="last_sequence"),
        Column(name="created", label="开户时间", value="created_at", kind="moment", sort="created_at"),
    ),
    order="isp_id",
)
FILTERS = (
    text(
        "q", "单位名称、标识或用户名", "provider__name__contains", "isp_id__startswith", "user_name__contains",
        placeholder="例如 440000000001",
    ),
    cases(
        "state",
        "状态",
        {
            "active": ("正常", lambda: Q(left_at=None, suspended=False) & ~Q(locked_until__gt=timezone.now())),
            "suspended": ("已暂停", lambda: Q(left_at=None, suspended=True)),
            "locked": ("已锁定", lambda: Q(left_at=None, suspended=False, locked_until__gt=timezone.now())),
            "left": ("已退出", lambda: Q(left_at__isnull=False)),
        },
    ),
)  # fmt: skip


@require_safe
def providers(request: NodeRequest, province: int) -> HttpResponse:
    """List the providers that have an account at this bureau."""
    filters = Filters(FILTERS, request.GET)
    found = filters.apply(ProviderAccount.objects.filter(bureau=request.node).select_related("provider"))
    page = TABLE.page(
        found, request, row_url=lambda account: bureau_url(request.node, "provider", isp_id=account.isp_id)
    )
    context = {
        "filters": filters,
        "page": page,
        "manages": manages(request),
        "new_url": bureau_url(request.node, "provider_new"),
    }
    return render(request, "bureau/accounts/list.html", context)


@require_safe
def provider(request: NodeRequest, province: int, isp_id: int) -> HttpResponse:
    """Show one account."""
    return show(request, account_of(request, isp_id))


@require_http_methods(["GET", "HEAD", "POST"])
def provider_new(request: NodeRequest, province: int) -> HttpResponse:
    """Open an account. The answer to the form shows its parameters, this once."""
    if request.method != "POST":
        form = NewAccountForm(initial=_proposal(request))
        return _form_page(request, form, "开设接入商账号", bureau_url(request.node, "providers"))
    form = NewAccountForm(request.POST)
    if form.is_valid():
        try:
            account, parameters = accounts.create(
                request.node, request.user, form.cleaned_data["isp_id"], form.details()
            )
        except Invalid as error:
            add_errors(form, error)
        else:
            return show(request, account, parameters=parameters)
    return _form_page(request, form, "开设接入商账号", bureau_url(request.node, "providers"), status=422)


def _proposal(request: NodeRequest) -> dict[str, object]:
    isp_id = accounts.propose_identifier(request.node)
    return {"isp_id": isp_id, "user_name": f"isp{isp_id}"}


@require_http_methods(["GET", "HEAD", "POST"])
def provider_edit(request: NodeRequest, province: int, isp_id: int) -> HttpResponse:
    """Change what is said of an account."""
    account = account_of(request, isp_id)
    back = bureau_url(request.node, "provider", isp_id=isp_id)
    if request.method != "POST":
        return _form_page(request, ChangedAccountForm(initial=_present(account)), "修改账号", back, account)
    form = ChangedAccountForm(request.POST)
    if form.is_valid():
        try:
            accounts.change(request.node, isp_id, request.user, form.details(), form.cleaned_data["reason"])
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(back)
    return _form_page(request, form, "修改账号", back, account, status=422)


def _present(account: ProviderAccount) -> dict[str, object]:
    names = [name for name in AccountForm.base_fields if name != "name"]
    return {"name": account.provider.name} | {name: getattr(account, name) for name in names}


def _form_page(
    request: NodeRequest,
    form: AccountForm,
    title: str,
    back: str,
    account: ProviderAccount | None = None,
    status: int = 200,
) -> HttpResponse:
    way = below(account) if account else crumbs(request.node)
    context = {"form": form, "title": title, "back": back, "crumbs": way, "account": account}
    return render(request, "bureau/accounts/form.html", context, status=status)
