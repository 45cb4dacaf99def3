"""What the pages about providers share: the bureau, the account that a URL names, acts that need a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from beian.models import Node, Role
from beian.services.refusals import ServiceError
from beian.web.components import Badge, Crumb, Tab
from beian.web.forms import Form
from beian.web.requests import NodeRequest
from bureau.forms.accounts import ReasonForm
from bureau.services import accounts
from interface.models import ProviderAccount

PERMISSIONS = (("may_file_websites", "ICP"), ("may_file_addresses", "IP"), ("may_file_domains", "域名"))


def bureau_url(bureau: Node, name: str, **kwargs: object) -> str:
    """Give the URL of one of the bureau's pages."""
    return reverse(f"bureau:{name}", kwargs={"province": bureau.province, **kwargs})


def account_of(request: NodeRequest, isp_id: int) -> ProviderAccount:
    """Give the bureau's account of a provider; 404 for any other, which it need not know of."""
    try:
        return accounts.find(request.node, isp_id)
    except ProviderAccount.DoesNotExist:
        raise Http404(f"no account {isp_id} at {request.node.code}") from None


def manages(request: NodeRequest) -> bool:
    """Tell whether the person may change accounts; others read them."""
    return Role.PROVIDER_MANAGER in request.membership_roles


def standing(account: ProviderAccount) -> Badge:
    """Say in one word whether the provider's calls are taken."""
    if account.left_at:
        return Badge("已退出")
    if account.suspended:
        return Badge("已暂停", "bad")
    if account.is_locked:
        return Badge("已锁定", "warn")
    return Badge("正常", "good")


def permissions(account: ProviderAccount) -> str:
    """Name what the provider may report."""
    return "、".join(label for name, label in PERMISSIONS if getattr(account, name)) or "无"


def crumbs(bureau: Node) -> list[Crumb]:
    """Give the way to a page about a provider."""
    return [Crumb("接入商", bureau_url(bureau, "providers"))]


def below(account: ProviderAccount) -> list[Crumb]:
    """Give the way to a page below a provider's."""
    bureau = account.bureau
    return [*crumbs(bureau), Crumb(account.provider.name, bureau_url(bureau, "provider", isp_id=account.isp_id))]


def tabs(account: ProviderAccount, current: str) -> list[Tab]:
    """Give the pages about one provider."""
    bureau = account.bureau
    calls = f"{bureau_url(bureau, 'calls')}?isp_id={account.isp_id}"
    pages = (
        ("provider", "账号"),
        ("provider_uploads", "上报记录"),
        ("mailbox", "下发信箱"),
        ("provider_readers", "查询员"),
    )
    found = [Tab(label, bureau_url(bureau, name, isp_id=account.isp_id), name == current) for name, label in pages]
    return [*found, Tab("调用日志", calls)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that is done after it was said why: the page that asks, and what does it."""

    title: str
    warning: str
    submit: str
    dangerous: bool
    back: str
    crumbs: list[Crumb]
    perform: Callable[[str], str]


def ask_and_act(request: NodeRequest, act: Act) -> HttpResponse:
    """Ask for the reason on GET; on POST act and go back, with a word about what was done."""
    form = ReasonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                messages.success(request, act.perform(form.cleaned_data["reason"]))
            except ServiceError as error:
                messages.error(request, error.message)
            return redirect(act.back)
        status = 422
    return render(request, "bureau/accounts/act.html", {"act": act, "form": form}, status=status)


def add_errors(form: Form, error: ServiceError) -> None:
    """Put what a service refused beside the fields it names, the rest above the form."""
    for name, found in getattr(error, "errors", {"": [error.message]}).items():
        for message in found:
            form.add_error(name if name in form.fields else None, message)
