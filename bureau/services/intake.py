"""Intake: an acknowledged upload becomes applications and answers, exactly once.

A document is read outside any transaction (its attachments go into the store, where the same bytes
again change nothing), and the filing passwords in it are compared, which is slow on purpose. Judging
and writing happen in one transaction that holds the upload's row, so a worker that dies leaves the
upload as it was, and a second worker that comes along finds it done.
One bureau's documents are judged one after another (an advisory lock), so that what one accepts is
a fact for the next.
"""

from __future__ import annotations

import datetime
import gc
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from beian import events, store
from bureau.services import judging
from bureau.services.defects import DocumentReturned, refuse_document, tell_document_returned
from bureau.services.sections import compare_passwords, judge_document
from bureau.services.taking import Passwords
from bureau.services.turn import wait_for_turn
from interface.documents.upload import UploadDocument
from interface.models import Upload, UploadState
from interface.services import uploads

log = structlog.get_logger(__name__)

LEASE = datetime.timedelta(seconds=30)
LONGEST_PAUSE = datetime.timedelta(minutes=10)
TRIES = 20  # a worker that is killed counts as a try, and an innocent document must survive that
SETTLED = datetime.timedelta(seconds=30)  # younger ones still have their task in the queue


def drain(account_id: int) -> int:
    """Process an account's waiting uploads in their order; gives how many were done here.

    Stops at one that somebody else works on: whoever does goes on with those behind it.
    """
    done = 0
    while (upload := _next(account_id)) is not None and _begin(upload):
        process(upload)
        done += 1
    return done


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Let Python look for no cycles: what a document becomes lives until its end, and would be walked again and again.

    It takes a sixth of the time of a thousand records. A document is bounded, and so is what is left for later.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_collector_at_rest()
def process(upload: Upload) -> None:
    """Read, judge and answer one upload. What goes wrong is written down and tried again later.

    That the database went away says nothing about the upload: it waits no longer than its lease.
    """
    try:
        outcome = _read(upload)
        passwords = {} if isinstance(outcome, DocumentReturned) else compare_passwords(upload.account, outcome)
        with transaction.atomic():
            if _still_waiting(upload):
                _judge(upload, outcome, passwords)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        _put_off(upload, error)
        raise


def waiting_accounts() -> list[int]:
    """Give the accounts with an upload that nobody works on, for the sweeper."""
    settled = Upload.objects.filter(received_at__lt=timezone.now() - SETTLED)
    return list(_takeable(settled).order_by().values_list("account_id", flat=True).distinct())


def _next(account_id: int) -> Upload | None:
    waiting = Upload.objects.filter(account_id=account_id, state=UploadState.RECEIVED)
    return waiting.select_related("account__bureau", "account__provider").order_by("sequence").first()


def _takeable(queryset: QuerySet[Upload]) -> QuerySet[Upload]:
    now = timezone.now()
    return queryset.filter(Q(not_before=None) | Q(not_before__lte=now), state=UploadState.RECEIVED)


def _begin(upload: Upload) -> bool:
    """Take the upload for a while; says whether nobody else had it."""
    taken = _takeable(Upload.objects.filter(pk=upload.pk)).update(
        tries=F("tries") + 1, not_before=timezone.now() + LEASE
    )
    if taken:
        upload.refresh_from_db(fields=["tries", "not_before"])
    return bool(taken)


def _still_waiting(upload: Upload) -> bool:
    """Lock the upload's row; says whether it still waits to be processed."""
    locked = Upload.objects.select_for_update().filter(pk=upload.pk, state=UploadState.RECEIVED)
    return locked.first() is not None


def _read(upload: Upload) -> UploadDocument | DocumentReturned:
    """Read the document; a whole-document defect is an answer, not an error."""
    if upload.tries > TRIES:
        return DocumentReturned(5999, "多次处理均未成功，已交由管局技术人员查看。", upload.problem)
    try:
        with store.batch() as files, uploads.open_document(upload) as document:
            read = judging.read(document, files.put)
        refuse_document(upload.account, read)
        return read
    except DocumentReturned as returned:
        return returned


def _judge(upload: Upload, outcome: UploadDocument | DocumentReturned, passwords: Passwords) -> None:
    """Write all that follows from the document; runs in the caller's transaction."""
    if isinstance(outcome, DocumentReturned):
        tell_document_returned(upload, outcome)
        _finish(upload, UploadState.RETURNED, records=0, returned=0)
        return
    wait_for_turn(upload.account.bureau)
    tally = judge_document(upload, outcome, passwords)
    _finish(upload, UploadState.PROCESSED, records=tally.records, returned=tally.returned)


def _finish(upload: Upload, state: UploadState, *, records: int, returned: int) -> None:
    upload.state, upload.processed_at = state, timezone.now()
    upload.records, upload.returned, upload.problem = records, returned, ""
    upload.save(update_fields=["state", "processed_at", "records", "returned", "problem"])
    events.record(
        "upload",
        upload.pk,
        "processed" if state == UploadState.PROCESSED else "returned",
        node=upload.account.bureau,
        data={"sequence": upload.sequence, "records": records, "returned": returned},
        correlation=upload.correlation,
    )


def _put_off(upload: Upload, error: Exception) -> None:
    """Write down why a try failed, and wait longer each time."""
    pause = min(LEASE * 2 ** min(upload.tries, 10), LONGEST_PAUSE)
    Upload.objects.filter(pk=upload.pk, state=UploadState.RECEIVED).update(
        problem=f"{type(error).__name__}"[:200], not_before=timezone.now() + pause
    )
    log.error("upload_failed", upload=upload.pk, tries=upload.tries, error=type(error).__name__)
