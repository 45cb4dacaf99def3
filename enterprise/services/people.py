"""The provider's own people: accounts, roles, teams, temporary passwords.

A person's account may also have roles elsewhere (an agent may work for several providers): what an office
does here concerns its own roles, and the account itself only where all its roles are here.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from beian import events
from beian.models import Membership, Node, Role, User
from enterprise.models import TeamMember
from enterprise.services.guard import Invalid, MovedOn, NotAllowed
from enterprise.workflow import OFFICE, Team

SUBJECT = "user"
LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
PASSWORD_LENGTH = 14
OFFICE_ROLES = (Role.CLERK, Role.VERIFIER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AGENT)
"""The roles an administrator gives; sponsors register by themselves."""


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


def people_of(provider: Node) -> QuerySet[User]:
    """Give everybody with a role at the office, agents' people too, those who may sign in first."""
    held = Membership.objects.filter(node=provider, role__in=OFFICE_ROLES)
    return User.objects.filter(pk__in=held.values("user")).order_by("-is_active", "username")


def find(provider: Node, user_id: int) -> User:
    """Give one of the office's people. Raises `User.DoesNotExist` for a stranger."""
    return people_of(provider).get(pk=user_id)


def roles_of(user: User, provider: Node) -> list[Role]:
    """Give a person's roles at the office, in the order in which they are offered."""
    held = set(Membership.objects.filter(user=user, node=provider).values_list("role", flat=True))
    return [role for role in OFFICE_ROLES if role in held]


def teams_of(user: User, provider: Node) -> frozenset[Team]:
    """Give a person's teams at a provider; none where he is in none."""
    found = TeamMember.objects.filter(user=user, provider=provider).values_list("team", flat=True)
    return frozenset(Team(team) for team in found)


def create(provider: Node, actor: User, username: str, profile: Profile) -> tuple[User, str]:
    """Open an account; gives it with its temporary password, shown once.

    Raises `Invalid` where the user name is taken, at whatever node, or no role was chosen.
    """
    _check(profile)
    password = _temporary_password()
    hashed = make_password(password)
    with transaction.atomic():
        user = _open(username, profile, hashed)
        _set(user, provider, profile)
        _tell(user, provider, "create", actor, data=_said(user, provider))
    return user, password


def change(provider: Node, user_id: int, actor: User, profile: Profile, reason: str) -> User:
    """Change a person's name, telephone, roles and teams.

    Raises `NotAllowed` where the office would be left without an administrator who may sign in, and for name and
    telephone of a person who has roles elsewhere, too.
    """
    _check(profile)
    with transaction.atomic():
        user = _lock(provider, user_id)
        before = _said(user, provider)
        if (user.name, user.telephone) != (profile.name, profile.telephone):
            _refuse_shared(user, provider)
        if Role.ADMINISTRATOR not in profile.roles:
            _keep_an_administrator(provider, user)
        user.name, user.telephone = profile.name, profile.telephone
        user.save(update_fields=["name", "telephone"])
        _set(user, provider, profile)
        after = _said(user, provider)
        _tell(user, provider, "change", actor, reason, {**after, "roles_before": before["roles"]})
    return user


def deactivate(provider: Node, user_id: int, actor: User, reason: str) -> User:
    """Bar a person from signing in; sessions that are open end with the next click."""
    with transaction.atomic():
        user = _lock_own(provider, user_id)
        if user.pk == actor.pk:
            raise NotAllowed("不能停用自己的账号，请由另一位系统管理员操作。")
        if not user.is_active:
            raise MovedOn("该账号已停用。")
        _keep_an_administrator(provider, user)
        user.is_active = False
        user.save(update_fields=["is_active"])
        _tell(user, provider, "deactivate", actor, reason)
    return user


def activate(provider: Node, user_id: int, actor: User, reason: str) -> User:
    """Let a person sign in again."""
    with transaction.atomic():
        user = _lock_own(provider, user_id)
        if user.is_active:
            raise MovedOn("该账号未停用。")
        user.is_active = True
        user.save(update_fields=["is_active"])
        _tell(user, provider, "activate", actor, reason)
    return user


