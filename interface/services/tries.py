"""Wrong interface passwords: counted per account, and the lock that follows."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from beian import events
from interface.models import ProviderAccount
from interface.services.accounts import lock


def count(account: ProviderAccount) -> int:
    """Count a wrong password and lock the account where that was one too many.

    Gives how many there were in a row. Only calls from registered addresses get this far.
    """
    with transaction.atomic():
        locked = lock(account)
        locked.failed_tries += 1
        counted = locked.failed_tries
        if 0 < settings.ENV.lock_tries <= counted:
            _lock(locked)
        locked.save(update_fields=["failed_tries", "locked_until"])
    return counted


def forget(account: ProviderAccount) -> None:
    """Start counting anew: the right password was given."""
    if account.failed_tries:
        ProviderAccount.objects.filter(pk=account.pk).update(failed_tries=0)


def _lock(account: ProviderAccount) -> None:
    account.failed_tries = 0
    account.locked_until = timezone.now() + datetime.timedelta(minutes=settings.ENV.lock_minutes)
    events.record(
        "account",
        account.pk,
        "locked",
        node=account.bureau,
        reason=f"接口密码连续错误{settings.ENV.lock_tries}次，锁定{settings.ENV.lock_minutes}分钟",
    )
