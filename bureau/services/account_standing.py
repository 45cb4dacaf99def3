"""Whether a provider may call at all: suspend, resume, unlock, leave."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from beian.models import Node, User
from beian.services.refusals import MovedOn
from bureau.services.accounts import lock_present, tell
from interface.models import ProviderAccount


def suspend(bureau: Node, isp_id: int, actor: User, reason: str) -> ProviderAccount:
    """Refuse the provider's calls (12) until it is resumed. What waits for it goes on waiting."""
    with transaction.atomic():
        account = lock_present(bureau, isp_id)
        if account.suspended:
            raise MovedOn("该账号已处于暂停状态。")
        account.suspended, account.suspended_reason = True, reason
        account.save(update_fields=["suspended", "suspended_reason"])
        tell(account, "suspend", actor, reason)
    return account


def resume(bureau: Node, isp_id: int, actor: User, reason: str) -> ProviderAccount:
    """Admit a suspended provider again."""
    with transaction.atomic():
        account = lock_present(bureau, isp_id)
        if not account.suspended:
            raise MovedOn("该账号未被暂停。")
        account.suspended, account.suspended_reason = False, ""
        account.save(update_fields=["suspended", "suspended_reason"])
        tell(account, "resume", actor, reason)
    return account


def unlock(bureau: Node, isp_id: int, actor: User, reason: str) -> ProviderAccount:
    """End a lock that wrong passwords caused, and count tries anew."""
    with transaction.atomic():
        account = lock_present(bureau, isp_id)
        if not account.is_locked and not account.failed_tries:
            raise MovedOn("该账号未被锁定。")
        account.failed_tries, account.locked_until = 0, None
        account.save(update_fields=["failed_tries", "locked_until"])
        tell(account, "unlock", actor, reason)
    return account


def leave(bureau: Node, isp_id: int, actor: User, reason: str) -> ProviderAccount:
    """Close the account for good (退出): it can neither call nor be changed any more.

    Filings and their accesses stay as they are; what waits in the mailbox is kept. The provider is no
    longer offered to sponsors, and what it uploaded that nobody took up yet comes back (1054).
    """
    with transaction.atomic():
        account = lock_present(bureau, isp_id)
        account.left_at = timezone.now()
        account.save(update_fields=["left_at"])
        account.provider.open = False
        account.provider.save(update_fields=["open"])
        tell(account, "leave", actor, reason)
    return account
