"""Judging the records of a document: each becomes an application or comes back with its codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from django.utils import timezone

from beian import copying, reservations
from beian.calendar import deadline
from beian.checks import ALL_SCOPES, ELSEWHERE_SCOPES, Facts, Finding, check
from beian.checks.facts import load_facts
from beian.models import Node
from beian.records import ContentRecord, FilingRecord, as_json
from bureau.models import Application
from bureau.services import refusal
from bureau.services.after_judging import tell_judged
from bureau.services.applying import claim_name, describe
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
    """A record, the application made of it, what was found, and the bureau it goes to if not this one."""

    request: FilingRecord
    application: Application
    findings: list[Finding]
    home: Node | None


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
    homes = {bureau.province: bureau for bureau in Node.objects.bureaus()}
    judged = [_judge_one(upload, filing, ordinal, facts, homes) for ordinal, filing in enumerate(filings, start=1)]
    _insert([each.application for each in judged])
    _reserve(judged)
    tell_judged(upload, judged)
    return Tally(records=len(judged), returned=sum(1 for each in judged if each.findings))


def _insert(applications: Sequence[Application]) -> None:
    for application, pk in zip(applications, copying.take_ids(Application, len(applications)), strict=True):
        application.pk = pk
    copying.insert(applications)


def _judge_one(upload: Upload, filing: FilingRecord, ordinal: int, facts: Facts, homes: Mapping[int, Node]) -> Judged:
    home = homes.get(filing.sponsor.address.province)
    elsewhere = home is not None and home != upload.account.bureau
    findings = check(filing, facts, scopes=ELSEWHERE_SCOPES if elsewhere else ALL_SCOPES)
    application = _application(upload, filing, ordinal)
    if findings:
        application.state, application.decided_at = State.RETURNED, timezone.now()
        application.findings = refusal.as_json(findings)
    else:
        facts.accept(filing, claim_name(application))
        application.state = State.FORWARDED if elsewhere else State.PENDING
    return Judged(filing, application, findings, home if elsewhere and not findings else None)


def _application(upload: Upload, filing: FilingRecord, ordinal: int) -> Application:
    account = upload.account
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
        subject=str(filing.sponsor.provider_id),
        record=as_json(filing),
        received_at=upload.received_at,
        deadline=deadline(upload.received_at),
        correlation=upload.correlation,
        **describe(filing),
    )


def _reserve(judged: Sequence[Judged]) -> None:
    """Take what the accepted records claim. What another bureau decides is claimed there; only ids here."""
    claims = reservations.Claims()
    for each in judged:
        application = each.application
        if application.state == State.PENDING:
            claims.add(application.holder, application.pk, each.request, claim_name(application))
        if not each.findings:
            claims.add_ids(application.holder, application.pk, each.request, application.isp_id)
    claims.insert()
