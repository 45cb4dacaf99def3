"""The states of a provider's case and the ways between them, as data.

A test walks every pair; a trigger in the database refuses what this table does not hold. A state says
what is known here, never what may be happening at the bureau: between `acknowledged` and a result the
interface tells nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from beian.checks.operations import Operation
from beian.models import Role


class State(models.TextChoices):
    """Where a case stands."""

    DRAFT = "draft", "填写中"
    SUBMITTED = "submitted", "待初审"
    SENT_BACK = "sent_back", "待主办者修改"
    CHECKED = "checked", "待核验"
    VERIFIED = "verified", "待上报"
    QUEUED = "queued", "上报排队中"
    HELD = "held", "上报受阻"
    UPLOADED = "uploaded", "已发出，待应答"
    ACKNOWLEDGED = "acknowledged", "管局已接收"
    RETURNED = "returned", "管局自动退回"
    REFUSED = "refused", "管局审核未通过"
    FILED = "filed", "已办结"
    ABANDONED = "abandoned", "已放弃"


class Kind(models.IntegerChoices):
    """What a case asks for; the numbers are those of `Operation`."""

    NEW_FILING = Operation.NEW_FILING, "新增备案"
    NEW_WEBSITE = Operation.NEW_WEBSITE, "新增网站"
    NEW_ACCESS = Operation.NEW_ACCESS, "新增接入"
    CHANGE = Operation.CHANGE, "变更备案"
    CANCEL_ACCESS = Operation.CANCEL_ACCESS, "取消接入"
    CANCEL_SPONSOR = Operation.CANCEL_SPONSOR, "注销主体"
    CANCEL_WEBSITE = Operation.CANCEL_WEBSITE, "注销网站"
    MATERIAL = Operation.MATERIAL, "补报核验材料"
    CHECK_RESULT = Operation.CHECK_RESULT, "核实结果"
    UNFILED_HANDLING = Operation.UNFILED_HANDLING, "未备案处理结果"


class Team(models.TextChoices):
    """Which of the two teams of the office a case belongs to."""

    NEW = "new", "新增备案组"
    LEGACY = "legacy", "存量数据组"


class Origin(models.TextChoices):
    """Where a case came from."""

    PORTAL = "portal", "主办者自助"
    OFFICE = "office", "备案专员录入"
    IMPORT = "import", "表格导入"
    API = "api", "业务系统接口"


@dataclass(frozen=True, slots=True)
class Change:
    """One way from a state to another: the verb, who may take it (nobody listed: the system, or the sponsor)."""

    before: State
    after: State
    verb: str
    roles: frozenset[Role] = frozenset()
    needs: str = ""


SPONSORS = frozenset({Role.SPONSOR})
CLERKS = frozenset({Role.CLERK, Role.SUPERVISOR})
APPLICANTS = SPONSORS | CLERKS | {Role.AGENT}
VERIFIERS = frozenset({Role.VERIFIER, Role.SUPERVISOR})
OFFICE = CLERKS | VERIFIERS
STAFF = OFFICE | {Role.ADMINISTRATOR}
SYSTEM: frozenset[Role] = frozenset()

INITIAL = frozenset({State.DRAFT, State.SUBMITTED, State.CHECKED, State.VERIFIED, State.QUEUED})
EDITABLE = frozenset({State.DRAFT, State.SENT_BACK})
AT_OFFICE = frozenset({State.SUBMITTED, State.CHECKED, State.VERIFIED, State.HELD})
ON_THE_WAY = frozenset({State.QUEUED, State.UPLOADED})
OUTSTANDING = frozenset({State.UPLOADED, State.ACKNOWLEDGED})
"""Something may come back for these under their subject; no two of one kind share a subject."""
ANSWERED = frozenset({State.RETURNED, State.REFUSED})
ENDED = frozenset({State.FILED, State.ABANDONED})

CHANGES: tuple[Change, ...] = (
    Change(State.DRAFT, State.SUBMITTED, "submit", APPLICANTS, "no finding of form"),
    Change(State.SENT_BACK, State.SUBMITTED, "submit", APPLICANTS, "no finding of form"),
    Change(State.SUBMITTED, State.SENT_BACK, "send_back", CLERKS, "what is to be corrected"),
    Change(State.CHECKED, State.SENT_BACK, "send_back", OFFICE, "what is to be corrected"),
    Change(State.VERIFIED, State.SENT_BACK, "send_back", OFFICE, "what is to be corrected"),
    Change(State.HELD, State.SENT_BACK, "send_back", CLERKS, "what is to be corrected"),
    Change(State.RETURNED, State.SENT_BACK, "send_back", CLERKS, "what is to be corrected"),
    Change(State.REFUSED, State.SENT_BACK, "send_back", CLERKS, "what is to be corrected"),
    Change(State.SUBMITTED, State.CHECKED, "pass_check", CLERKS, "a verification in person is required"),
    Change(State.SUBMITTED, State.VERIFIED, "pass_check", CLERKS, "no verification in person is required"),
    Change(State.CHECKED, State.VERIFIED, "verify", VERIFIERS, "a closed verification that passed"),
    Change(State.VERIFIED, State.QUEUED, "queue", CLERKS, "fits the schema"),
    Change(State.HELD, State.QUEUED, "queue", CLERKS, "fits the schema"),
    Change(State.RETURNED, State.QUEUED, "queue", CLERKS, "fits the schema; nothing to correct"),
    Change(State.REFUSED, State.QUEUED, "queue", CLERKS, "fits the schema; nothing to correct"),
    Change(State.QUEUED, State.VERIFIED, "unqueue", CLERKS, "not on its way yet"),
    Change(State.QUEUED, State.HELD, "hold", SYSTEM, "cannot be written"),
    Change(State.QUEUED, State.UPLOADED, "upload", SYSTEM, "stands in a document with a number"),
    Change(State.UPLOADED, State.ACKNOWLEDGED, "acknowledge", SYSTEM, "the bureau answered 0"),
    Change(State.UPLOADED, State.QUEUED, "requeue", SYSTEM, "its document was not accepted and goes another way"),
    Change(State.UPLOADED, State.HELD, "hold", SYSTEM, "the bureau refused its document"),
    Change(State.ACKNOWLEDGED, State.HELD, "hold", SYSTEM, "the bureau returned its document as a whole"),
    Change(State.ACKNOWLEDGED, State.RETURNED, "hear_returned", SYSTEM, "codes other than 1001"),
    Change(State.ACKNOWLEDGED, State.REFUSED, "hear_refused", SYSTEM, "1002"),
    Change(State.ACKNOWLEDGED, State.FILED, "hear_filed", SYSTEM, "1001"),
    *(
        Change(state, State.ABANDONED, "abandon", APPLICANTS, "a reason")
        for state in (
            State.DRAFT, State.SENT_BACK, State.SUBMITTED, State.CHECKED, State.VERIFIED, State.HELD,
            State.RETURNED, State.REFUSED,
        )
    ),
)  # fmt: skip

PAIRS = frozenset((change.before, change.after) for change in CHANGES)


def allowed(before: str, after: str) -> bool:
    """Whether a case in state `before` may go to `after`."""
    return (before, after) in PAIRS
