"""Handing out work: cases to people of the office, and the same act for many cases, each on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from beian.models import Node, Role, User
from beian.services.refusals import Invalid, MovedOn, NotAllowed, ServiceError
from beian.services.staff import roles_at
from enterprise.models import Case
from enterprise.services import cases
from enterprise.services.guard import lock, tell, update
from enterprise.workflow import CLERKS, ENDED, OFFICE, Team


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one case: `done`, and in words what happened or why it did not."""

    case_id: int
    done: bool
    message: str


def assign(provider: Node, case_id: int, person: User | None, actor: User, team: Team | None = None) -> Case:
    """Give a case to a person of the office, or to nobody, and to the queues of `team`; None leaves the team.

    Clerks give to whom they like; others take for themselves what is nobody's. Raises `NotAllowed`,
    `Invalid` for somebody who does not work on cases here, `MovedOn` once the case is ended.
    """
    roles = roles_at(actor, provider)
    with transaction.atomic():
        case = lock(provider, case_id)
        if not roles & CLERKS and not _takes_what_is_free(case, person, actor, roles):
            raise NotAllowed("只能领取没有经办人的申请；改派请由备案专员或主管操作。")
        if person is not None and not roles_at(person, provider) & OFFICE:
            raise Invalid({"person": ["此人不是本单位办理备案的人员。"]})
        if case.state in ENDED:
            raise MovedOn(f"这件申请已是“{case.get_state_display()}”。")
        _hand_over(case, person, team or Team(case.team), actor)
        return case


def _hand_over(case: Case, person: User | None, team: Team, actor: User) -> None:
    """Change what changes, and say it: to whom where the person is another, to which team where that is."""
    said: dict[str, Any] = {}
    if case.assigned_to_id != (person.pk if person else None):
        said |= {"to": person.pk if person else None, "to_name": str(person or "无")}
    if case.team != team:
        said |= {"team": team.value}
    if said:
        update(case, assigned_to=person, team=team)
        tell(case, "assign", actor, data=said)


def _takes_what_is_free(case: Case, person: User | None, actor: User, roles: frozenset[Role]) -> bool:
    return bool(roles & OFFICE) and person == actor and case.assigned_to_id in (None, actor.pk)


def assign_many(
    provider: Node, case_ids: Iterable[int], person: User | None, actor: User, team: Team | None = None
) -> list[Report]:
    """Give several cases to a person, each on its own, and to a team where one is named."""
    done = assigned(person, team)
    return _each(case_ids, lambda pk: (assign(provider, pk, person, actor, team), done)[1])


def assigned(person: User | None, team: Team | None = None) -> str:
    """Say in words to whom cases were given."""
    to = f"已分配给{person}" if person else "现无经办人"
    return f"{to}，归{team.label}" if team else to


def pass_many(provider: Node, case_ids: Iterable[int], actor: User) -> list[Report]:
    """Pass several cases, each on its own."""
    return _each(case_ids, lambda pk: f"已通过，{cases.pass_check(provider, pk, actor).get_state_display()}")


def queue_many(provider: Node, case_ids: Iterable[int], actor: User) -> list[Report]:
    """Queue several cases for upload, each on its own."""

    def queue(pk: int) -> str:
        cases.queue(provider, pk, actor)
        return "已加入上报队列"

    return _each(case_ids, queue)


def _each(case_ids: Iterable[int], act: Callable[[int], str]) -> list[Report]:
    """Do it one by one, in the order of their ids: what one is refused for does not stop the others."""
    reports: dict[int, Report] = {}
    wanted = list(case_ids)
    for pk in sorted(wanted):
        try:
            reports[pk] = Report(pk, True, act(pk))
        except ServiceError as error:
            reports[pk] = Report(pk, False, error.message)
    return [reports[pk] for pk in wanted]
