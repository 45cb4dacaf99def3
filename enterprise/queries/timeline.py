"""What is known of a case's way, and of the connection it travels over: facts alone, no words about them.

`enterprise.services.progress` makes sentences of them. Columns keep what an earlier try left in them;
which may be believed follows from the state, and is decided here, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from beian.models import Event
from beian.web.components import Moment, Tone
from enterprise.forms.labels import label
from enterprise.gateway import waiting as waits
from enterprise.models import Appointment, Call, Case, Connection, CounterSettings
from enterprise.workflow import OUTSTANDING, Kind, State

SENT = frozenset({State.UPLOADED, State.ACKNOWLEDGED, State.RETURNED, State.REFUSED, State.FILED})
"""In these the case's document, and when it was sent, are those of its present try."""

TAKEN = SENT - {State.UPLOADED}
"""In these the bureau has acknowledged that document."""

ANSWERED = frozenset({State.RETURNED, State.REFUSED, State.FILED})
"""In these a result was fetched."""

NUMBERED = frozenset({Kind.NEW_FILING, Kind.NEW_WEBSITE})
"""What gets a filing number: it comes with the filing data, after the result."""

VERBS: dict[str, tuple[str, Tone]] = {
    "begin": ("开始填写", "neutral"),
    "submit": ("提交接入商", "info"),
    "send_back": ("退回修改", "warn"),
    "pass_check": ("接入商初审通过", "info"),
    "edit": ("接入商修改了申请内容", "warn"),
    "book_appointment": ("预约当面核验", "info"),
    "move_appointment": ("更改当面核验的预约", "info"),
    "cancel_appointment": ("取消当面核验的预约", "warn"),
    "verify": ("当面核验完成", "good"),
    "queue": ("列入上报队列", "neutral"),
    "unqueue": ("移出上报队列", "neutral"),
    "upload": ("编入上报文件", "info"),
    "acknowledge": ("管局应答已接收", "info"),
    "requeue": ("上报文件未被接收，重新排队", "warn"),
    "hold": ("上报受阻", "warn"),
    "hear_returned": ("取回结果：管局退回", "bad"),
    "hear_refused": ("取回结果：审核未通过", "bad"),
    "hear_filed": ("取回结果：审核通过", "good"),
    "number": ("收到备案数据，备案号已下发", "good"),
    "abandon": ("放弃申请", "neutral"),
}
"""What a sponsor is told of: each way of the workflow, and what else concerns him. The rest is the office's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The connection to the bureau as it stands: `refused` is the code that uploads were put off for."""

    active: bool = True
    stopped: bool = False
    uploads_wait_until: datetime | None = None
    uploads_wait_because: str = ""
    refused: int | None = None
    looked_at: datetime | None = None
    downloads_wait_until: datetime | None = None
    poll_seconds: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a case. A moment is None where it has not happened in this try, or nobody noted it.

    `in_person` says whether the office found a verification in person required, None before it looked.
    `behind` tells that an earlier case of the same kind and subject has no answer yet; `link` is None
    where the provider has no connection at all. `again` says that the case was sent back before.
    """

    state: State
    kind: int
    begun_at: datetime
    submitted_at: datetime | None = None
    precheck_due: date | None = None
    checked_at: datetime | None = None
    in_person: bool | None = None
    verified_at: datetime | None = None
    appointed_at: datetime | None = None
    place: str = ""
    queued_at: datetime | None = None
    sequence: int | None = None
    uploaded_at: datetime | None = None
    acknowledged_at: datetime | None = None
    decision_due: date | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    filing_number: str = ""
    held_because: str = ""
    reason: str = ""
    behind: bool = False
    again: bool = False
    link: Link | None = None


def known(case: Case) -> Known:
    """Gather what is known of `case`: at most five queries."""
    state = State(case.state)
    happened = _this_try(case)
    sent, taken, answered = state in SENT, state in TAKEN, state in ANSWERED
    passed, verified, ended = happened.get("pass_check"), happened.get("verify"), happened.get("abandon")
    return Known(
        state=state,
        kind=case.kind,
        begun_at=case.created_at,
        submitted_at=case.submitted_at,
        precheck_due=case.precheck_due,
        checked_at=passed.at if passed else None,
        in_person=passed.data.get("after") == State.CHECKED if passed else None,
        verified_at=verified.at if verified else None,
        **_appointed(case),
        queued_at=case.queued_at,
        sequence=case.document.sequence if sent and case.document else None,
        uploaded_at=case.uploaded_at if sent else None,
        acknowledged_at=case.acknowledged_at if taken else None,
        decision_due=case.decision_due if taken else None,
        answered_at=case.answered_at if answered else None,
        ended_at=ended.at if ended else None,
        filing_number=case.filing_number,
        held_because=case.held_because if state == State.HELD else "",
        reason=ended.reason if ended else "",
        behind=state == State.QUEUED and _behind(case),
        again="send_back" in happened,
        link=_link(case),
    )


def history(case: Case) -> list[Moment]:
    """Give what happened to `case` as its sponsor may know it, newest first; who at the office did it stays there."""
    own = case.sponsor_account.user_id if case.sponsor_account else None
    events = _events(case).filter(verb__in=VERBS).order_by("-id")[:100]
    return [_moment(event, own) for event in events]


def _moment(event: Event, own: int | None) -> Moment:
    words, tone = VERBS[event.verb]
    mine = event.actor_id is not None and event.actor_id == own
    who = "您" if mine else ("接入商" if event.actor_id else "系统")
    return Moment(event.at, words, who, _detail(event), tone)


def _detail(event: Event) -> str:
    """Say which fields it was about, when somebody is to come, the number that came, and why if he is to know."""
    data = event.data
    fields = "、".join(dict.fromkeys(label(path) for path in data.get("fields", ()) if path))
    at = (
        f"{timezone.localtime(datetime.fromisoformat(data['at'])):%Y-%m-%d %H:%M}"
        if "appointment" in event.verb
        else ""
    )
    reason = event.reason if event.verb in ("abandon", "send_back") else ""
    return "\n".join(part for part in (fields, at, str(data.get("filing_number", "")), reason) if part)


def _written(at: str) -> str:
    return timezone.localtime(datetime.fromisoformat(at)).strftime("%Y-%m-%d %H:%M")


def _events(case: Case) -> Any:
    return Event.objects.filter(subject_kind="case", subject=str(case.pk))


def _this_try(case: Case) -> dict[str, Event]:
    """Give the last event of each verb since the case was handed in last; a sending back counts whenever it was."""
    found: dict[str, Event] = {}
    for event in _of_workflow(_events(case).order_by("id")):
        if event.verb == "submit":
            found = {verb: each for verb, each in found.items() if verb == "send_back"}
        found[event.verb] = event
    return found


def _of_workflow(events: Iterable[Event]) -> Iterable[Event]:
    return (event for event in events if event.verb in VERBS)


def _appointed(case: Case) -> dict[str, Any]:
    """Give when and where somebody comes to the counter, while that lies ahead."""
    if case.state != State.CHECKED:
        return {}
    booked = Appointment.objects.booked().filter(case=case).first()
    if booked is None:
        return {}
    place = CounterSettings.objects.filter(provider_id=case.provider_id).values_list("place", flat=True).first()
    return {"appointed_at": booked.starts_at, "place": place or ""}


def _behind(case: Case) -> bool:
    """Whether another case must be answered first: two outstanding ones never share kind and subject."""
    same = Case.objects.filter(provider_id=case.provider_id, answered_as=case.answered_as, subject=case.subject)
    return same.filter(state__in=OUTSTANDING).exclude(pk=case.pk).exists()


def _link(case: Case) -> Link | None:
    connection = Connection.objects.filter(provider_id=case.provider_id).first()
    if connection is None:
        return None
    waiting = waits.uploads_until(connection)
    return Link(
        active=connection.active,
        stopped=connection.stopped,
        uploads_wait_until=waiting,
        uploads_wait_because=connection.uploads_wait_because if waiting else "",
        refused=_last_code(connection) if waiting else None,
        looked_at=waits.last_look(connection),
        downloads_wait_until=waits.downloads_until(connection),
        poll_seconds=connection.poll_seconds,
    )


def _last_code(connection: Connection) -> int | None:
    """Give what the last upload was answered with."""
    calls = Call.objects.filter(connection=connection, operation="isp_upload", test=False)
    code: int | None = calls.order_by("-id").values_list("code", flat=True).first()
    return code
