"""The provider's own people: accounts, roles, teams, temporary passwords."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from beian.models import Membership, Node, Role, User
from beian.services.refusals import Invalid
from beian.services.staff import Staff, open_account, tell, temporary_password
from enterprise.models import TeamMember
from enterprise.workflow import OFFICE, Team

OFFICE_ROLES = (Role.CLERK, Role.VERIFIER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AGENT)
"""The roles an administrator gives, agents' people too; sponsors register by themselves."""

STAFF = Staff(roles=OFFICE_ROLES, here="本单位")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is said of a person: name, telephone, roles, and the teams whose queues are shown."""

    name: str
    telephone: str = ""
    roles: frozenset[Role]
    teams: frozenset[Team] = frozenset()


def office_people(provider: Node) -> QuerySet[User]:
    """Give who works on cases and may sign in, by name."""
    held = Membership.objects.filter(node=provider, role__in=sorted(OFFICE))
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")


def teams_of(user: User, provider: Node) -> frozenset[Team]:
    """Give a person's teams at a provider; none where he is in none."""
    found = TeamMember.objects.filter(user=user, provider=provider).values_list("team", flat=True)
    return frozenset(Team(team) for team in found)


def create(provider: Node, actor: User, username: str, profile: Profile) -> tuple[User, str]:
    """Open an account; gives it with its temporary password, shown once.

    Raises `Invalid` where the user name is taken, at whatever node, or no role was chosen.
    """
    _check(profile)
    password = temporary_password()
    hashed = make_password(password)
    with transaction.atomic():
        user = open_account(username, profile.name, profile.telephone, hashed)
        STAFF.give(user, provider, profile.roles)
        _set_teams(user, provider, profile.teams)
        tell(user, provider, "create", actor, data=_said(user, provider))
    return user, password


def change(provider: Node, user_id: int, actor: User, profile: Profile, reason: str) -> User:
    """Change a person's name, telephone, roles and teams. Raises `Invalid`, and what `Staff.rewrite` does."""
    _check(profile)
    with transaction.atomic():
        user = STAFF.lock(provider, user_id)
        before = _said(user, provider)
        STAFF.rewrite(user, provider, profile.name, profile.telephone, profile.roles)
        _set_teams(user, provider, profile.teams)
        after = _said(user, provider)
        tell(user, provider, "change", actor, reason, {**after, "roles_before": before["roles"]})
    return user


def _check(profile: Profile) -> None:
    if not profile.roles:
        raise Invalid({"roles": ["至少选择一个角色；不再工作的人员请停用账号。"]})
    if Role.AGENT in profile.roles and profile.roles != {Role.AGENT}:
        raise Invalid({"roles": ["“下属代理商”不能与本单位的角色同时选择：代理商只能看到自己的主办者。"]})


def _set_teams(user: User, provider: Node, teams: frozenset[Team]) -> None:
    TeamMember.objects.filter(user=user, provider=provider).exclude(team__in=teams).delete()
    rows = [TeamMember(user=user, provider=provider, team=team) for team in sorted(teams)]
    TeamMember.objects.bulk_create(rows, ignore_conflicts=True)


def _said(user: User, provider: Node) -> dict[str, list[str]]:
    return {
        "roles": [str(role) for role in STAFF.roles_of(user, provider)],
        "teams": sorted(str(team) for team in teams_of(user, provider)),
    }
