"""The deadline of a case, in words: the office's own until the bureau has it, then the bureau's."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from beian.calendar import working_days_between
from enterprise.models import Case
from enterprise.queries.queues import SOON
from enterprise.workflow import State


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock says. `tone` is bad, warn or calm; `what` names the deadline."""

    what: str
    words: str
    tone: str
    due: datetime.date


def clock(case: Case, today: datetime.date | None = None) -> Clock | None:
    """Read the clock of `case` on `today` (of Shanghai); None where no deadline runs."""
    what, due = {
        State.SUBMITTED: ("初审期限", case.precheck_due),
        State.UPLOADED: ("管局办结期限", case.decision_due),
        State.ACKNOWLEDGED: ("管局办结期限", case.decision_due),
    }.get(State(case.state), ("", None))
    if due is None:
        return None
    today = today or timezone.localdate()
    left = working_days_between(today, due)
    if due < today:
        return Clock(what, f"超期 {-left} 个工作日" if left else "已超期", "bad", due)
    if due == today:
        return Clock(what, "今日到期", "warn", due)
    return Clock(what, f"剩 {left} 个工作日", "warn" if left <= SOON else "calm", due)
