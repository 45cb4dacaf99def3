"""Claims: one reviewer at a time, for 30 minutes, renewed by activity."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from beian.models import Role, User
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from beian.services.staff import roles_at
from bureau.models import Application
from bureau.services.guard import ClaimedByOther, find_change, lock
from bureau.services.story import tell
from bureau.workflow import APPROVERS, DECIDERS, State

CLAIM_LASTS = timedelta(minutes=30)


def claim(application_id: int, user: User) -> Application:
    """Take an application for review. Taking one's own again renews it.

    Raises `ClaimedByOther` while another's claim runs, `MovedOn` where it is no longer open,
    `NotAllowed` where the role does not permit it.
    """
    with transaction.atomic():
        application = lock(application_id)
        if application.claimed_now() and application.claimed_by_id != user.pk:
            raise ClaimedByOther(f"{application.claimed_by}正在审核这件申请，至{_clock(application)}。")
        mine = application.claimed_now()
        _check_may_claim(application, user)
        _hold(application, user)
        if not mine:
            tell(application, "claim", user)
        return application


def renew(application_id: int, user: User) -> bool:
    """Lengthen one's running claim; says whether there was one to lengthen."""
    now = timezone.now()
    changed = Application.objects.filter(pk=application_id, claimed_by=user, claimed_until__gt=now).update(
        claimed_until=now + CLAIM_LASTS
    )
    return changed == 1


def release(application_id: int, user: User) -> Application:
    """Give a claim back. Giving back what one does not hold changes nothing."""
    with transaction.atomic():
        application = lock(application_id)
        if application.claimed_by_id == user.pk and application.is_open:
            _let_go(application)
            tell(application, "release", user)
        return application


def take_over(application_id: int, user: User, reason: str) -> Application:
    """A supervisor takes another's claim, with a reason."""
    if not reason.strip():
        raise Invalid({"reason": ["请填写接管原因。"]})
    with transaction.atomic():
        application = lock(application_id)
        if Role.SUPERVISOR not in roles_at(user, application.holder):
            raise NotAllowed("只有主管可以接管他人正在审核的申请。")
        _check_may_claim(application, user)
        before = application.claimed_by
        _hold(application, user)
        tell(application, "take_over", user, reason=reason, data={"from": str(before) if before else ""})
        return application


def release_expired() -> int:
    """Put back to the queue what nobody works on any more; gives how many."""
    expired = Application.objects.filter(state=State.CLAIMED, claimed_until__lt=timezone.now())
    released = 0
    for pk in expired.values_list("pk", flat=True)[:500]:
        with transaction.atomic():
            application = lock(pk)
            if application.state == State.CLAIMED and not application.claimed_now():
                _let_go(application)
                tell(application, "claim_expired", None)
                released += 1
    return released


def _check_may_claim(application: Application, user: User) -> None:
    if application.state == State.RECOMMENDED:
        if not roles_at(user, application.holder) & APPROVERS:
            raise NotAllowed("这件申请待复核，您的角色不能复核。")
        if application.recommended_by_id == user.pk:
            raise NotAllowed("初审由您完成，复核须由另一人进行。")
    elif application.state == State.CLAIMED:
        if not roles_at(user, application.holder) & DECIDERS:
            raise NotAllowed("您的角色不能审核申请。")
    elif application.state == State.PENDING:
        find_change(application, "claim", user)
    else:
        raise MovedOn(f"这件申请已是“{application.get_state_display()}”，无需审核。")


def _hold(application: Application, user: User) -> None:
    if application.state == State.PENDING:
        application.state = State.CLAIMED
        application.version += 1
    application.claimed_by, application.claimed_until = user, timezone.now() + CLAIM_LASTS
    application.save(update_fields=["state", "version", "claimed_by", "claimed_until"])


def _let_go(application: Application) -> None:
    if application.state == State.CLAIMED:
        application.state = State.PENDING
        application.version += 1
    application.claimed_by = application.claimed_until = None
    application.save(update_fields=["state", "version", "claimed_by", "claimed_until"])


def _clock(application: Application) -> str:
    assert application.claimed_until is not None
    return timezone.localtime(application.claimed_until).strftime("%H:%M")
