"""What a provider may see of itself at its bureau: its account, and whatever hangs on that account alone.

Every page of a provider begins with one of these querysets; none of them can give another's rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from beian.models import Membership, Node, NodeKind, Role, User
from bureau.models import Application
from bureau.models.application import ApplicationQuerySet
from bureau.services.answering import about
from interface.models import CallLog, Outcome, ParcelKind, ProviderAccount, Upload

Case = tuple[str, UUID]
"""What ties an answer to the record that it answers: what it is about, and the upload that it came by."""

WAITING = Q(parcel=None, left_out="")
FETCHED = Q(parcel__times_fetched__gt=0, parcel__acknowledged_at=None)
CONFIRMED = Q(parcel__acknowledged_at__isnull=False)


def account_for(user: User, bureau: Node) -> ProviderAccount | None:
    """Find the account at `bureau` of the provider that a person reads for."""
    mine = Membership.objects.filter(
        user=user, role=Role.PROVIDER_READER, node__kind=NodeKind.PROVIDER, node__province=bureau.province
    )
    accounts = ProviderAccount.objects.filter(bureau=bureau, provider__in=mine.values("node"))
    return accounts.select_related("bureau", "provider").order_by("isp_id").first()


def records_of(account: ProviderAccount) -> ApplicationQuerySet:
    """Give the records that a provider uploaded here, those sent on to another province among them."""
    return Application.objects.at(account.bureau).filter(received_by=account.bureau, isp_id=account.isp_id)


def uploads_of(account: ProviderAccount) -> QuerySet[Upload]:
    """Give the provider's accepted uploads."""
    return Upload.objects.filter(account=account)


def calls_of(account: ProviderAccount) -> QuerySet[CallLog]:
    """Give the calls that named the provider, whoever made them."""
    return CallLog.objects.filter(account=account)


def pieces_of(account: ProviderAccount) -> QuerySet[Outcome]:
    """Give what was ever put into the provider's mailbox, without the contents."""
    return Outcome.objects.filter(account=account).select_related("parcel").defer("body", "parcel__content")


def answered(account: ProviderAccount, standing: Q) -> Exists:
    """Match records with a result in the mailbox that stands as said: `WAITING`, `FETCHED`, `CONFIRMED`."""
    topic = Concat(Value("case:"), Cast(OuterRef("kind"), CharField()), Value(":"), OuterRef("subject"))
    results = Outcome.objects.filter(account=account, kind=ParcelKind.RESULTS)
    return Exists(results.filter(standing, about=topic, correlation=OuterRef("correlation")))


def answers_to(account: ProviderAccount, applications: Iterable[Application]) -> Mapping[Case, Outcome]:
    """Find the results that were queued about some records. One query."""
    topics = {about(application) for application in applications}
    found = pieces_of(account).filter(kind=ParcelKind.RESULTS, about__in=topics).order_by("id")
    return {(outcome.about, outcome.correlation): outcome for outcome in found}


def subjects_of(account: ProviderAccount, pieces: Iterable[Outcome]) -> Mapping[Case, Application]:
    """Find the records that some pieces of the mailbox are about. One query."""
    topics = [topic.split(":", 2) for topic in {piece.about for piece in pieces} if topic.count(":") >= 2]
    subjects = {subject for word, _, subject in topics if word == "case"}
    found = records_of(account).filter(subject__in=subjects).light().order_by("id")
    return {(about(application), application.correlation): application for application in found}
