"""One provider's account as a page: what it is, who may call from where, what happened to it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from beian.models import Event
from beian.web.access import who_may
from beian.web.components import Moment, Term, Tone
from beian.web.requests import NodeRequest
from bureau.forms.accounts import AccountForm, AddressForm
from bureau.services import mailboxes
from bureau.services.accounts import SUBJECT, Parameters
from bureau.views.interface.office import bureau_url, crumbs, manages, permissions, standing, tabs
from interface.models import CallLog, ProviderAccount

EVENTS_SHOWN = 30
CALLS_SHOWN = 5
VERBS: dict[str, tuple[str, Tone]] = {
    "create": ("开户并发放通信参数", "good"),
    "change": ("修改账号", "neutral"),
    "issue_parameters": ("重新生成通信参数", "info"),
    "add_address": ("登记地址", "neutral"),
    "remove_address": ("撤销登记地址", "warn"),
    "suspend": ("暂停", "bad"),
    "resume": ("恢复", "good"),
    "unlock": ("解除锁定", "good"),
    "leave": ("退出", "bad"),
    "synchronise": ("同步下发全部备案", "info"),
    "send_codes": ("下发基础代码", "info"),
    "locked": ("密码连续错误，自动锁定", "warn"),
}
FIELDS = {name: str(field.label) for name, field in AccountForm.base_fields.items()}


def show(
    request: NodeRequest,
    account: ProviderAccount,
    *,
    parameters: Parameters | None = None,
    address_form: AddressForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show an account. `parameters` are there once, in the answer to the form that issued them."""
    bureau = request.node
    context = {
        "account": account,
        "badge": standing(account),
        "crumbs": crumbs(bureau),
        "tabs": tabs(account, "provider"),
        "manages": manages(request) and account.left_at is None,
        "sends": _sends(request) and account.left_at is None,
        "parameters": parameters,
        "parameter_terms": _parameter_terms(account, parameters),
        "terms": _terms(account),
        "addresses": account.addresses.order_by("id"),
        "address_form": address_form or AddressForm(),
        "moments": _moments(account),
        "calls": CallLog.objects.filter(account=account).order_by("-id")[:CALLS_SHOWN],
        "calls_url": f"{bureau_url(bureau, 'calls')}?isp_id={account.isp_id}",
        "waiting": mailboxes.waiting(account),
        "outstanding": mailboxes.outstanding(account),
    }
    return render(request, "bureau/accounts/show.html", context, status=status)


def _sends(request: NodeRequest) -> bool:
    """Tell whether the person may have everything sent again."""
    return who_may()["bureau:provider_send_again"].admits(request.membership_roles, signed_in=True)


def _parameter_terms(account: ProviderAccount, parameters: Parameters | None) -> list[Term]:
    terms = [
        Term("报备单位标识", account.isp_id, code=True),
        Term("用户名", account.user_name, code=True),
    ]
    if parameters:
        terms += [
            Term("密码", parameters.password, code=True),
            Term("AES密钥", parameters.aes_key, code=True),
            Term("AES偏移量", parameters.aes_iv, code=True),
        ]
    return [*terms, Term("接口地址", endpoint_of(account), code=True, wide=True)]


def endpoint_of(account: ProviderAccount) -> str:
    """Give the address that the provider's system calls, as the WSDL says it."""
    base = settings.ENV.public_url.rstrip("/")
    alone = settings.ENV.nodes == (account.bureau.code,)
    return f"{base}{'' if alone else f'/bureaus/{account.bureau.province}'}/ISPWebService/upDownLoad"


def _terms(account: ProviderAccount) -> list[Term]:
    return [
        Term("经营许可证编号", account.licence),
        Term("报备权限", permissions(account), flag="" if account.may_report else "没有任何权限，调用将得到19"),
        Term("报备时间", hours_of(account)),
        Term("下载数据", "AES加密" if account.encrypt_downloads else "不加密"),
        Term("联系人", account.contact_name),
        Term("联系电话", account.contact_telephone),
        Term("企业系统", "由本平台代管" if account.managed else "自有系统"),
        Term("已接收序号", account.last_sequence, note=f"下一份上报应为{account.last_sequence + 1}"),
        Term("企业系统网址", account.system_url, wide=True),
    ]


def hours_of(account: ProviderAccount) -> str:
    """Say when uploads are taken."""
    if account.hours_from is None or account.hours_to is None:
        return "全天"
    overnight = "（跨零点）" if account.hours_to < account.hours_from else ""
    return f"每日{account.hours_from:%H:%M}至{account.hours_to:%H:%M}{overnight}"


def _moments(account: ProviderAccount) -> list[Moment]:
    events = Event.objects.filter(subject_kind=SUBJECT, subject=str(account.pk)).order_by("-id")
    return [_moment(event) for event in events[:EVENTS_SHOWN]]


def _moment(event: Event) -> Moment:
    title, tone = VERBS.get(event.verb, (event.verb, "neutral"))
    network = event.data.get("network")
    if network:
        title = f"{title} {network}"
    changed = "、".join(FIELDS.get(name, name) for name in event.data.get("changed", ()))
    if changed:
        title = f"{title}：{changed}"
    return Moment(event.at, title, event.actor_name, event.reason, tone)
