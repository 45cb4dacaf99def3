"""A provider's people who read at the bureau: opened, barred and given passwords by the bureau's provider manager.

Their accounts are opened here and hold this one role. Should one hold another role meanwhile, it is
left alone: whoever gave that role has a say in it.
"""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from beian import events
from beian.models import Membership, Role, User
from beian.services.refusals import MovedOn, NotAllowed
from beian.services.staff import SUBJECT, open_account, temporary_password
from interface.models import ProviderAccount


def readers_of(account: ProviderAccount) -> QuerySet[User]:
    """Give the people who read for a provider, those who may sign in first."""
    reading = Membership.objects.filter(node=account.provider, role=Role.PROVIDER_READER)
    return User.objects.filter(pk__in=reading.values("user")).order_by("-is_active", "username")


def add_reader(account: ProviderAccount, actor: User, username: str, name: str, telephone: str) -> tuple[User, str]:
    """Open an account that reads for a provider; gives it with its temporary password, shown once.

    Raises `Invalid` where the user name is taken.
    """
    password = temporary_password()
    hashed = make_password(password)
    with transaction.atomic():
        user = open_account(username, name, telephone, hashed)
        Membership.objects.create(user=user, node=account.provider, role=Role.PROVIDER_READER)
        _tell(account, user, "create", actor)
    return user, password


def deactivate(account: ProviderAccount, user_id: int, actor: User, reason: str) -> User:
    """Bar a reader from signing in; sessions that are open end with the next click."""
    return _switch(account, user_id, actor, reason, active=False)


def activate(account: ProviderAccount, user_id: int, actor: User, reason: str) -> User:
    """Let a reader sign in again."""
    return _switch(account, user_id, actor, reason, active=True)


def reset_password(account: ProviderAccount, user_id: int, actor: User, reason: str) -> tuple[User, str]:
    """Give a reader a new temporary password; open sessions end, because they hang on the old one."""
    password = temporary_password()
    hashed = make_password(password)
    with transaction.atomic():
        user = _lock(account, user_id)
        user.password = hashed
        user.save(update_fields=["password"])
        _tell(account, user, "reset_password", actor, reason)
    return user, password


def _switch(account: ProviderAccount, user_id: int, actor: User, reason: str, *, active: bool) -> User:
    with transaction.atomic():
        user = _lock(account, user_id)
        if user.is_active == active:
            raise MovedOn("该查询员未停用。" if active else "该查询员已停用。")
        user.is_active = active
        user.save(update_fields=["is_active"])
        _tell(account, user, "activate" if active else "deactivate", actor, reason)
    return user


def _lock(account: ProviderAccount, user_id: int) -> User:
    """Lock a reader of the provider. Raises `MovedOn` for a stranger, `NotAllowed` for one with other roles."""
    user = readers_of(account).select_for_update().filter(pk=user_id).first()
    if user is None:
        raise MovedOn("该人员不是此接入商的查询员。")
    if user.memberships.exclude(node=account.provider, role=Role.PROVIDER_READER).exists():
        raise NotAllowed("该人员还有其他角色，账号不能在这里调整。")
    return user


def _tell(account: ProviderAccount, user: User, verb: str, actor: User, reason: str = "") -> None:
    data = {"provider": account.isp_id, "roles": [str(Role.PROVIDER_READER)]}
    events.record(SUBJECT, user.pk, verb, node=account.bureau, actor=actor, reason=reason, data=data)