def reset_password(provider: Node, user_id: int, actor: User, reason: str) -> tuple[User, str]:
    """Give a person a new temporary password; open sessions end, because they hang on the old one."""
    password = _temporary_password()
    hashed = make_password(password)
    with transaction.atomic():
        user = _lock_own(provider, user_id)
        user.password = hashed
        user.save(update_fields=["password"])
        _tell(user, provider, "reset_password", actor, reason)
    return user, password


def _check(profile: Profile) -> None:
    if not profile.roles:
        raise Invalid({"roles": ["至少选择一个角色；不再工作的人员请停用账号。"]})
    if Role.AGENT in profile.roles and profile.roles != {Role.AGENT}:
        raise Invalid({"roles": ["“下属代理商”不能与本单位的角色同时选择：代理商只能看到自己的主办者。"]})


def _open(username: str, profile: Profile, hashed: str) -> User:
    user = User(username=username, name=profile.name, telephone=profile.telephone, password=hashed)
    try:
        with transaction.atomic():
            if User.objects.filter(username__iexact=username).exists():
                raise IntegrityError("taken but for upper and lower case")
            user.save(force_insert=True)
    except IntegrityError:
        raise Invalid({"username": [f"用户名“{username}”已有人使用，请换一个。"]}) from None
    return user


def _lock(provider: Node, user_id: int) -> User:
    """Lock the provider's people with the person, so that two cannot take the last role off each other."""
    Node.objects.select_for_update(no_key=True).get(pk=provider.pk)
    find(provider, user_id)
    return User.objects.select_for_update().get(pk=user_id)


def _lock_own(provider: Node, user_id: int) -> User:
    user = _lock(provider, user_id)
    _refuse_shared(user, provider)
    return user


def _refuse_shared(user: User, provider: Node) -> None:
    """Refuse to change an account that others rely on as well."""
    if user.memberships.exclude(node=provider).exists():
        raise NotAllowed("该人员在其他单位也有角色，本单位只能调整其在本单位的角色。")


def _keep_an_administrator(provider: Node, leaving: User) -> None:
    others = Membership.objects.filter(node=provider, role=Role.ADMINISTRATOR, user__is_active=True)
    if Role.ADMINISTRATOR in roles_of(leaving, provider) and not others.exclude(user=leaving).exists():
        raise NotAllowed("这是本单位唯一可登录的系统管理员，请先为他人设置该角色。")


def _set(user: User, provider: Node, profile: Profile) -> None:
    """Give the roles and teams of the profile, and no others; a role as a sponsor is not the office's to give."""
    roles = [role for role in OFFICE_ROLES if role in profile.roles]
    given = Membership.objects.filter(user=user, node=provider, role__in=OFFICE_ROLES)
    given.exclude(role__in=roles).delete()
    Membership.objects.bulk_create(
        [Membership(user=user, node=provider, role=role) for role in roles], ignore_conflicts=True
    )
    TeamMember.objects.filter(user=user, provider=provider).exclude(team__in=profile.teams).delete()
    TeamMember.objects.bulk_create(
        [TeamMember(user=user, provider=provider, team=team) for team in sorted(profile.teams)], ignore_conflicts=True
    )


def _said(user: User, provider: Node) -> dict[str, list[str]]:
    return {
        "roles": [str(role) for role in roles_of(user, provider)],
        "teams": sorted(str(team) for team in teams_of(user, provider)),
    }


def _temporary_password() -> str:
    """Make a password to hand to a person, who replaces it."""
    return "".join(secrets.choice(LETTERS) for _ in range(PASSWORD_LENGTH))


def _tell(
    user: User, provider: Node, verb: str, actor: User, reason: str = "", data: dict[str, Any] | None = None
) -> None:
    events.record(SUBJECT, user.pk, verb, node=provider, actor=actor, reason=reason, data=data)
