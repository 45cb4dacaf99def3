"""A provider's people who read at the bureau: opened and closed by the bureau's provider manager."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from beian import events
from beian.models import Membership, Role, User
from bureau.services.guard import MovedOn
from bureau.services.people import SUBJECT, open_account, temporary_password
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
        _tell(account, user, "create", actor, "")
    return user, password


def close_reader(account: ProviderAccount, user_id: int, actor: User, reason: str) -> User:
    """End a person's reading for a provider. Raises `MovedOn` where it has ended already."""
    with transaction.atomic():
        user = readers_of(account).select_for_update().filter(pk=user_id).first()
        if user is None:
            raise MovedOn("该人员已不是此接入商的查询员。")
        Membership.objects.filter(user=user, node=account.provider, role=Role.PROVIDER_READER).delete()
        if not user.memberships.exists():
            user.is_active = False
            user.save(update_fields=["is_active"])
        _tell(account, user, "deactivate", actor, reason)
    return user


def _tell(account: ProviderAccount, user: User, verb: str, actor: User, reason: str) -> None:
    data = {"provider": account.isp_id, "roles": [str(Role.PROVIDER_READER)]}
    events.record(SUBJECT, user.pk, verb, node=account.bureau, actor=actor, reason=reason, data=data)
