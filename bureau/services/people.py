"""The bureau's own people: accounts, roles, temporary passwords."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import transaction

from beian.models import Node, Role, User
from beian.services.refusals import Invalid
from beian.services.staff import Staff, open_account, tell, temporary_password

BUREAU_ROLES = (
    Role.REVIEWER,
    Role.APPROVER,
    Role.SUPERVISOR,
    Role.INSPECTOR,
    Role.PROVIDER_MANAGER,
    Role.ADMINISTRATOR,
)

STAFF = Staff(roles=BUREAU_ROLES, here="本局")


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
        tell(user, bureau, "create", actor, data={"roles": STAFF.give(user, bureau, roles)})
    return user, password


def change(
    bureau: Node, user_id: int, actor: User, name: str, telephone: str, roles: Iterable[Role], reason: str
) -> User:
    """Change a person's name, telephone and roles at the bureau. Raises `Invalid`, and what `Staff.rewrite` does."""
    wanted = set(roles)
    if not wanted:
        raise Invalid({"roles": ["至少选择一个角色；不再在本局工作的人员请停用账号。"]})
    with transaction.atomic():
        user = STAFF.lock(bureau, user_id)
        before = STAFF.roles_of(user, bureau)
        after = STAFF.rewrite(user, bureau, name, telephone, wanted)
        tell(user, bureau, "change", actor, reason, {"roles_before": before, "roles": after})
    return user
