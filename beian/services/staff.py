"""The people of a node: accounts, roles, temporary passwords, as its administrator keeps them.

A person's account may also have roles elsewhere (a province may lend people, an agent may work for several
providers): what a node does here concerns its own roles, and the account itself only where all its roles
are at this node.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from beian import events
from beian.models import Membership, Node, Role, User
from beian.secret_words import secret_word
from beian.services.refusals import Invalid, MovedOn, NotAllowed

SUBJECT = "user"
"""The subject kind of events."""

_PASSWORD_LENGTH = 14


def roles_at(user: User, node: Node) -> frozenset[Role]:
    """Give the roles of a person at a node; none to whoever may not sign in."""
    found = Membership.objects.filter(user=user, node=node, user__is_active=True).values_list("role", flat=True)
    return frozenset(Role(role) for role in found)


def temporary_password() -> str:
    """Make a password to hand to a person, who replaces it."""
    return secret_word(_PASSWORD_LENGTH)


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


def tell(user: User, node: Node, verb: str, actor: User, reason: str = "", data: dict[str, Any] | None = None) -> None:
    """Append an event about a person's account."""
    events.record(SUBJECT, user.pk, verb, node=node, actor=actor, reason=reason, data=data)


@dataclass(frozen=True, slots=True)
class Staff:
    """How nodes of one kind keep their people.

    `roles` are those that their administrators give, in the order in which they are offered; `here` is what
    such a node calls itself in a sentence (本局).
    """

    roles: tuple[Role, ...]
    here: str

    def people_of(self, node: Node) -> QuerySet[User]:
        """Give everybody who holds one of the roles, those who may sign in first."""
        held = Membership.objects.filter(node=node, role__in=self.roles)
        return User.objects.filter(pk__in=held.values("user")).order_by("-is_active", "username")

    def find(self, node: Node, user_id: int) -> User:
        """Give one of the node's people. Raises `User.DoesNotExist` for a stranger."""
        return self.people_of(node).get(pk=user_id)

    def roles_of(self, user: User, node: Node) -> list[Role]:
        """Give a person's roles at the node, in the order in which they are offered."""
        held = set(Membership.objects.filter(user=user, node=node).values_list("role", flat=True))
        return [role for role in self.roles if role in held]

    def lock(self, node: Node, user_id: int) -> User:
        """Lock the node's people with the person, so that two cannot take the last role off each other."""
        Node.objects.select_for_update(no_key=True).get(pk=node.pk)
        self.find(node, user_id)
        return User.objects.select_for_update().get(pk=user_id)

    def give(self, user: User, node: Node, roles: Iterable[Role]) -> list[str]:
        """Give a person these of the roles and no others; one that is not offered here is left alone."""
        wanted = [role for role in self.roles if role in set(roles)]
        held = Membership.objects.filter(user=user, node=node, role__in=self.roles)
        held.exclude(role__in=wanted).delete()
        rows = [Membership(user=user, node=node, role=role) for role in wanted]
        Membership.objects.bulk_create(rows, ignore_conflicts=True)
        return [str(role) for role in wanted]

    def rewrite(self, user: User, node: Node, name: str, telephone: str, roles: Iterable[Role]) -> list[str]:
        """Change a locked person's name, telephone and roles; gives the roles.

        Raises `NotAllowed` where the node would be left without an administrator who may sign in, and for name
        and telephone of a person who has roles elsewhere, too.
        """
        if (user.name, user.telephone) != (name, telephone):
            self.refuse_shared(user, node)
        wanted = set(roles)
        if Role.ADMINISTRATOR not in wanted:
            self.keep_an_administrator(node, user)
        user.name, user.telephone = name, telephone
        user.save(update_fields=["name", "telephone"])
        return self.give(user, node, wanted)

    def deactivate(self, node: Node, user_id: int, actor: User, reason: str) -> User:
        """Bar a person from signing in; sessions that are open end with the next click."""
        with transaction.atomic():
            user = self._lock_own(node, user_id)
            if user.pk == actor.pk:
                raise NotAllowed("不能停用自己的账号，请由另一位系统管理员操作。")
            if not user.is_active:
                raise MovedOn("该账号已停用。")
            self.keep_an_administrator(node, user)
            user.is_active = False
            user.save(update_fields=["is_active"])
            tell(user, node, "deactivate", actor, reason)
        return user

    def activate(self, node: Node, user_id: int, actor: User, reason: str) -> User:
        """Let a person sign in again."""
        with transaction.atomic():
            user = self._lock_own(node, user_id)
            if user.is_active:
                raise MovedOn("该账号未停用。")
            user.is_active = True
            user.save(update_fields=["is_active"])
            tell(user, node, "activate", actor, reason)
        return user

    def reset_password(self, node: Node, user_id: int, actor: User, reason: str) -> tuple[User, str]:
        """Give a person a new temporary password; open sessions end, because they hang on the old one."""
        password = temporary_password()
        hashed = make_password(password)
        with transaction.atomic():
            user = self._lock_own(node, user_id)
            user.password = hashed
            user.save(update_fields=["password"])
            tell(user, node, "reset_password", actor, reason)
        return user, password

    def refuse_shared(self, user: User, node: Node) -> None:
        """Refuse to change an account that others rely on as well. Raises `NotAllowed`."""
        if user.memberships.exclude(node=node).exists():
            raise NotAllowed(f"该人员在其他单位也有角色，{self.here}只能调整其在{self.here}的角色。")

    def keep_an_administrator(self, node: Node, leaving: User) -> None:
        """Refuse to lose the last administrator who may sign in. Raises `NotAllowed`."""
        others = Membership.objects.filter(node=node, role=Role.ADMINISTRATOR, user__is_active=True)
        if Role.ADMINISTRATOR in self.roles_of(leaving, node) and not others.exclude(user=leaving).exists():
            raise NotAllowed(f"这是{self.here}唯一可登录的系统管理员，请先为他人设置该角色。")

    def _lock_own(self, node: Node, user_id: int) -> User:
        user = self.lock(node, user_id)
        self.refuse_shared(user, node)
        return user
