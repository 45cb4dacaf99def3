"""The 20-working-day clock of an application, in words and as a shape."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from beian.calendar import DECISION_DAYS, working_days_between
from bureau.models import Application
from bureau.queries.queue import SOON


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock says. `tone` is bad, warn, calm or done; `used` runs from 0 to `DECISION_DAYS`."""

    words: str
    tone: str
    used: int
    deadline: datetime.date

    @property
    def whole(self) -> int:
        """The days that the ring stands for."""
        return DECISION_DAYS


def clock(application: Application, today: datetime.date | None = None) -> Clock:
    """Read the clock of `application` on `today` (of Shanghai): days left, days over, or days taken."""
    today = today or timezone.localdate()
    if not application.is_open:
        return _stopped(application)
    left = working_days_between(today, application.deadline)
    used = max(0, min(DECISION_DAYS, DECISION_DAYS - left))
    if application.deadline < today:
        return Clock(f"超期 {-left} 个工作日" if left else "已超期", "bad", DECISION_DAYS, application.deadline)
    if application.deadline == today:
        return Clock("今日到期", "warn", used, application.deadline)
    return Clock(f"剩 {left} 个工作日", "warn" if left <= SOON else "calm", used, application.deadline)


def _stopped(application: Application) -> Clock:
    if application.decided_at is None:
        return Clock("不计时", "done", 0, application.deadline)
    taken = working_days_between(application.received_at, application.decided_at)
    return Clock(f"用时 {taken} 个工作日", "done", min(DECISION_DAYS, taken), application.deadline)
