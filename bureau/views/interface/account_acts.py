"""What is done to an account: parameters, registered addresses, suspend, resume, unlock, leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from beian.models import Node, User
from beian.services.refusals import Invalid, ServiceError
from beian.web.requests import NodeRequest
from bureau.forms.accounts import AddressForm, ParametersForm
from bureau.services import account_addresses, account_standing, accounts
from bureau.views.interface.account_page import show
from bureau.views.interface.office import Act, account_of, add_errors, ask_and_act, below, bureau_url
from interface.models import ProviderAccount, RegisteredAddress

Service = Callable[[Node, int, User, str], ProviderAccount]


@dataclass(frozen=True, slots=True)
class Standing:
    """A change of whether a provider may call: how it is asked, how it is told, what does it."""

    title: str
    warning: str
    done: str
    service: Service
    dangerous: bool = False


STANDINGS = {
    "suspend": Standing(
        "暂停账号",
        "暂停后，该单位的一切接口调用都将得到12，原因会写入调用日志。等待下发的数据保留。",
        "已暂停。",
        account_standing.suspend,
        dangerous=True,
    ),
    "resume": Standing("恢复账号", "恢复后，该单位可以继续报备和下载。", "已恢复。", account_standing.resume),
    "unlock": Standing(
        "解除锁定",
        "锁定由密码连续错误引起，到时自动解除。请先与接入商核对密码，否则会再次锁定。",
        "已解除锁定，错误次数重新计算。",
        account_standing.unlock,
    ),
    "leave": Standing(
        "退出",
        "退出后账号不能再调用接口，也不能恢复。其名下备案和接入信息不受影响，须另行处理。",
        "该单位已退出。",
        account_standing.leave,
        dangerous=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def provider_standing(request: NodeRequest, province: int, isp_id: int, act: str) -> HttpResponse:
    """Suspend, resume, unlock or close an account, with a reason."""
    account, asked = account_of(request, isp_id), STANDINGS.get(act)
    if asked is None:
        raise Http404(f"no such act: {act}")

    def perform(reason: str) -> str:
        asked.service(request.node, isp_id, request.user, reason)
        return asked.done

    return ask_and_act(
        request,
        Act(
            title=asked.title,
            warning=asked.warning,
            submit=asked.title,
            dangerous=asked.dangerous,
            back=bureau_url(request.node, "provider", isp_id=isp_id),
            crumbs=below(account),
            perform=perform,
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def provider_parameters(request: NodeRequest, province: int, isp_id: int) -> HttpResponse:
    """Issue new parameters after a reason was given. The answer to the form shows them, this once."""
    account = account_of(request, isp_id)
    form = ParametersForm(request.POST or None, initial={"issued_before": accounts.issued_stamp(account)})
    if request.method == "POST" and form.is_valid():
        try:
            parameters = accounts.issue_parameters(
                request.node, isp_id, request.user, form.cleaned_data["reason"], form.cleaned_data["issued_before"]
            )
        except ServiceError as error:
            messages.error(request, error.message)
            return redirect(bureau_url(request.node, "provider", isp_id=isp_id))
        return show(request, account_of(request, isp_id), parameters=parameters)
    context = {
        "form": form,
        "account": account,
        "crumbs": below(account),
        "back": bureau_url(request.node, "provider", isp_id=isp_id),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "bureau/accounts/parameters.html", context, status=status)


@require_POST
def provider_address_add(request: NodeRequest, province: int, isp_id: int) -> HttpResponse:
    """Register a source address; what is wrong with it is said beside the field."""
    account = account_of(request, isp_id)
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            address = account_addresses.add_address(
                request.node, isp_id, request.user, form.cleaned_data["network"], form.cleaned_data["note"]
            )
        except Invalid as error:
            add_errors(form, error)
        except ServiceError as error:
            messages.error(request, error.message)
            return redirect(bureau_url(request.node, "provider", isp_id=isp_id))
        else:
            messages.success(request, f"已登记{address.network}，立即生效。")
            return redirect(bureau_url(request.node, "provider", isp_id=isp_id))
    return show(request, account, address_form=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def provider_address_remove(request: NodeRequest, province: int, isp_id: int, address: int) -> HttpResponse:
    """Take a source address off the register, with a reason."""
    account = account_of(request, isp_id)
    registered = account.addresses.filter(pk=address).first()
    if registered is None:
        raise Http404(f"no address {address} of {isp_id}")

    def perform(reason: str) -> str:
        network = account_addresses.remove_address(request.node, isp_id, request.user, address, reason)
        return f"已撤销{network}。"

    return ask_and_act(
        request,
        Act(
            title=f"撤销登记地址 {registered.network}",
            warning=_what_is_left(account, registered),
            submit="撤销登记",
            dangerous=True,
            back=bureau_url(request.node, "provider", isp_id=isp_id),
            crumbs=below(account),
            perform=perform,
        ),
    )


def _what_is_left(account: ProviderAccount, leaving: RegisteredAddress) -> str:
    rest = "、".join(account.addresses.exclude(pk=leaving.pk).order_by("id").values_list("network", flat=True))
    if not rest:
        return "这是唯一的登记地址。撤销后该单位的一切调用都将得到13。"
    return f"撤销后，来自该地址的调用将得到13。仍然登记的地址：{rest}。"
