"""The people who read for a provider: opened with a temporary password, barred and given new ones with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from beian.models import User
from beian.services.refusals import ServiceError
from beian.web.components import Crumb
from beian.web.forms import Form
from beian.web.requests import NodeRequest
from bureau.forms.accounts import TELEPHONE
from bureau.forms.people import USERNAME
from bureau.services import provider_people as services
from bureau.views.interface.office import (
    Act,
    account_of,
    add_errors,
    ask_and_act,
    below,
    bureau_url,
    crumbs,
    manages,
    standing,
    tabs,
)
from bureau.views.interface.people import standing as standing_of
from interface.models import ProviderAccount


class ReaderForm(Form):
    """A person of a provider who is to read at the bureau."""

    username = forms.CharField(label="用户名", max_length=64, validators=[USERNAME], help_text="用于登录，不能更改。")
    name = forms.CharField(label="姓名", max_length=64)
    telephone = forms.CharField(label="办公电话", max_length=32, required=False, validators=[TELEPHONE])


@dataclass(frozen=True, slots=True)
class Issued:
    """A temporary password, to be shown this once."""

    person: User
    password: str


@require_safe
def provider_readers(request: NodeRequest, province: int, isp_id: int) -> HttpResponse:
    """List who reads for a provider."""
    return _show(request, account_of(request, isp_id), ReaderForm())


@require_http_methods(["GET", "HEAD", "POST"])
def provider_reader_new(request: NodeRequest, province: int, isp_id: int) -> HttpResponse:
    """Add a reader. The answer to the form shows the temporary password, this once."""
    account, form = account_of(request, isp_id), ReaderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = services.add_reader(account, request.user, **form.cleaned_data)
        except ServiceError as error:
            add_errors(form, error)
        else:
            return _show(request, account, ReaderForm(), Issued(user, password))
    return _show(request, account, form)


@dataclass(frozen=True, slots=True)
class ReaderAct:
    """Something done to a reader's account: how it is asked, how it is told, what does it."""

    title: str
    warning: str
    done: str
    service: Callable[[ProviderAccount, int, User, str], User]
    dangerous: bool = False


ACTS = {
    "deactivate": ReaderAct(
        "停用查询员",
        "停用后不能登录，已登录的会话立即失效。",
        "已停用。",
        services.deactivate,
        dangerous=True,
    ),
    "activate": ReaderAct("启用查询员", "启用后可以用原来的密码登录。", "已启用。", services.activate),
}


@require_http_methods(["GET", "HEAD", "POST"])
def provider_reader_standing(request: NodeRequest, province: int, isp_id: int, user_id: int, act: str) -> HttpResponse:
    """Bar a reader from signing in, or admit again, with a reason."""
    account, asked = account_of(request, isp_id), ACTS.get(act)
    if asked is None:
        raise Http404(f"no such act: {act}")
    reader = _reader(account, user_id)

    def perform(reason: str) -> str:
        asked.service(account, user_id, request.user, reason)
        return f"{reader.name}：{asked.done}"

    return ask_and_act(request, _act(account, reader, asked.title, asked.warning, perform, dangerous=asked.dangerous))


@require_http_methods(["GET", "HEAD", "POST"])
def provider_reader_password(request: NodeRequest, province: int, isp_id: int, user_id: int) -> HttpResponse:
    """Give a reader a new temporary password. The answer to the form shows it, this once."""
    account = account_of(request, isp_id)
    reader, issued = _reader(account, user_id), list[Issued]()

    def perform(reason: str) -> str:
        issued.append(Issued(*services.reset_password(account, user_id, request.user, reason)))
        return "密码已重置。"

    warning = "原密码和已登录的会话立即失效。新的临时密码只显示一次，请交给本人，由其登录后修改。"
    response = ask_and_act(request, _act(account, reader, "重置密码", warning, perform))
    return _show(request, account, ReaderForm(), issued[0]) if issued else response


def _reader(account: ProviderAccount, user_id: int) -> User:
    reader = services.readers_of(account).filter(pk=user_id).first()
    if reader is None:
        raise Http404(f"{user_id} does not read for {account.isp_id}")
    return reader


def _act(
    account: ProviderAccount,
    reader: User,
    title: str,
    warning: str,
    perform: Callable[[str], str],
    *,
    dangerous: bool = False,
) -> Act:
    back = bureau_url(account.bureau, "provider_readers", isp_id=account.isp_id)
    return Act(
        title=title,
        warning=f"{reader.name}（{reader.username}）：{warning}",
        submit=title,
        dangerous=dangerous,
        back=back,
        crumbs=[*below(account), Crumb("查询员", back)],
        perform=perform,
    )


def _show(
    request: NodeRequest, account: ProviderAccount, form: ReaderForm, issued: Issued | None = None
) -> HttpResponse:
    context = {
        "account": account,
        "badge": standing(account),
        "crumbs": crumbs(account.bureau),
        "tabs": tabs(account, "provider_readers"),
        "readers": [(reader, standing_of(reader)) for reader in services.readers_of(account)],
        "form": form,
        "issued": issued,
        "manages": manages(request),
    }
    return render(request, "bureau/accounts/readers.html", context, status=422 if form.is_bound else 200)
