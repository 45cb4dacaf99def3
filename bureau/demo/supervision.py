"""What a demo bureau asks of its provider besides deciding: checks, unfiled websites, a notice.

They wait in the mailbox as any bureau's do, so that a provider's office has tasks from its first fetch on.
A forced closing is not among them: whoever fetches one gets no more results until somebody has cut access.
Nor is anything for the blacklist, which goes to every provider: the others' mailboxes stay empty.
"""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address

from django.utils import timezone

from beian.models import Node, Sponsor, User
from bureau.models import NoticeKind
from bureau.services import check_tasks, notices, unfiled
from bureau.services.notices import Draft
from bureau.services.unfiled import Item
from interface.models import ProviderAccount

CHECKED, UNFILED = 3, 2
"""How many filings are to be checked, how many websites are listed."""

_HOSTED_AT = IPv4Address("198.18.100.20")


def load(account: ProviderAccount, supervisor: User) -> None:
    """Ask it of the provider that the filings of this bureau came from; the oldest of them are concerned."""
    bureau, today = account.bureau, timezone.localdate()
    on_file = list(_oldest(bureau, account.isp_id, CHECKED + 1))
    check_tasks.create(
        bureau,
        supervisor,
        account.isp_id,
        [sponsor.number for sponsor in on_file[:CHECKED]],
        today + timedelta(days=10),
        "请核实主办单位名称、负责人和联系方式是否与备案一致。",
    )
    unfiled.list_items(bureau, supervisor, [_unfiled(account, n) for n in range(UNFILED)])
    notice = Draft(
        filing_number=on_file[CHECKED].filing_number or "",
        text="网站负责人的电话无法接通，请通知主办单位核对并办理变更备案。",
        due=today + timedelta(days=15),
    )
    notices.send(bureau, supervisor, account.isp_id, NoticeKind.CORRECTION, notice)


def _oldest(bureau: Node, isp_id: int, count: int) -> list[Sponsor]:
    rows = Sponsor.objects.held_by(bureau).filter(province=bureau.province, websites__accesses__isp_id=isp_id)
    return list(rows.distinct().order_by("number")[:count])


def _unfiled(account: ProviderAccount, n: int) -> Item:
    today = timezone.localdate()
    return Item(
        domain=f"unfiled-{n + 1}.example",
        address=int(_HOSTED_AT) + n,
        carrier=account.isp_id,
        isp_id=account.isp_id,
        due=today + timedelta(days=5 + n),
        detected=today - timedelta(days=1),
        province=account.bureau.province or 0,
    )
