"""The bureau's own people: accounts, roles, temporary passwords.

A person's account may also have roles elsewhere (a province may lend people): what a bureau does
here concerns its own roles, and the account itself only where all its roles are at this bureau.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from beian import events
from beian.models import Membership, Node, Role, User
from bureau.services.guard import Invalid, MovedOn, NotAllowed

SUBJECT = "user"
LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
PASSWORD_LENGTH = 14
BUREAU_ROLES = (
    Role.REVIEWER,
    Role.APPROVER,
    Role.SUPERVISOR,
    Role.INSPECTOR,
    Role.PROVIDER_MANAGER,
    Role.ADMINISTRATOR,
)


def people_of(bureau: Node) -> QuerySet[User]:
    """Give everybody with a role at the bureau, those who may sign in first."""
    return User.objects.filter(memberships__node=bureau).distinct().order_by("-is_active", "username")


def roles_of(user: User, bureau: Node) -> list[Role]:
    """Give a person's roles at the bureau, in the order of their declaration."""
    held = set(Membership.objects.filter(user=user, node=bureau).values_list("role", flat=True))
    return [role for role in BUREAU_ROLES if role in held]


def temporary_password() -> str:
    """Make a password to hand to a person, who replaces it."""
    return "".join(secrets.choice(LETTERS) for _ in range(PASSWORD_LENGTH))


def create(
    bureau: Node, actor: User, username: str, name: str, telephone: str, roles: Iterable[Role]
) -> tuple[User, str]:
    """Open an account with roles at the bureau; gives it with its temporary password, shown once.

    Raises `Invalid` where the user name is taken, at whatever node.
    """
    password = temporary_password()
    hashed = make_password(password)
    with transaction.atomic():
        user = open_account(username, name, telephone, hashed)
        given = _set_roles(user, bureau, roles)
        _tell(user, bureau, "create", actor, data={"roles": given})
    return user, password


def open_account(username: str, name: str, telephone: str, hashed: str) -> User:
    """Make an account without roles. Raises `Invalid` where the user name is taken, at whatever node."""
    user = User(username=username, name=name, telephone=telephone, password=hashed)
    try:
        with transaction.atomic():
            if User.objects.filter(username__iexact=username).exists():
                raise IntegrityError("taken but for upper and lower case")
            user.save(force_insert=True)
    except IntegrityError:
        raise Invalid({"username": [f"用户名“{username}”已有人使用，请换一个。"]}) from None
    return user


def change(
    bureau: Node, user_id: int, actor: User, name: str, telephone: str, roles: Iterable[Role], reason: str
) -> User:
    """Change a person's name, telephone and roles at the bureau.

    Raises `NotAllowed` where the bureau would be left without an administrator who may sign in.
    """
    wanted = set(roles)
    if not wanted:
        raise Invalid({"roles": ["至少选择一个角色；不再在本局工作的人员请停用账号。"]})
    with transaction.atomic():
        user = _lock(bureau, user_id)
        before = roles_of(user, bureau)
        if Role.ADMINISTRATOR in before and Role.ADMINISTRATOR not in wanted:
            _keep_an_administrator(bureau, user)
        user.name, user.telephone = name, telephone
        user.save(update_fields=["name", "telephone"])
        after = _set_roles(user, bureau, wanted)
        _tell(user, bureau, "change", actor, reason, {"roles_before": before, "roles": after})
    return user


def deactivate(bureau: Node, user_id: int, actor: User, reason: str) -> User:
    """Bar a person from signing in; sessions that are open end with the next click."""
    with transaction.atomic():
        user = _lock_own(bureau, user_id)
        if user.pk == actor.pk:
            raise NotAllowed("不能停用自己的账号，请由另一位系统管理员操作。")
        if not user.is_active:
            raise MovedOn("该账号已停用。")
        _keep_an_administrator(bureau, user)
        user.is_active = False
        user.save(update_fields=["is_active"])
        _tell(user, bureau, "deactivate", actor, reason)
    return user


def activate(bureau: Node, user_id: int, actor: User, reason: str) -> User:
    """Let a person sign in again."""
    with transaction.atomic():
        user = _lock_own(bureau, user_id)
        if user.is_active:
            raise MovedOn("该账号未停用。")
        user.is_active = True
        user.save(update_fields=["is_active"])
        _tell(user, bureau, "activate", actor, reason)
    return user


def reset_password(bureau: Node, user_id: int, actor: User, reason: str) -> tuple[User, str]:
    """Give a person a new temporary password; open sessions end, because they hang on the old one."""
    password = temporary_password()
    hashed = make_password(password)
    with transaction.atomic():
        user = _lock_own(bureau, user_id)
        user.password = hashed
        user.save(update_fields=["password"])
        _tell(user, bureau, "reset_password", actor, reason)
    return user, password


def find(bureau: Node, user_id: int) -> User:
    """Give one of the bureau's people. Raises `User.DoesNotExist` for a stranger."""
    return people_of(bureau).get(pk=user_id)


def _lock(bureau: Node, user_id: int) -> User:
    """Lock the bureau's administrators with the person, so that two cannot take the last role off each other."""
    Node.objects.select_for_update(no_key=True).get(pk=bureau.pk)
    find(bureau, user_id)
    return User.objects.select_for_update().get(pk=user_id)


def _lock_own(bureau: Node, user_id: int) -> User:
    user = _lock(bureau, user_id)
    if user.memberships.exclude(node=bureau).exists():
        raise NotAllowed("该人员在其他单位也有角色，本局只能调整其在本局的角色。")
    return user


def _keep_an_administrator(bureau: Node, leaving: User) -> None:
    others = Membership.objects.filter(node=bureau, role=Role.ADMINISTRATOR, user__is_active=True)
    if Role.ADMINISTRATOR in roles_of(leaving, bureau) and not others.exclude(user=leaving).exists():
        raise NotAllowed("这是本局唯一可登录的系统管理员，请先为他人设置该角色。")


def _set_roles(user: User, bureau: Node, roles: Iterable[Role]) -> list[str]:
    wanted = [role for role in BUREAU_ROLES if role in set(roles)]
    Membership.objects.filter(user=user, node=bureau).exclude(role__in=wanted).delete()
    Membership.objects.bulk_create(
        [Membership(user=user, node=bureau, role=role) for role in wanted], ignore_conflicts=True
    )
    return [str(role) for role in wanted]


def _tell(
    user: User, bureau: Node, verb: str, actor: User, reason: str = "", data: dict[str, object] | None = None
) -> None:
    events.record(SUBJECT, user.pk, verb, node=bureau, actor=actor, reason=reason, data=data)
