"""Everything a reviewer does with an application, under one name."""

from beian.services.refusals import Invalid, MovedOn, NotAllowed
from beian.services.staff import roles_at
from bureau.services.claims import CLAIM_LASTS, claim, release, release_expired, renew, take_over
from bureau.services.decide import (
    OPINION_LIMIT,
    RowReport,
    active_reasons,
    approve,
    compose_opinion,
    decide_many,
    recommend,
    refuse,
    send_back,
    withdraw,
)
from bureau.services.guard import ClaimedByOther

__all__ = [
    "CLAIM_LASTS",
    "OPINION_LIMIT",
    "ClaimedByOther",
    "Invalid",
    "MovedOn",
    "NotAllowed",
    "RowReport",
    "active_reasons",
    "approve",
    "claim",
    "compose_opinion",
    "decide_many",
    "recommend",
    "refuse",
    "release",
    "release_expired",
    "renew",
    "roles_at",
    "send_back",
    "take_over",
    "withdraw",
]
