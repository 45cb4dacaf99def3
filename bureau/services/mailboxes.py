"""Providers' mailboxes as the bureau sees them: what waits, what was fetched, hand out again."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from beian.models import Node, User
from beian.services.refusals import MovedOn
from bureau.services.accounts import find
from interface.models import Outcome, Parcel, ParcelKind, ProviderAccount
from interface.services import mailbox

LATE = datetime.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many pieces of one kind wait, and since when."""

    kind: ParcelKind
    count: int
    since: datetime.datetime


def overview(bureau: Node) -> QuerySet[ProviderAccount]:
    """Give the bureau's accounts with `waiting` (pieces), `since`, and the outstanding parcel's columns."""
    queued = Outcome.objects.filter(account=OuterRef("pk"), parcel=None, left_out="").order_by()
    outstanding = Parcel.objects.filter(account=OuterRef("pk"), acknowledged_at=None)
    last = Parcel.objects.filter(account=OuterRef("pk"), acknowledged_at__isnull=False).order_by("-acknowledged_at")
    per_account = queued.values("account")
    return (
        ProviderAccount.objects.filter(bureau=bureau)
        .select_related("provider")
        .annotate(
            waiting=Coalesce(Subquery(per_account.annotate(n=Count("pk")).values("n")), 0),
            since=Subquery(per_account.annotate(first=Min("queued_at")).values("first")),
            outstanding_since=Subquery(outstanding.values("built_at")[:1]),
            outstanding_pieces=Subquery(outstanding.values("pieces")[:1]),
            outstanding_fetched=Subquery(outstanding.values("times_fetched")[:1]),
            last_acknowledged=Subquery(last.values("acknowledged_at")[:1]),
        )
    )


def waiting(account: ProviderAccount) -> list[Waiting]:
    """Give what waits for a provider, by kind."""
    rows = (
        Outcome.objects.filter(account=account, parcel=None, left_out="")
        .order_by("kind")
        .values("kind")
        .annotate(count=Count("pk"), since=Min("queued_at"))
    )
    return [Waiting(ParcelKind(row["kind"]), row["count"], row["since"]) for row in rows]


def outstanding(account: ProviderAccount) -> Parcel | None:
    """Give the parcel that was gathered and is not acknowledged, if there is one."""
    return Parcel.objects.defer("content").filter(account=account, acknowledged_at=None).first()


def acknowledged(account: ProviderAccount) -> QuerySet[Parcel]:
    """Give the parcels that the provider acknowledged."""
    return Parcel.objects.defer("content").filter(account=account, acknowledged_at__isnull=False)


def is_late(since: datetime.datetime | None) -> bool:
    """Tell whether something has waited so long that somebody should ask the provider."""
    return since is not None and timezone.now() - since > LATE


def hand_out_again(bureau: Node, isp_id: int, actor: User, parcel_id: int, reason: str) -> int:
    """Put the pieces of an acknowledged parcel back into the mailbox (重新下发); gives how many.

    Filing data is rendered afresh when it is gathered. Raises `MovedOn` where the parcel was not
    acknowledged (it is handed out anyway) or its pieces wait again already.
    """
    with transaction.atomic():
        account = find(bureau, isp_id)
        parcel = acknowledged(account).filter(pk=parcel_id).first()
        if parcel is None:
            raise MovedOn("该文件尚未确认，接入商下次下载时仍会取到它，无需重新下发。")
        pieces = mailbox.hand_out_again(parcel, actor, reason)
        if not pieces:
            raise MovedOn("该文件的内容已重新排队，正等待接入商下载。")
    return pieces
