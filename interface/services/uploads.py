"""Accepting an upload: its place in the sequence, its bytes, then the worker that takes it up."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.conf import settings
from django.db import connection, transaction

from beian import events, prepared
from beian.batch import Batch
from beian.models import Event
from interface import codec
from interface.codes import Code, Refused
from interface.models import ProviderAccount, Upload, UploadPiece
from interface.services import waking
from interface.services.calls import CallNote

PIECE = 1024 * 1024
PIECES_READ_AT_ONCE = 8
# So many missing numbers are named; a caller that far astray has other troubles than the rest of them.
MISSING_NAMED = 1000

# Two statements in one round trip: the second sees what was committed while the first waited.
_LOCK = "SELECT 1 FROM interface_provideraccount WHERE id = %s FOR NO KEY UPDATE"
_STANDING = """
SELECT
    last_sequence,
    (SELECT count(*) FROM interface_upload WHERE account_id = account.id AND state = 'received'),
    nextval(pg_get_serial_sequence('interface_upload', 'id'))
FROM interface_provideraccount account WHERE id = %s
"""
_COUNT_ON = "UPDATE interface_provideraccount SET last_sequence = %s WHERE id = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A payload that was decoded without fault, on its way into the database."""

    sequence: int
    zipped: BinaryIO
    hash: str
    entry: codec.Entry
    algorithms: codec.Algorithms


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account has sent: the number last accepted, how many uploads wait; and the key of the next."""

    last_sequence: int
    waiting: int
    next_key: int


def accept(account: ProviderAccount, arrival: Arrival, note: CallNote | None = None) -> tuple[Upload, bool]:
    """Store an upload under its number and wake a worker once that is committed.

    Gives the upload, and whether it is new: the number last accepted, sent again with the same hash,
    is a retry after a lost answer and changes nothing. A new one and the call that brought it (`note`)
    are stored together or not at all. Raises `Refused` 14 or 15.
    """
    with transaction.atomic():
        standing = _lock(account)
        if before := _retried(account, standing, arrival):
            return before, False
        _check_sequence(standing, arrival.sequence)
        _check_backlog(standing)
        upload = _store(account, arrival, standing.next_key, note)
        transaction.on_commit(lambda: wake_worker(account.pk))
    if note:
        note.stands()
    return upload, True


def wake_worker(account_id: int) -> None:
    """Ask for the waiting uploads of an account to be processed. Without a broker they wait for the sweeper."""
    waking.ask(account_id)


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


def _lock(account: ProviderAccount) -> Standing:
    """Let calls of one provider follow each other, as `accounts.lock` does, and see how it stands."""
    with connection.cursor() as cursor:
        executions = [prepared.execution(cursor, statement) for statement in (_LOCK, _STANDING)]
        cursor.execute("; ".join(executions), [account.pk, account.pk])
        return Standing(*cursor.fetchone())


def _retried(account: ProviderAccount, standing: Standing, arrival: Arrival) -> Upload | None:
    if arrival.sequence != standing.last_sequence or not standing.last_sequence:
        return None
    return account.uploads.filter(sequence=arrival.sequence, hash=arrival.hash).first()


def _check_sequence(standing: Standing, sequence: int) -> None:
    expected = standing.last_sequence + 1
    if sequence == expected:
        return
    if sequence == standing.last_sequence > 0:
        why = f"{sequence}已经受理过另一份文件，下一个序号应为{expected}"
    else:
        why = f"上报序号为{sequence}，下一个序号应为{expected}"
    last_missing = min(max(sequence - 1, expected), expected + MISSING_NAMED - 1)
    raise Refused(Code.OUT_OF_SEQUENCE, why, missing=tuple(range(expected, last_missing + 1)))


def _check_backlog(standing: Standing) -> None:
    if standing.waiting >= settings.ENV.upload_backlog:
        raise Refused(Code.BACKLOG, f"有{standing.waiting}份上报等待处理，最多{settings.ENV.upload_backlog}份")


def _store(account: ProviderAccount, arrival: Arrival, key: int, note: CallNote | None) -> Upload:
    upload = Upload(
        pk=key,
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
    batch = Batch()
    batch.insert(upload)
    batch.insert(_received(account, upload))
    batch.add(_COUNT_ON, [arrival.sequence, account.pk])
    if note:
        note.write_with(batch)
    arrival.zipped.seek(0)
    for ordinal, piece in enumerate(_pieces(arrival.zipped)):
        batch.insert(UploadPiece(upload=upload, ordinal=ordinal, content=piece))
        # One at a time: each stands in memory plain and sealed.
        batch.send()
    batch.send()
    return upload


def _received(account: ProviderAccount, upload: Upload) -> Event:
    data = {"sequence": upload.sequence, "hash": upload.hash, "size": upload.size}
    return events.make("upload", upload.pk, "received", node=account.bureau, data=data, correlation=upload.correlation)


def _correlation() -> dict[str, object]:
    current = events.current_correlation.get()
    return {"correlation": current} if current else {}


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
