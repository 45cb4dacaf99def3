"""Accounts as the other services need them."""

from __future__ import annotations

from interface.models import ProviderAccount

# As `select_for_update(no_key=True)` writes it. Django takes longer to write that than PostgreSQL to answer it,
# and every upload comes through here.
_LOCKED = "SELECT * FROM interface_provideraccount WHERE id = %s FOR NO KEY UPDATE"


def lock(account: ProviderAccount) -> ProviderAccount:
    """Lock an account's row until the end of the transaction, and read it anew.

    Whatever changes an account's sequence, mailbox or tries goes through here, so that two calls of
    one provider follow each other. Rows that only refer to the account may still be written.
    """
    [locked] = ProviderAccount.objects.raw(_LOCKED, [account.pk])
    locked.bureau = account.bureau
    return locked
