"""Judging the records of a document: each becomes an application or comes back with its codes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from django.utils import timezone

from beian import events, reservations
from beian.calendar import deadline
from beian.checks import Facts, Finding, check
from beian.checks.facts import load_facts
from beian.checks.keys import domain_key
from beian.models import ProviderId, Reservation
from beian.records import ContentRecord, FilingRecord, as_json
from beian.records.people import address_index, certificate_index, telephone_indexes
from bureau.models import Application
from bureau.services import refusal
from bureau.services.defects import DocumentReturned
from bureau.workflow import Kind, State
from interface.documents.parsing import DocumentDefect
from interface.documents.upload import UploadDocument, read_upload
from interface.models import Upload


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records a document held, and how many of them came back at once."""

    records: int
    returned: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A record with the application made of it and what was found."""

    filing: FilingRecord
    application: Application
    findings: list[Finding]


def read(document: IO[bytes], put: Callable[[bytes], ContentRecord]) -> UploadDocument:
    """Read an upload document. Raises `DocumentReturned` with the line and what was expected."""
    try:
        return read_upload(cast("BinaryIO", document), put)
    except DocumentDefect as defect:
        raise DocumentReturned(defect.code, f"第{defect.line}行：{defect.message}", defect.detail) from defect


def judge_new_filings(upload: Upload, filings: Sequence[FilingRecord]) -> Tally:
    """Judge new filings in their order; runs in the caller's transaction.

    All defects of a record are found at once. A record that was accepted is a fact for those behind
    it in the same document.
    """
    account = upload.account
    facts = load_facts(account.bureau, isp_id=account.isp_id, filings=filings)
    now = timezone.now()
    judged = [_judge_one(upload, filing, ordinal, facts, now) for ordinal, filing in enumerate(filings, start=1)]
    Application.objects.bulk_create([each.application for each in judged])
    _reserve(judged)
    _tell(upload, judged)
    return Tally(records=len(judged), returned=sum(1 for each in judged if each.findings))


def _judge_one(upload: Upload, filing: FilingRecord, ordinal: int, facts: Facts, now: datetime.datetime) -> Judged:
    findings = check(filing, facts)
    application = _application(upload, filing, ordinal, now)
    if findings:
        application.state, application.decided_at = State.RETURNED, now
        application.findings = refusal.as_json(findings)
    else:
        facts.accept(filing, claim_name(application))
    return Judged(filing, application, findings)


def claim_name(application: Application) -> str:
    """Name a pending application for those who conflict with it; no personal data."""
    return f"{application.provider_name}正在申请的备案（{timezone.localtime(application.received_at):%Y-%m-%d}受理）"


def _application(upload: Upload, filing: FilingRecord, ordinal: int, now: datetime.datetime) -> Application:
    account, sponsor = upload.account, filing.sponsor
    people = [sponsor.person, *(website.person for website in filing.websites)]
    domains = [domain for website in filing.websites for domain in website.domains]
    return Application(
        holder=account.bureau,
        received_by=account.bureau,
        kind=Kind.NEW_FILING,
        state=State.PENDING,
        isp_id=account.isp_id,
        provider_name=account.provider.name,
        upload=upload,
        sequence=upload.sequence,
        ordinal=ordinal,
        subject=str(sponsor.provider_id),
        record=as_json(filing),
        sponsor_name=sponsor.name,
        nature=sponsor.nature,
        certificate_type=sponsor.certificate.type,
        certificate_index=certificate_index(sponsor.certificate.number),
        address_index=address_index(sponsor.address.province, sponsor.address.city, sponsor.address.detail),
        telephones=telephone_indexes(*(text for person in people for text in (person.mobile, person.telephone))),
        domains=[domain_key(domain.name) for domain in domains],
        first_domain=domains[0].name if domains else "",
        province=sponsor.address.province,
        city=sponsor.address.city,
        websites=len(filing.websites),
        received_at=upload.received_at,
        deadline=deadline(upload.received_at),
        correlation=upload.correlation,
    )


def _reserve(judged: Sequence[Judged]) -> None:
    """Take what the accepted records claim, in a fixed order."""
    accepted = [each for each in judged if not each.findings]
    taken: list[Reservation] = []
    ids: list[ProviderId] = []
    for each in accepted:
        application = each.application
        taken += reservations.take(application.holder, application.pk, each.filing, claim_name(application))
        ids += reservations.take_ids(application.holder, application.pk, each.filing, application.isp_id)
    Reservation.objects.bulk_create(sorted(taken, key=lambda row: (row.kind, row.key)))
    ProviderId.objects.bulk_create(sorted(ids, key=lambda row: (row.kind, row.provider_id)))


def _tell(upload: Upload, judged: Sequence[Judged]) -> None:
    """Write an event for each record, and the answer for each that comes back."""
    for each in judged:
        if each.findings:
            refusal.tell_returned(upload.account, each.application, each.findings)
    events.record_many(
        "application",
        [
            (each.application.pk, "return" if each.findings else "receive", {"codes": [f.code for f in each.findings]})
            for each in judged
        ],
        node=upload.account.bureau,
        correlation=upload.correlation,
    )
