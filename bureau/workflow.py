"""The states of an application and the ways between them, as data.

A test walks every pair; a trigger in the database refuses what this table does not hold; the
documentation is generated from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from beian.models import Role


class State(models.TextChoices):
    """Where an application stands."""

    RETURNED = "returned", "自动退回"
    FORWARDED = "forwarded", "已转外省"
    PENDING = "pending", "待审核"
    CLAIMED = "claimed", "审核中"
    RECOMMENDED = "recommended", "待复核"
    APPROVED = "approved", "已通过"
    REFUSED = "refused", "已拒绝"
    WITHDRAWN = "withdrawn", "已撤回"


class Kind(models.IntegerChoices):
    """What an application asks for; the numbers are those of the wire."""

    NEW_FILING = 1, "新增备案"
    NEW_WEBSITE = 2, "新增网站"
    NEW_ACCESS = 3, "新增接入"
    CHANGE = 4, "变更备案"
    CANCEL_ACCESS = 5, "取消接入"
    CANCEL_SPONSOR = 6, "注销主体"
    CANCEL_WEBSITE = 7, "注销网站"


@dataclass(frozen=True, slots=True)
class Change:
    """One way from a state to another: the verb, who may take it, what it needs."""

    before: State
    after: State
    verb: str
    roles: frozenset[Role] = frozenset()
    needs: str = ""


REVIEWERS = frozenset({Role.REVIEWER, Role.SUPERVISOR})
APPROVERS = frozenset({Role.APPROVER, Role.SUPERVISOR})
DECIDERS = REVIEWERS | APPROVERS
SUPERVISORS = frozenset({Role.SUPERVISOR})
SYSTEM: frozenset[Role] = frozenset()

INITIAL = frozenset({State.RETURNED, State.FORWARDED, State.PENDING})
OPEN = frozenset({State.PENDING, State.CLAIMED, State.RECOMMENDED})
ENDED = frozenset({State.RETURNED, State.APPROVED, State.REFUSED, State.WITHDRAWN})

CHANGES: tuple[Change, ...] = (
    Change(State.PENDING, State.CLAIMED, "claim", DECIDERS),
    Change(State.CLAIMED, State.PENDING, "release", DECIDERS, "the claim is one's own, or has expired"),
    Change(State.CLAIMED, State.RECOMMENDED, "recommend", REVIEWERS, "two stages"),
    Change(State.RECOMMENDED, State.PENDING, "send_back", APPROVERS, "a reason"),
    Change(State.CLAIMED, State.APPROVED, "approve", DECIDERS, "one stage"),
    Change(State.CLAIMED, State.REFUSED, "refuse", DECIDERS, "one stage; reasons"),
    Change(State.RECOMMENDED, State.APPROVED, "approve", APPROVERS, "not the first reviewer"),
    Change(State.RECOMMENDED, State.REFUSED, "refuse", APPROVERS, "not the first reviewer; reasons"),
    Change(State.FORWARDED, State.APPROVED, "hear_approved", SYSTEM, "the home bureau's decision"),
    Change(State.FORWARDED, State.REFUSED, "hear_refused", SYSTEM, "the home bureau's decision"),
    Change(State.FORWARDED, State.RETURNED, "hear_returned", SYSTEM, "the home bureau's checks"),
    Change(State.FORWARDED, State.WITHDRAWN, "hear_withdrawn", SYSTEM, "the home bureau's supervisor"),
    *(Change(state, State.RETURNED, "conflict", SYSTEM, "a conflict at approval") for state in sorted(OPEN)),
    *(
        Change(state, State.WITHDRAWN, "withdraw", SUPERVISORS, "a reason; the provider's request")
        for state in sorted(OPEN)
    ),
)

PAIRS = frozenset((change.before, change.after) for change in CHANGES)


def allowed(before: str, after: str) -> bool:
    """Whether an application in state `before` may go to `after`."""
    return (before, after) in PAIRS
