"""Where a provider's record is, whether its answer was fetched, and what is to be done next: the truth in words.

A provider's own system knows less: as long as it has not fetched an answer, it says 等待管局审核
(seed, part 2, question 2).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from beian.calendar import DECISION_DAYS, working_days_between
from beian.models import Event, Message, MessageKind, Node
from beian.web.components import Tone
from bureau.models import Application
from bureau.queries.provider import Case
from bureau.services.answering import about
from bureau.workflow import Kind, State
from interface.models import Outcome

WAIT = "审核期间无需操作，结果出来后进入信箱。"
WAIT_ELSEWHERE = "由主办者所在省审核，所以本局的待审核列表中没有它；结果仍送回本局，进入信箱。"
FETCH = "请让本单位系统调用 isp_download 取走结果：在此之前，系统显示的状态不会更新。"
CONFIRM = "请以文件名 {file} 调用 isp_downloadack 确认：确认之前，后面的结果不会下发。"
MEND = {
    State.RETURNED: "请按下面的办法修改，用新的上报序号重新上报。",
    State.REFUSED: "请按审核意见修改，用新的上报序号重新上报。",
}
LEFT_OUT = "这条结果不会下发，请把本页内容录入本单位系统。"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a record is, how its answer stands (`tone`: how well), and what the provider does next."""

    where: str
    answer: str = ""
    todo: str = ""
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Forwarding:
    """To which bureau a record was sent on, and when."""

    to: str
    at: datetime.datetime


def whereabouts(
    application: Application, answers: Mapping[Case, Outcome], forwardings: Mapping[int, Forwarding]
) -> Whereabouts:
    """Say where a record is. `answers` and `forwardings` are those of the page that it stands on."""
    outcome = answers.get((about(application), application.correlation))
    where = _where(application, forwardings.get(application.pk))
    if outcome is None:
        todo = WAIT_ELSEWHERE if application.state == State.FORWARDED else WAIT if application.is_open else ""
        return Whereabouts(where, todo=todo)
    return Whereabouts(where, *_answer(application, outcome))


def forwardings_of(applications: Iterable[Application]) -> dict[int, Forwarding]:
    """Find where some records were sent on to, by their ids. Two queries."""
    subjects = [str(application.pk) for application in applications]
    events = list(Event.objects.filter(subject_kind="application", subject__in=subjects, verb="forward"))
    codes = {str(event.data.get("to", "")) for event in events}
    names = dict(Node.objects.filter(code__in=codes).values_list("code", "name"))
    return {int(event.subject): Forwarding(names.get(event.data.get("to"), "外省管局"), event.at) for event in events}


def is_on_its_way(application: Application) -> bool:
    """Tell whether a record that was sent on has not even reached the ministry, by which it goes. One query."""
    sent = Message.objects.unacknowledged().filter(holder=application.holder, kind=MessageKind.APPLICATION)
    return sent.filter(about=f"application:{application.origin}").exists()


def _where(application: Application, forwarding: Forwarding | None) -> str:
    if application.state == State.FORWARDED:
        to, at = (forwarding.to, f"已于{clock(forwarding.at)}") if forwarding else ("主办者所在省的管局", "已")
        return f"{at}转往{to}审核，{_due(application)}"
    if application.is_open:
        return f"在本局审核，{_due(application)}"
    by = f"{forwarding.to}" if forwarding else ""
    words = {
        State.RETURNED: f"已由{by}自动退回" if by else "已自动退回，没有进入人工审核",
        State.APPROVED: f"{by or '已'}审核通过{_outcome(application)}",
        State.REFUSED: f"{by or '已'}审核拒绝",
        State.WITHDRAWN: "已应本单位请求撤回",
    }
    return words[State(application.state)]


def _outcome(application: Application) -> str:
    """Say what an approval brought about."""
    number = application.filing_number
    words = {
        Kind.NEW_FILING: f"，备案号{number}",
        Kind.NEW_WEBSITE: f"，网站备案号在{number}之下，随备案数据下发",
        Kind.NEW_ACCESS: "，接入已记入备案",
        Kind.CHANGE: "，备案已按申请变更",
        Kind.CANCEL_ACCESS: "，接入已取消",
        Kind.CANCEL_WEBSITE: "，网站已注销",
        Kind.CANCEL_SPONSOR: "，主体及其网站已注销",
    }
    return words[Kind(application.kind)]


def _due(application: Application) -> str:
    """Say how far the 20 working days are used up."""
    today = timezone.localdate()
    over = working_days_between(application.deadline, today)
    if application.deadline < today:
        return f"期限{application.deadline}，已超过{over}个工作日" if over else f"期限{application.deadline}，已到期"
    day = working_days_between(application.received_at, today)
    passed = f"第{day}个工作日" if day else "不足1个工作日"
    return f"{passed}（共{DECISION_DAYS}个），期限{application.deadline}"


def _answer(application: Application, outcome: Outcome) -> tuple[str, str, Tone]:
    """Say whether the provider's system has fetched an answer, and what follows."""
    if outcome.left_out:
        return f"结果无法按接口规范写出，没有下发：{outcome.left_out}", LEFT_OUT, "bad"
    parcel = outcome.parcel
    if parcel is None or parcel.first_fetched_at is None:
        return f"结果自{clock(outcome.queued_at)}起在信箱中等待，贵单位系统尚未下载", FETCH, "warn"
    if parcel.acknowledged_at is None:
        fetched = f"结果已于{clock(parcel.last_fetched_at)}下载，尚未确认"
        return fetched, CONFIRM.format(file=parcel.file_name), "info"
    return f"结果已于{clock(parcel.acknowledged_at)}确认收到", MEND.get(State(application.state), ""), "good"


def clock(moment: datetime.datetime | None) -> str:
    """Write a moment in China's time: 2026-11-22 10:32."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
