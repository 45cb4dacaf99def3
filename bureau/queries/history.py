"""What happened: to an application, to a filing; and what a provider applied for before in the same case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Q

from beian.models import Event, Node
from beian.web.components import Moment, Tone
from bureau.models import Application
from bureau.queries.deltas import summary
from bureau.queries.told import told
from bureau.workflow import Kind

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
    "differs": ("他人变更了同样的内容，须再核对", "warn"),
    "cancel_access": ("取消接入", "warn"),
    "cancel_website": ("注销网站", "warn"),
    "cancel_sponsor": ("注销主体", "bad"),
    "close_domain": ("责令关闭域名", "bad"),
    "close_website": ("责令关闭网站", "bad"),
    "close_sponsor": ("责令关闭主体", "bad"),
    "material": ("补交核验材料", "info"),
    "copy": ("收到主管局的备案数据", "neutral"),
    "reveal": ("查看个人信息", "neutral"),
    "read_attachments": ("查阅附件", "neutral"),
}
VERDICTS = {"approve": "建议通过", "refuse": "建议拒绝"}

INWARD = frozenset(
    {
        "claim",
        "release",
        "claim_expired",
        "reveal",
        "read_attachments",
        "cancel_access",
        "cancel_website",
        "cancel_sponsor",
    }
)
"""What says who had or read something when, and nothing of the filing; and what the approval of it tells already."""

AT_MOST = 300
EARLIER = 10


@dataclass(frozen=True, slots=True)
class Story:
    """A filing's history, newest first. `cut` where there is more than is shown."""

    moments: list[Moment]
    applications: list[Application]
    cut: bool


def timeline(application: Application) -> list[Moment]:
    """Give what happened to `application`, newest first. One query."""
    events = Event.objects.filter(subject_kind="application", subject=str(application.pk)).order_by("-id")
    return [_moment(event) for event in events[:200]]


def story(bureau: Node, number: int, urls: Mapping[str, str], *, everything: bool = False) -> Story:
    """Tell the history of the filing `number` at `bureau`: its applications, what became of each, what was written.

    Six queries at most.
    `urls` has the pattern of an application's page under "application" (`{}` for its id), or nothing
    for people who may not open it. With `everything` also who held and who read what.
    """
    applications = applications_about(bureau, number)
    by_id = {str(each.pk): each for each in applications}
    about = Q(subject_kind="application", subject__in=by_id)
    events = Event.objects.filter(about | Q(node=bureau, subject_kind="sponsor", subject=str(number)))
    if not everything:
        events = events.exclude(verb__in=INWARD)
    found = list(events.order_by("-id")[: AT_MOST + 1])
    moments = [_of_filing(event, by_id.get(event.subject), urls) for event in found[:AT_MOST]]
    moments = sorted([*moments, *told(bureau, number)], key=attrgetter("at"), reverse=True)
    return Story(moments, applications, len(found) > AT_MOST)


def applications_about(bureau: Node, number: int) -> list[Application]:
    """Give all applications that are about a filing, made it, or asked for it before in vain; newest first."""
    held = Application.objects.at(bureau).defer("record", "base", "findings")
    found = {each.pk: each for each in held.filter(target=number)}
    made = list(held.filter(sponsor_number=number, kind=Kind.NEW_FILING))
    found.update((each.pk, each) for each in made)
    tries = Q()
    for each in made:
        tries |= Q(isp_id=each.isp_id, subject=each.subject, kind=Kind.NEW_FILING, pk__lt=each.pk)
    if tries:
        found.update((each.pk, each) for each in held.filter(tries))
    return [found[pk] for pk in sorted(found, reverse=True)]


def _moment(event: Event) -> Moment:
    return Moment(event.at, _title(event), event.actor_name, event.reason, _verb(event)[1])


def _of_filing(event: Event, application: Application | None, urls: Mapping[str, str]) -> Moment:
    """Tell an event of one of several applications: which one, and what an approved change changed."""
    if application is None:
        detail = "\n".join(part for part in (str(event.data.get("filing_number") or ""), event.reason) if part)
        return Moment(event.at, _title(event), event.actor_name, detail, _verb(event)[1])
    title = f"{application.get_kind_display()}：{_title(event)}"
    said = [_matter(event, application), event.reason]
    url = urls["application"].format(application.pk) if "application" in urls else ""
    detail = "\n".join(part for part in said if part)
    return Moment(event.at, title, event.actor_name, detail, _verb(event)[1], url)


def _matter(event: Event, application: Application) -> str:
    """Say what it was about, where it began and where it ended."""
    if event.verb == "receive":
        return f"{application.provider_name}报备" + (f"：{words}" if (words := summary(application)) else "")
    if event.verb in ("return", "conflict"):
        return "、".join(str(code) for code in event.data.get("codes", ()))
    return summary(application) if event.verb == "approve" else ""


def _verb(event: Event) -> tuple[str, Tone]:
    return VERBS.get(event.verb, (event.verb, "neutral"))


def _title(event: Event) -> str:
    title, _ = _verb(event)
    verdict = VERDICTS.get(event.data.get("verdict", ""))
    if event.verb == "take_over" and event.data.get("from"):
        title = f"{title}（原审核人{event.data['from']}）"
    return f"{title}：{verdict}" if verdict else title


def earlier(application: Application, limit: int = EARLIER) -> list[Application]:
    """Give the same provider's other applications in the same matter, newest first. At most two queries.

    Of a new filing that is the same case (the provider's own id); of a request about a filing that
    stands, a request of the same kind about it.
    """
    same = Q(subject=application.subject)
    if application.target is not None:
        same = Q(kind=application.kind) & (same | Q(target=application.target))
    return list(
        Application.objects.at(application.holder)
        .filter(same, isp_id=application.isp_id)
        .exclude(pk=application.pk)
        .defer("record", "base", "difference")
        .order_by("-id")[:limit]
    )
