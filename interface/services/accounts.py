"""Accounts as the other services need them."""

from __future__ import annotations

from beian.question import Question
from interface.models import ProviderAccount

_LOCKED = Question(ProviderAccount, "WHERE id = %s FOR NO KEY UPDATE")


def lock(account: ProviderAccount) -> ProviderAccount:
    """Lock an account's row until the end of the transaction, and read it anew.

    Whatever changes an account's sequence, mailbox or tries goes through here, so that two calls of
    one provider follow each other. Rows that only refer to the account may still be written.
    """
    [locked] = _LOCKED.ask(account.pk)
    locked.bureau = account.bureau
    return locked
