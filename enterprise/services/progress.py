"""How far a case is, in words that never claim more than the wire can know (对主办者和备案专员同样如实).

Between its acknowledgement and a result the interface tells nothing: so nothing is said of what the bureau
does, only since when it has the case, by when it must decide, and when its mailbox was last looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils import timezone

from beian.calendar import DECISION_DAYS, shanghai_day, working_days_between
from beian.web.components import Tone
from enterprise.models import Case
from enterprise.queries.timeline import NUMBERED, Known, Link, known
from enterprise.services.contents import SILENT
from enterprise.workflow import State
from interface.codes import Code


class Standing(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    STUCK = "stuck"
    AHEAD = "ahead"
    SKIPPED = "skipped"


class Turn(StrEnum):
    """Who has to do something next."""

    SPONSOR = "sponsor"
    OFFICE = "office"
    BUREAU = "bureau"
    SYSTEM = "system"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way: what it is, where it stands, since or until when, and what is known of it."""

    name: str
    title: str
    standing: Standing
    at: datetime | None = None
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a case is.

    `looked` says when the bureau's mailbox was last looked at, "" where that tells nothing; `stale` marks
    that as too long ago to rely on. `for_office` has what only the office is told.
    """

    headline: str
    tone: Tone
    turn: Turn
    steps: tuple[Step, ...]
    looked: str = ""
    stale: bool = False
    for_office: tuple[str, ...] = ()


HEADLINES: dict[State, tuple[str, Tone, Turn]] = {
    State.DRAFT: ("尚未提交", "neutral", Turn.SPONSOR),
    State.SUBMITTED: ("已提交，等待接入商初审", "info", Turn.OFFICE),
    State.SENT_BACK: ("已退回，请修改后重新提交", "warn", Turn.SPONSOR),
    State.CHECKED: ("初审已通过，等待当面核验", "info", Turn.SPONSOR),
    State.VERIFIED: ("接入商已办完核查，等待上报", "info", Turn.OFFICE),
    State.QUEUED: ("在上报队列中，尚未发出", "info", Turn.SYSTEM),
    State.HELD: ("上报受阻，需接入商处理", "warn", Turn.OFFICE),
    State.UPLOADED: ("已发出，尚未得到管局应答", "info", Turn.SYSTEM),
    State.ACKNOWLEDGED: ("管局已接收，结果尚未取回", "info", Turn.BUREAU),
    State.RETURNED: ("被管局退回，需接入商处理", "bad", Turn.OFFICE),
    State.REFUSED: ("管局审核未通过，需接入商处理", "bad", Turn.OFFICE),
    State.FILED: ("管局审核通过", "good", Turn.NOBODY),
    State.ABANDONED: ("已放弃", "neutral", Turn.NOBODY),
}
"""What a state is called, and whose turn it is."""

TITLES = {
    "written": "填写申请",
    "check": "接入商初审",
    "in_person": "当面核验",
    "upload": "上报管局",
    "bureau": "管局审核",
    "result": "结果",
}
"""The steps, in their order."""

_ORDER = list(TITLES)
STEP_OF: dict[State, str] = {
    State.DRAFT: "written",
    State.SENT_BACK: "written",
    State.SUBMITTED: "check",
    State.CHECKED: "in_person",
    State.VERIFIED: "upload",
    State.QUEUED: "upload",
    State.HELD: "upload",
    State.UPLOADED: "upload",
    State.ACKNOWLEDGED: "bureau",
    State.RETURNED: "bureau",
    State.REFUSED: "bureau",
    State.FILED: "result",
}
"""The step that a state stands at. A case that was given up stands at none."""

STUCK = frozenset({State.SENT_BACK, State.HELD, State.RETURNED, State.REFUSED})

_STALE = timedelta(minutes=15)
_STALE_POLLS = 10


def of(case: Case, now: datetime | None = None) -> Progress:
    """Say how far a case is. At most five queries."""
    return tell(known(case), now or timezone.now())


def tell(it: Known, now: datetime) -> Progress:
    """Put what is known into words."""
    headline, tone, turn = HEADLINES[it.state]
    if it.state == State.ACKNOWLEDGED and it.kind in SILENT:
        headline, tone, turn = "管局已接收", "good", Turn.NOBODY
    if it.state == State.FILED and it.kind in NUMBERED and it.filing_number:
        headline = f"已备案：{it.filing_number}"
    looked, stale = _looked(it, now)
    return Progress(headline, tone, turn, _steps(it, now), looked, stale, _for_office(it))


def _steps(it: Known, now: datetime) -> tuple[Step, ...]:
    current = STEP_OF.get(it.state)
    place = _ORDER.index(current) if current else len(_ORDER)
    found = []
    for index, name in enumerate(_ORDER):
        if it.state == State.ABANDONED and name != "written":
            break
        standing = _standing(it, name, index - place)
        at, says = (None, ()) if standing == Standing.AHEAD else _WORDS[name](it, now)
        found.append(Step(name, TITLES[name], standing, at, says))
    return (*found, *_given_up(it))


def _standing(it: Known, name: str, ahead: int) -> Standing:
    if name == "in_person" and ahead < 0 and it.verified_at is None:
        return Standing.SKIPPED
    if ahead:
        return Standing.DONE if ahead < 0 else Standing.AHEAD
    if it.state == State.FILED and not _number_is_missing(it):
        return Standing.DONE
    return Standing.STUCK if it.state in STUCK else Standing.NOW


def _given_up(it: Known) -> tuple[Step, ...]:
    if it.state != State.ABANDONED:
        return ()
    return (Step("abandoned", "已放弃", Standing.DONE, it.ended_at, (f"原因：{it.reason}",) if it.reason else ()),)


Words = tuple[datetime | None, tuple[str, ...]]


def _written(it: Known, now: datetime) -> Words:
    if it.state == State.DRAFT:
        return it.begun_at, ("内容随填随存，提交之后接入商才会受理。",)
    if it.state == State.SENT_BACK:
        return it.submitted_at, ("请按列出的事项修改，然后重新提交。",)
    return it.submitted_at, (f"{_moment(it.submitted_at)} 提交给接入商。",) if it.submitted_at else ()


def _check(it: Known, now: datetime) -> Words:
    if it.state == State.SUBMITTED:
        return None, _check_due(it.precheck_due, now)
    if it.checked_at is None:
        return None, ()
    return it.checked_at, (f"{_moment(it.checked_at)} 通过。",)


def _check_due(due: date | None, now: datetime) -> tuple[str, ...]:
    if due is None:
        return ()
    if due < shanghai_day(now):
        return (f"初审应在 {due:%Y-%m-%d} 前完成，现已逾期，请联系接入商。",)
    return (f"接入商应在 5 个工作日内完成初审，即 {due:%Y-%m-%d} 前。",)


def _in_person(it: Known, now: datetime) -> Words:
    if it.state == State.CHECKED:
        return None, ("须由有关负责人带证件原件到接入商处当面核验。", *_appointment(it, now))
    if it.verified_at is not None:
        return it.verified_at, (f"{_moment(it.verified_at)} 完成。",)
    if it.in_person is False:
        return None, ("本次申请不要求当面核验。",)
    return None, ("这里没有本次当面核验的记录。",)


def _appointment(it: Known, now: datetime) -> tuple[str, ...]:
    if it.appointed_at is None:
        return ("现在还没有预约：可以在本页选择时间，也可以由接入商安排。",)
    where = f"，地点：{it.place}" if it.place else ""
    past = "预约的时间已过，核验还没有完成。" if it.appointed_at < now else ""
    return (f"已预约 {_moment(it.appointed_at)}{where}。{past}",)


def _upload(it: Known, now: datetime) -> Words:
    if it.state == State.VERIFIED:
        return None, ("等待接入商把申请列入上报队列。",)
    if it.state == State.QUEUED:
        return it.queued_at, (f"{_moment(it.queued_at)} 列入上报队列。", *_why_waiting(it))
    if it.state == State.HELD:
        return None, ("申请未能成功上报，需要接入商的备案专员处理；您暂时不用做什么。",)
    if it.sequence is None and it.uploaded_at is None:
        return None, ()
    number = f"编入第 {it.sequence} 号上报文件" if it.sequence is not None else "已上报"
    sent = f"{_moment(it.uploaded_at)} {number}。".strip()
    if it.state == State.UPLOADED:
        return it.uploaded_at, (sent, "管局的应答还没有到，管局是否已收到，现在不能确定；系统会向管局核对。")
    taken = (f"{_moment(it.acknowledged_at)} 管局应答：已接收。",) if it.acknowledged_at else ()
    return it.acknowledged_at or it.uploaded_at, (sent, *taken)


def _why_waiting(it: Known) -> tuple[str, ...]:
    """Say all that keeps a queued case from being sent."""
    link = it.link
    found = []
    if it.behind:
        found.append("同一主体（或网站）的上一件同类申请还没有结果，要等它有了结果才能上报。")
    if link is None or not link.active:
        found.append("接入商与管局的对接没有启用，启用之前不会上报。")
        return tuple(found)
    if link.stopped:
        found.append("上报已暂停，需要接入商的管理人员处理之后才会继续。")
    elif link.uploads_wait_until is not None:
        found.append(f"{_why_put_off(link.refused)}系统将在 {_moment(link.uploads_wait_until)} 之后再试。")
    return tuple(found) or ("没有等待的原因，轮到时自动发出。",)


def _why_put_off(code: int | None) -> str:
    if code == Code.OUTSIDE_HOURS:
        return "现在不在管局规定的报备时间内。"
    if code == Code.UPLOAD_CLOSED:
        return "管局系统正在维护，暂不受理上报。"
    if code is None:
        return "管局的系统没有应答。"
    return "管局暂时没有接收上报。"


def _bureau(it: Known, now: datetime) -> Words:
    if it.state == State.ACKNOWLEDGED:
        return it.acknowledged_at, _with_the_bureau(it, now)
    fetched = f"{_moment(it.answered_at)} 取回结果：" if it.answered_at else "结果："
    words = {State.RETURNED: "管局退回", State.REFUSED: "审核未通过", State.FILED: "审核通过"}
    more = (
        () if it.state == State.FILED else ("接入商会查看原因：要您修改的会退回给您，其余的由接入商处理或重新上报。",)
    )
    return it.answered_at, (f"{fetched}{words[it.state]}。", *more)


def _with_the_bureau(it: Known, now: datetime) -> tuple[str, ...]:
    if it.kind in SILENT:
        return ("这类报送没有问题时管局不另作答复。",)
    since = (f"自 {_moment(it.acknowledged_at)} 起在管局。",) if it.acknowledged_at else ()
    return (*since, *_due(it.decision_due, now), "管局在得出结果之前不反馈办理情况，所以这里也没有。")


def _due(due: date | None, now: datetime) -> tuple[str, ...]:
    """Say how long the bureau still has (Order No. 33, 2005), and what it means when that is over."""
    if due is None:
        return ()
    left = working_days_between(now, due)
    if due < shanghai_day(now):
        over = f"，已过 {-left} 个工作日" if left else ""
        return (
            f"第 {DECISION_DAYS} 个工作日是 {due:%Y-%m-%d}{over}。逾期不等于通过，也不等于不通过："
            "可能管局还没有作出决定，也可能结果还没有取回。请向接入商询问，由其向管局核实。",
        )
    if left == 0:
        return (f"管局应在 {DECISION_DAYS} 个工作日内办结，今天（{due:%Y-%m-%d}）是最后一天。",)
    return (f"管局应在 {DECISION_DAYS} 个工作日内办结，即 {due:%Y-%m-%d} 前，还有 {left} 个工作日。",)


def _result(it: Known, now: datetime) -> Words:
    if _number_is_missing(it):
        return None, ("备案号随备案数据下发，备案数据还没有收到。",)
    if it.kind in NUMBERED:
        return it.answered_at, (f"备案号：{it.filing_number}",)
    return it.answered_at, ("已办结。",)


_WORDS: dict[str, Callable[[Known, datetime], Words]] = {
    "written": _written,
    "check": _check,
    "in_person": _in_person,
    "upload": _upload,
    "bureau": _bureau,
    "result": _result,
}


def _number_is_missing(it: Known) -> bool:
    return it.state == State.FILED and it.kind in NUMBERED and not it.filing_number


def _awaits(it: Known) -> bool:
    """Whether something that matters to this case may lie in the bureau's mailbox."""
    if it.state == State.ACKNOWLEDGED:
        return it.kind not in SILENT
    return it.state == State.UPLOADED or _number_is_missing(it)


