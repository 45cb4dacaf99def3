"""Letters to sponsors (通知), written in the transaction of what they tell of.

A letter may be read by others: it holds no personal data, no password and no file, names the case by its
reference, and leads to the page where the rest stands. What people wrote into it is quoted without long
runs of digits and without mail addresses: an opinion likes to quote the number that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from beian import mail
from beian.models import Mail, Node
from enterprise.forms.labels import label
from enterprise.models import Case
from enterprise.queries.timeline import NUMBERED
from enterprise.services.advising import advise
from enterprise.workflow import State

_NUMBERS = re.compile(r"[0-9][0-9\-\s]{4,}[0-9Xx]")
_ADDRESSES = re.compile(r"[\w.+-]+@[\w.-]+")
_LONGEST_QUOTE = 500


def tell_sent_back(case: Case) -> Mail | None:
    """Tell what has to be corrected, field by field."""
    wanted = [_correction(each) for each in case.corrections]
    return _write(case, "请修改后重新提交", ["接入商退回了您的申请，请修改以下内容后重新提交：", "", *wanted])


def tell_uploaded(case: Case) -> Mail | None:
    """Tell that the bureau has acknowledged the document with the case."""
    due = f"管局应在 20 个工作日内办结，即 {case.decision_due:%Y-%m-%d} 前。" if case.decision_due else ""
    number = f"（第 {case.document.sequence} 号上报文件）" if case.document else ""
    return _write(case, "已上报通信管理局", [f"您的申请已上报，管局已接收{number}。", due])


def tell_all_uploaded(provider: Node, ids: Iterable[int]) -> None:
    """Tell the sponsors of many cases that the bureau has acknowledged the document with theirs."""
    rows = Case.objects.at(provider).light().filter(pk__in=list(ids), sponsor_account__user__is_active=True)
    for case in rows.select_related("provider", "sponsor_account__user", "document"):
        tell_uploaded(case)


def tell_result(case: Case) -> Mail | None:
    """Tell the result that was fetched: approved, refused with the opinions, or returned with what it means."""
    match State(case.state):
        case State.FILED:
            return _write(case, "管局审核通过", [_approved(case)])
        case State.REFUSED:
            return _write(case, "管局审核未通过", ["管局没有通过您的申请。审核意见：", "", *_opinions(case), *_NEXT])
        case State.RETURNED:
            return _write(case, "被管局退回", ["管局退回了您的申请：", "", *_codes(case), *_NEXT])
    return None


def tell_number(case: Case) -> Mail | None:
    """Tell the filing number, where it came after the result."""
    return _write(case, "备案号已下发", [f"备案号：{case.filing_number}", _PUT_IT_ON_THE_PAGE])


def tell_appointment(
    case: Case, *, at: datetime | None, where: str = "", bring: Sequence[str] = (), cancelled: bool = False
) -> Mail | None:
    """Tell when and where to come for the verification in person, and which originals to bring."""
    if cancelled or at is None:
        return _write(case, "核验预约已取消", ["当面核验的预约已取消，接入商会另行安排。"])
    said = [f"请网站负责人于 {_moment(at)} 到场当面核验。"]
    said += [f"地点：{where}"] if where else []
    said += ["请带齐原件：", *(f"· {each}" for each in bring)] if bring else []
    return _write(case, "当面核验预约", said)


_NEXT = ("", "接入商会查看原因；需要您修改的，会退回给您。")
_PUT_IT_ON_THE_PAGE = "请在网站首页底部标明备案号，并链接到 https://beian.miit.gov.cn/ 供公众查询。"


def _approved(case: Case) -> str:
    if case.kind not in NUMBERED:
        return "您的申请已办结。"
    if not case.filing_number:
        return "管局已通过您的申请。备案号随备案数据下发，收到后另行通知。"
    return f"您的申请已通过，备案号：{case.filing_number}\n{_PUT_IT_ON_THE_PAGE}"


def _correction(said: Mapping[str, str]) -> str:
    where = f"{label(said['about'])}：" if said["about"] else ""
    return f"· {where}{quoted(said['note'])}"


def _opinions(case: Case) -> list[str]:
    said = [quoted(each.get("opinion") or "") for each in case.opinions]
    return [f"· {each}" for each in said if each] or ["（管局没有写明意见）"]


def _codes(case: Case) -> list[str]:
    return [f"· {advise(each['code'])}（{each['code']}）" for each in case.codes] or ["（管局没有写明原因）"]


def quoted(text: str) -> str:
    """Give what somebody wrote without what may be a number of a person or a mail address."""
    text = _ADDRESSES.sub("***", _NUMBERS.sub("***", text.strip()))
    return f"{text[:_LONGEST_QUOTE]}……" if len(text) > _LONGEST_QUOTE else text


def _write(case: Case, about: str, lines: Sequence[str]) -> Mail | None:
    """Write to the sponsor of `case`; to nobody where it has no account."""
    account = case.sponsor_account
    if account is None or not account.user.is_active:
        return None
    provider = case.provider
    path = reverse("enterprise:portal_case", kwargs={"isp": provider.isp_id, "reference": case.reference})
    body = [
        f"受理号：{case.reference}",
        f"事项：{case.get_kind_display()}",
        "",
        *[line for line in lines if line is not None],
        "",
        f"详情和办理：{settings.ENV.public_url.rstrip('/')}{path}",
        "",
        f"{provider.name}" + (f"  联系电话 {provider.telephone}" if provider.telephone else ""),
        "本邮件由系统自动发出，请勿回复。",
    ]
    return mail.write(account.email, f"【备案】{about}（{case.reference}）", "\n".join(body))


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
