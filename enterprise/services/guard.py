"""Lock and guard, change, event: the steps of every service about a case.

Locking rule: the connection first, then cases in the order of their ids, then documents. Services about
cases take one case; the gateway takes the connection's row before anything of its documents.
"""

from __future__ import annotations

from typing import Any

from beian import events
from beian.models import Node, User
from beian.services.refusals import MovedOn, NotAllowed
from beian.services.staff import roles_at
from enterprise.models import Case
from enterprise.services.forgetting import forgotten
from enterprise.workflow import CHANGES, ENDED, Change


def lock(provider: Node, case_id: int) -> Case:
    """Lock a case of `provider` for the rest of the transaction. Raises `MovedOn` where there is none."""
    case = (
        Case.objects.at(provider)
        .select_for_update(of=("self",))
        .select_related("provider", "sponsor_account__user", "agent", "assigned_to", "document")
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        raise MovedOn("这件申请不存在。")
    return case


def check_version(case: Case, version: int | None) -> None:
    """Refuse where the page was made before the last change. None skips the check."""
    if version is not None and case.version != version:
        raise MovedOn(f"这件申请在您打开页面之后已有变化，现为“{case.get_state_display()}”。请核对现在的内容再处理。")


def find_change(case: Case, verb: str, user: User | None, *, after: str = "") -> Change:
    """Find the way that `verb` takes from the present state; refuse where there is none or it is not theirs.

    `after` chooses where a verb leads to more than one state.
    """
    ways = [way for way in CHANGES if way.before == case.state and way.verb == verb and after in ("", way.after)]
    if not ways:
        raise MovedOn(f"这件申请现在是“{case.get_state_display()}”，不能再这样处理。")
    if user is not None and not roles_at(user, case.provider) & ways[0].roles:
        raise NotAllowed("您的角色不能进行这项操作。")
    return ways[0]


def move(
    case: Case,
    verb: str,
    user: User | None = None,
    *,
    after: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> Case:
    """Take a locked case one way of the workflow, set `changes` beside its state, and write the event.

    Raises `MovedOn`, `NotAllowed`. `data` must hold no personal data.
    """
    way = find_change(case, verb, user, after=after)
    case.state = way.after
    update(case, **(forgotten(case) if way.after in ENDED else {}), **changes)
    tell(case, verb, user, reason=reason, data={"before": way.before, "after": way.after, **(data or {})})
    return case


def update(case: Case, **changes: Any) -> None:
    """Save `changes` and the state of a locked case, as a new version."""
    for name, value in changes.items():
        setattr(case, name, value)
    case.version += 1
    case.save(update_fields=["state", "version", "changed_at", *changes])


def tell(
    case: Case, verb: str, actor: User | None = None, *, reason: str = "", data: dict[str, Any] | None = None
) -> None:
    """Append an event about a case under its correlation id."""
    events.record(
        "case",
        case.pk,
        verb,
        node=case.provider,
        actor=actor,
        reason=reason,
        data=data,
        correlation=case.correlation,
    )
