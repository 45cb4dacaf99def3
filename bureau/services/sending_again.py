"""The bureau's order to send everything again (同步下发): all filings of a provider, or all code tables.

What waits in the mailbox stays there and follows. An order that still waits as a whole is not repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from beian.models import Node, User
from beian.services.refusals import MovedOn
from bureau.services.accounts import lock_present, tell
from interface.models import Outcome, ProviderAccount
from interface.services import mailbox


@dataclass(frozen=True, slots=True)
class Everything:
    """What can be sent again as a whole: how it is queued, and the verb of the event."""

    queue: Callable[[ProviderAccount], Outcome]
    verb: str


WHOLE = {
    "filings": Everything(mailbox.queue_synchronisation, "synchronise"),
    "codes": Everything(mailbox.queue_codes, "send_codes"),
}


def send_again(bureau: Node, isp_id: int, actor: User, what: str, reason: str) -> Outcome:
    """Queue `what` (a key of `WHOLE`) as a whole. Raises `MovedOn` where that waits already, or the provider left."""
    everything = WHOLE[what]
    with transaction.atomic():
        account = lock_present(bureau, isp_id)
        latest = Outcome.objects.filter(account=account).order_by("-id").values_list("pk", flat=True).first() or 0
        outcome = everything.queue(account)
        if outcome.pk <= latest:
            raise MovedOn("同样的内容已在排队，接入商还没有开始下载，无需再次下发。")
        tell(account, everything.verb, actor, reason)
    return outcome
