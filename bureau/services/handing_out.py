"""What a bureau tells providers unasked, on its way into their mailboxes; and what is taken back in time.

Each function runs in its caller's transaction and gives the piece that waits, by which its delivery is
followed. `about` names the object, so that what was said of it first is read first.
"""

from __future__ import annotations

from beian.records import FilingRecord, notices
from bureau.models import UnfiledWebsite
from interface.models import Outcome, ProviderAccount
from interface.services import mailbox
from interface.services.rendering import NOTICE_KINDS


def hand_out(account: ProviderAccount, notice: notices.Notice, about: str) -> Outcome:
    """Queue a notice for a provider."""
    return mailbox.queue_notice(account, NOTICE_KINDS[type(notice)], notice, about=about)


def hand_out_check_task(account: ProviderAccount, filing: FilingRecord, instruction: str) -> Outcome:
    """Queue a check task about `filing`, as the provider may see it."""
    task = notices.CheckTask(filing=notices.checkable(filing), instruction=instruction)
    return hand_out(account, task, f"sponsor:{filing.sponsor.number}")


def hand_out_unfiled_website(website: UnfiledWebsite) -> Outcome:
    """Queue an item of the list of unfiled websites for its provider, under the number of its row."""
    notice = notices.UnfiledWebsite(
        number=website.pk,
        domain=website.domain,
        address=website.address,
        carrier=website.carrier,
        provider=website.account.isp_id,
        province=website.province,
        last_checked=f"{website.detected:%Y-%m-%d} 00:00:00",
        remark=f"请于{website.due:%Y-%m-%d}前处理并反馈结果。",
    )
    return hand_out(website.account, notice, f"unfiled:{website.pk}")


def take_back(outcome: Outcome | None, why: str) -> bool:
    """Take a piece out of the mailbox, unless it was gathered for the provider already; says whether it was in time."""
    if outcome is None:
        return False
    waiting = Outcome.objects.select_for_update().filter(pk=outcome.pk, parcel=None, left_out="")
    return bool(waiting.update(left_out=why))
