"""Lock and guard: the first step of every service about an application.

Locking rule: the application's row first, then that of the sponsor whose filing it is about, then
reservations, then counters; nothing else is locked in between, so two decisions never wait for each
other in a circle. Who locks several applications takes them in the order of their ids.
"""

from __future__ import annotations

from beian.models import User
from beian.services.refusals import MovedOn, NotAllowed, ServiceError
from beian.services.staff import roles_at
from bureau.models import Application
from bureau.workflow import CHANGES, Change, State


class ClaimedByOther(ServiceError):
    """Somebody else holds the claim."""


def lock(application_id: int) -> Application:
    """Lock an application for the rest of the transaction. Raises `MovedOn` where there is none."""
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("holder", "claimed_by", "recommended_by", "decided_by")
        .filter(pk=application_id)
        .first()
    )
    if application is None:
        raise MovedOn("这件申请不存在。")
    return application


def check_version(application: Application, version: int | None) -> None:
    """Refuse where the page was made before the last change. None skips the check."""
    if version is not None and application.version != version:
        raise MovedOn(
            f"这件申请在您打开页面之后已有变化，现在是“{application.get_state_display()}”。{_who(application)}"
        )


def find_change(application: Application, verb: str, user: User | None) -> Change:
    """Find the way that `verb` takes from the present state; refuse where there is none or it is not theirs."""
    change = next((way for way in CHANGES if way.before == application.state and way.verb == verb), None)
    if change is None:
        raise MovedOn(f"这件申请已是“{application.get_state_display()}”，不能再这样处理。{_who(application)}")
    if user is not None and not roles_at(user, application.holder) & change.roles:
        raise NotAllowed("您的角色不能进行这项操作。")
    return change


def check_claim(application: Application, user: User) -> None:
    """Refuse where somebody else's claim runs, or nobody's does."""
    if application.claimed_by_id != user.pk:
        if application.claimed_now():
            raise ClaimedByOther(f"{application.claimed_by}正在审核这件申请。")
        raise MovedOn("您没有领取这件申请，或领取已过期，请重新领取。")
    if not application.claimed_now():
        raise MovedOn("您的领取已超过30分钟，请重新领取。")


def _who(application: Application) -> str:
    person = application.decided_by
    return f"由{person}办结。" if person and application.state in (State.APPROVED, State.REFUSED) else ""
