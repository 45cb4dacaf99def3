"""What happened to an application, and what its provider applied for before in the same case."""

from __future__ import annotations

from beian.models import Event
from beian.web.components import Moment, Tone
from bureau.models import Application

# Verb → what the timeline says, and how it looks.
VERBS: dict[str, tuple[str, Tone]] = {
    "receive": ("受理", "info"),
    "return": ("自动核查退回", "bad"),
    "forward": ("转主办者所在省", "info"),
    "claim": ("领取审核", "neutral"),
    "release": ("放回队列", "neutral"),
    "claim_expired": ("领取到期，放回队列", "warn"),
    "take_over": ("主管接管", "warn"),
    "recommend": ("提交初审意见", "info"),
    "send_back": ("退回初审", "warn"),
    "approve": ("审核通过", "good"),
    "refuse": ("审核拒绝", "bad"),
    "withdraw": ("撤回", "warn"),
    "conflict": ("审批时发现冲突，自动退回", "bad"),
    "hear_approved": ("外省审核通过", "good"),
    "hear_refused": ("外省审核拒绝", "bad"),
    "hear_returned": ("外省自动退回", "bad"),
    "hear_withdrawn": ("外省撤回", "warn"),
    "reveal": ("查看个人信息", "neutral"),
    "read_attachments": ("查阅附件", "neutral"),
}
VERDICTS = {"approve": "建议通过", "refuse": "建议拒绝"}


def timeline(application: Application) -> list[Moment]:
    """Give what happened to `application`, newest first. One query."""
    events = Event.objects.filter(subject_kind="application", subject=str(application.pk)).order_by("-id")
    return [_moment(event) for event in events[:200]]


def _moment(event: Event) -> Moment:
    title, tone = VERBS.get(event.verb, (event.verb, "neutral"))
    verdict = VERDICTS.get(event.data.get("verdict", ""))
    if event.verb == "take_over" and event.data.get("from"):
        title = f"{title}（原审核人{event.data['from']}）"
    return Moment(event.at, f"{title}：{verdict}" if verdict else title, event.actor_name, event.reason, tone)


def earlier(application: Application, limit: int = 10) -> list[Application]:
    """Give the same provider's other applications in the same case, newest first. One query."""
    return list(
        Application.objects.at(application.holder)
        .filter(isp_id=application.isp_id, subject=application.subject)
        .exclude(pk=application.pk)
        .defer("record", "findings")
        .order_by("-id")[:limit]
    )
