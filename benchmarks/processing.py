"""Processing 1,000 new filings, from the stored upload to applications in the queue."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import connection, models, transaction

from beian import store
from beian.models import Content, Event, ProviderId, Reservation
from beian.records import AttachmentRecord, ContentRecord, FilingRecord
from benchmarks import calls
from benchmarks.one import Bench
from benchmarks.report import Row
from bureau.models import Application
from bureau.services import intake
from bureau.workflow import State
from interface import codec, schemas
from interface.documents.parsing import parse
from interface.documents.upload import write_upload
from interface.models import Outcome, ProviderAccount
from interface.services import uploads

FILINGS = 1_000
PICTURES, PICTURE = 3, 100 * 1024
IN_ONE_DOCUMENT = 100
"""With pictures: 50 MB is the most a document may have."""
TABLES: tuple[type[models.Model], ...] = (Application, Reservation, ProviderId, Event, Content, Outcome)


def run(bench: Bench) -> tuple[list[Row], list[str]]:
    """Measure without and with attachments."""
    account, filings = calls.accounts(1)[0], calls.new_filings()
    count = bench.sized(FILINGS, 20)
    _process(account, [_document(account, [bare(next(filings)) for _ in range(10)], {})])
    rows = []
    for what, pictures, size in (
        ("without attachments", 0, FILINGS),
        (f"with {PICTURES * PICTURE // 1024} KB each", PICTURES, IN_ONE_DOCUMENT),
    ):
        documents = list(_documents(account, filings, count, size, pictures))
        rows.append(measure(bench, account, f"{count:,} filings {what}", documents, count))
    return rows, [
        "Floor: parse and validate the same documents with lxml, and COPY the very rows that processing made into "
        "tables with the same indexes. Processing moreover opens the sealed upload, checks each record, encrypts it, "
        "and writes each attachment encrypted and flushed to disk."
    ]


def measure(bench: Bench, account: ProviderAccount, what: str, documents: Sequence[bytes], count: int) -> Row:
    """Process documents of `count` faultless records, and do the least that would have to be done beside it."""
    before = {model: _last(model) for model in TABLES}
    seconds = _process(account, documents)
    made = Application.objects.filter(pk__gt=before[Application])
    if made.filter(state=State.PENDING).count() != count:
        findings = made.exclude(findings=[]).values_list("findings", flat=True).first()
        raise RuntimeError(f"not all were accepted: {findings}")
    floor = _floor(documents, before)
    bench.say(f"{what}: {seconds:.2f} s, floor {floor:.2f} s")
    ratio = floor / seconds
    return Row(
        what=what,
        measured=f"{seconds:.2f} s, {count / seconds:.0f}/s",
        floor=f"{floor:.2f} s, {count / floor:.0f}/s",
        ratio=ratio,
        aim="≥ 0.25 of the floor's rate",
        met=ratio >= 0.25,
    )


def _process(account: ProviderAccount, documents: Sequence[bytes]) -> float:
    """Store the documents as the endpoint does, then process them; gives the seconds of the latter."""
    for document in documents:
        _store(account, document)
    started = time.monotonic()
    intake.drain(account.pk)
    return time.monotonic() - started


def _store(account: ProviderAccount, document: bytes) -> None:
    account.refresh_from_db()
    zipped = codec.pack_zip(document, "upload.xml")
    arrival = uploads.Arrival(
        sequence=account.last_sequence + 1,
        zipped=io.BytesIO(zipped),
        hash=codec.zip_hash(zipped),
        entry=codec.Entry("upload.xml", len(document)),
        algorithms=codec.Algorithms(),
    )
    uploads.accept(account, arrival)


def _documents(
    account: ProviderAccount, filings: Iterator[FilingRecord], count: int, size: int, pictures: int
) -> Iterator[bytes]:
    for start in range(0, count, size):
        contents: dict[str, bytes] = {}
        some = [bare(next(filings)) for _ in range(min(size, count - start))]
        yield _document(account, [_illustrated(filing, pictures, contents) for filing in some], contents)


def _document(account: ProviderAccount, filings: Sequence[FilingRecord], contents: dict[str, bytes]) -> bytes:
    return write_upload(filings, requesting_provider=account.isp_id, load=contents.__getitem__)


def bare(filing: FilingRecord) -> FilingRecord:
    """Take away attachments, and scans with what they prove."""
    websites = tuple(replace(website, approvals=(), services=(8,)) for website in filing.websites)
    return replace(filing, attachments=(), websites=websites)


def _illustrated(filing: FilingRecord, pictures: int, contents: dict[str, bytes]) -> FilingRecord:
    """Attach pictures of random bytes, which neither compress nor repeat."""
    chance = random.Random(filing.sponsor.provider_id)
    attachments = []
    for purpose in range(2, 2 + pictures):
        data = b"\xff\xd8\xff\xe0" + chance.randbytes(PICTURE - 4)
        digest = _digest(data)
        contents[digest] = data
        content = ContentRecord(sha256=digest, size=len(data), media_type=store.media_type(data))
        owner = str(filing.sponsor.provider_id)
        attachments.append(AttachmentRecord(format=1, purpose=purpose, content=content, owner_kind=1, owner=owner))
    return replace(filing, attachments=tuple(attachments))


def _digest(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class _Dump:
    """Rows as COPY wrote them, and a table of the same shape for them."""

    table: str
    data: bytes


def _floor(documents: Sequence[bytes], before: dict[type[models.Model], int | str]) -> float:
    """Give the seconds of parsing, validating, and copying the rows that came after `before`."""
    dumps = [_dump(model, last) for model, last in before.items()]
    schema = schemas.upload()
    started = time.monotonic()
    for document in documents:
        if not schema.validate(parse(document)):
            raise RuntimeError("not valid")
    with transaction.atomic(), connection.cursor() as cursor:
        for dump in dumps:
            cursor.copy_expert(f"COPY {dump.table} FROM STDIN", io.BytesIO(dump.data))
    return time.monotonic() - started


def _dump(model: type[models.Model], last: int | str) -> _Dump:
    name, table = model._meta.db_table, f"floor_{model._meta.db_table}"
    order = "stored_at" if model is Content else model._meta.pk.column
    data = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TABLE {table} (LIKE {name} INCLUDING ALL)")
        cursor.copy_expert(f"COPY (SELECT * FROM {name} WHERE {order} > '{last}') TO STDOUT", data)
    return _Dump(table, data.getvalue())


def _last(model: type[models.Model]) -> int | str:
    """Give the place from which rows are new."""
    if model is Content:
        found = Content.objects.aggregate(models.Max("stored_at"))["stored_at__max"]
        return found.isoformat() if found else "1970-01-01"
    return model._default_manager.aggregate(models.Max("pk"))["pk__max"] or 0
