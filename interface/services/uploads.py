"""Accepting an upload: its place in the sequence, its bytes, then the worker that takes it up."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

import structlog
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from beian import events
from beian.celery import app as celery
from interface import codec
from interface.codes import Code, Refused
from interface.models import ProviderAccount, Upload, UploadPiece, UploadState
from interface.services.accounts import lock

PIECE = 1024 * 1024
PIECES_READ_AT_ONCE = 8
# So many missing numbers are named; a caller that far astray has other troubles than the rest of them.
MISSING_NAMED = 1000
# The bureau's task, by name: this floor knows nothing of the one above.
PROCESS_UPLOAD = "bureau.tasks.process_upload"

log = structlog.get_logger("interface.uploads")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A payload that was decoded without fault, on its way into the database."""

    sequence: int
    zipped: BinaryIO
    hash: str
    entry: codec.Entry
    algorithms: codec.Algorithms


def accept(account: ProviderAccount, arrival: Arrival) -> tuple[Upload, bool]:
    """Store an upload under its number and wake a worker once that is committed.

    Gives the upload, and whether it is new: the number last accepted, sent again with the same hash,
    is a retry after a lost answer and changes nothing. Raises `Refused` 14 or 15.
    """
    with transaction.atomic():
        locked = lock(account)
        if before := _retried(locked, arrival):
            return before, False
        _check_sequence(locked, arrival.sequence)
        _check_backlog(locked)
        upload = _store(locked, arrival)
        locked.last_sequence = arrival.sequence
        locked.save(update_fields=["last_sequence"])
        _tell(locked, upload)
        transaction.on_commit(lambda: wake_worker(account.pk))
    return upload, True


def wake_worker(account_id: int) -> None:
    """Ask for the waiting uploads of an account to be processed. Without a broker they wait for the sweeper."""
    try:
        celery.send_task(PROCESS_UPLOAD, args=[account_id], retry=False)
    except (OperationalError, OSError) as error:
        log.warning("no broker, the sweeper will take the uploads up", account=account_id, error=type(error).__name__)


def open_zip(upload: Upload) -> BinaryIO:
    """Give the zip of a stored upload as a temporary file at its start."""
    file = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=PIECE))  # noqa: SIM115
    for piece in upload.pieces.order_by("ordinal").iterator(chunk_size=PIECES_READ_AT_ONCE):
        file.write(piece.content)
    file.seek(0)
    return file


def open_document(upload: Upload) -> BinaryIO:
    """Give the document of a stored upload as a temporary file at its start."""
    with open_zip(upload) as zipped:
        return codec.document(zipped)


def latest(account: ProviderAccount) -> Upload | None:
    """Give the upload last accepted, where it is still kept."""
    return account.uploads.filter(sequence=account.last_sequence).first()


def _retried(account: ProviderAccount, arrival: Arrival) -> Upload | None:
    if arrival.sequence != account.last_sequence or not account.last_sequence:
        return None
    before = latest(account)
    return before if before and before.hash == arrival.hash else None


def _check_sequence(account: ProviderAccount, sequence: int) -> None:
    expected = account.last_sequence + 1
    if sequence == expected:
        return
    if sequence == account.last_sequence > 0:
        why = f"{sequence}已经受理过另一份文件，下一个序号应为{expected}"
    else:
        why = f"上报序号为{sequence}，下一个序号应为{expected}"
    last_missing = min(max(sequence - 1, expected), expected + MISSING_NAMED - 1)
    raise Refused(Code.OUT_OF_SEQUENCE, why, missing=tuple(range(expected, last_missing + 1)))


def _check_backlog(account: ProviderAccount) -> None:
    waiting = account.uploads.filter(state=UploadState.RECEIVED).count()
    if waiting >= settings.ENV.upload_backlog:
        raise Refused(Code.BACKLOG, f"有{waiting}份上报等待处理，最多{settings.ENV.upload_backlog}份")


def _store(account: ProviderAccount, arrival: Arrival) -> Upload:
    upload = Upload.objects.create(
        account=account,
        sequence=arrival.sequence,
        hash=arrival.hash,
        file_name=arrival.entry.name,
        size=arrival.zipped.seek(0, 2),
        document_size=arrival.entry.size,
        encrypt_algorithm=arrival.algorithms.encryption,
        hash_algorithm=arrival.algorithms.hash,
        compression_format=arrival.algorithms.compression,
        **_correlation(),
    )
    arrival.zipped.seek(0)
    # One at a time: each stands in memory plain and sealed.
    for ordinal, piece in enumerate(_pieces(arrival.zipped)):
        UploadPiece.objects.create(upload=upload, ordinal=ordinal, content=piece)
    return upload


def _tell(account: ProviderAccount, upload: Upload) -> None:
    data = {"sequence": upload.sequence, "hash": upload.hash, "size": upload.size}
    events.record("upload", upload.pk, "received", node=account.bureau, data=data, correlation=upload.correlation)


def _correlation() -> dict[str, object]:
    current = events.current_correlation.get()
    return {"correlation": current} if current else {}


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
