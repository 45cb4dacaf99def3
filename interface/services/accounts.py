"""Accounts as the other services need them."""

from __future__ import annotations

from interface.models import ProviderAccount


def lock(account: ProviderAccount) -> ProviderAccount:
    """Lock an account's row until the end of the transaction, and read it anew.

    Whatever changes an account's sequence, mailbox or tries goes through here, so that two calls of
    one provider follow each other. Rows that only refer to the account may still be written.
    """
    locked = ProviderAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    locked.bureau = account.bureau
    return locked
