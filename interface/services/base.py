"""What a provider has of a filing: the version that it last acknowledged, the base of its changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min, Q
from django.utils import timezone

from beian import copying
from beian.models import Node
from beian.records import FilingRecord, from_json
from interface.models import HandedFiling, Parcel, ProviderAccount, Upload, UploadState


def acknowledged_filing(account: ProviderAccount, sponsor: int, *, at: datetime | None = None) -> FilingRecord | None:
    """Give a filing as the provider last acknowledged it, by its sponsor's number; `None` if it never did."""
    return acknowledged_filings(account, [sponsor], at=at).get(sponsor)


def acknowledged_filings(
    account: ProviderAccount, sponsors: Iterable[int], *, at: datetime | None = None
) -> dict[int, FilingRecord]:
    """Give filings as the provider last acknowledged them, by sponsor's number; one query.

    `at` is when an upload was received: what was acknowledged later was not known to whoever wrote it.
    """
    rows = HandedFiling.objects.filter(account=account, sponsor__in=set(sponsors), acknowledged_at__isnull=False)
    if at is None:
        rows = rows.filter(superseded_at=None)
    else:
        rows = rows.filter(Q(superseded_at=None) | Q(superseded_at__gt=at), acknowledged_at__lte=at)
    found = rows.values_list("sponsor", "filing")
    return {sponsor: from_json(filing, FilingRecord) for sponsor, filing in found}


def note_handed(parcel: Parcel, filings: Iterable[FilingRecord]) -> None:
    """Keep the filings of a parcel as they stand in it. Call in the transaction that builds it."""
    by_sponsor = {filing.sponsor.number: filing for filing in filings}
    copying.insert(
        HandedFiling(account_id=parcel.account_id, parcel=parcel, sponsor=number, filing=filing)
        for number, filing in by_sponsor.items()
        if number is not None
    )


def note_acknowledged(parcel: Parcel) -> None:
    """Make what a parcel brought the base of later changes. Call in the transaction that notes the acknowledgement.

    What it replaces is kept as long as uploads wait that were written before.
    """
    handed = HandedFiling.objects.filter(parcel=parcel, acknowledged_at=None)
    of_account = HandedFiling.objects.filter(account_id=parcel.account_id)
    replaced = of_account.filter(
        sponsor__in=handed.values("sponsor"), acknowledged_at__isnull=False, superseded_at=None
    )
    now = timezone.now()
    waiting = Upload.objects.filter(account_id=parcel.account_id, state=UploadState.RECEIVED)
    oldest = waiting.aggregate(oldest=Min("received_at"))["oldest"]
    if oldest is None:
        replaced.delete()
    else:
        replaced.update(superseded_at=now)
    handed.update(acknowledged_at=now)
    of_account.filter(superseded_at__lte=oldest or now).delete()


def forget(bureau: Node, sponsor: int) -> None:
    """Drop what providers of `bureau` have of a sponsor that is no longer on file: nobody can change it any more."""
    HandedFiling.objects.filter(account__bureau=bureau, sponsor=sponsor).delete()