def _looked(it: Known, now: datetime) -> tuple[str, bool]:
    """Say when the bureau's mailbox was last looked at, and whether that is too long ago to rely on."""
    if not _awaits(it):
        return "", False
    link = it.link
    if link is None:
        return "接入商的系统还没有与管局对接，不会收到结果。", True
    if link.looked_at is None:
        return f"还没有查看过管局的信箱。{_put_off(link, now)}", True
    age = now - link.looked_at
    stale = age > max(_STALE, timedelta(seconds=_STALE_POLLS * link.poll_seconds))
    said = f"最近一次查看管局的信箱：{ago(age)}。"
    if stale:
        said += "此后管局是否已有结果，这里还不知道。"
    return f"{said}{_put_off(link, now)}", stale


def _put_off(link: Link, now: datetime) -> str:
    if not link.active:
        return "接入商与管局的对接没有启用，启用之前不会再查看。"
    if link.downloads_wait_until is not None and link.downloads_wait_until > now:
        return f"现在取不到，系统将在 {_moment(link.downloads_wait_until)} 之后再试。"
    return ""


def ago(age: timedelta) -> str:
    """Say how long ago something was: 刚刚, 3 分钟前, 2 小时前, 4 天前."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return "不到 1 分钟前"
    if minutes < 60:
        return f"{minutes} 分钟前"
    return f"{minutes // 60} 小时前" if minutes < 48 * 60 else f"{minutes // (24 * 60)} 天前"


def _for_office(it: Known) -> tuple[str, ...]:
    said = [it.held_because] if it.held_because else []
    if it.state == State.QUEUED and it.link and it.link.uploads_wait_because:
        said.append(it.link.uploads_wait_because)
    return tuple(said)


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
