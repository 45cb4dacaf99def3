"""The attachment store: encrypted files by content hash, outside the web root.

A file, and its entry in its folder, are flushed to disk before the row that names it commits, so a
committed row always finds its file. The same bytes are stored once. A file without a row is harmless,
and so is what a process that died left in `incoming`.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from beian.crypto import data_keys
from beian.models import Content
from beian.records import ContentRecord

SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))

FLUSHES_AT_ONCE = 16
"""A disk takes the flushes of many files in nearly the time of one."""

FILES_AT_ONCE = 1_000
"""So many wait to be flushed at most, whatever a document brings."""


class Missing(Exception):
    """No stored file has this hash: it was never stored, or removed after its time."""


def media_type(content: bytes) -> str:
    """Say what the bytes begin like: "image/jpeg", "image/png", or "" for anything else."""
    return next((kind for signature, kind in SIGNATURES if content.startswith(signature)), "")


class Batch:
    """Files on their way into the store: written as they are put, flushed and entered many together.

    A batch keeps no bytes, only names, and no file open.
    """

    def __init__(self) -> None:
        self._records: dict[str, ContentRecord] = {}
        self._incoming: dict[str, Path] = {}

    def put(self, content: bytes) -> ContentRecord:
        """Take `content`, unless the same bytes are there already, and say what it is."""
        record = ContentRecord(
            sha256=hashlib.sha256(content).hexdigest(), size=len(content), media_type=media_type(content)
        )
        if record.sha256 not in self._records:
            if len(self._records) == FILES_AT_ONCE:
                self.finish()
            if not _path(record.sha256).exists():
                self._incoming[record.sha256] = _write(data_keys().seal(content, f"store.{record.sha256}"))
            self._records[record.sha256] = record
        return record

    def finish(self) -> None:
        """Flush what was put, then write its rows, in the caller's transaction if there is one."""
        _flush(self._incoming.values())
        rows = Content.objects.in_bulk(self._records)
        missing = sorted(self._records.keys() - rows.keys())  # in one order, or two batches would deadlock
        # Another batch may have put a file there and not flushed its folder yet: only a row proves that.
        self._move(missing)
        Content.objects.bulk_create(
            (
                Content(sha256=each.sha256, size=each.size, media_type=each.media_type)
                for each in map(self._records.__getitem__, missing)
            ),
            ignore_conflicts=True,
        )
        if removed := sorted(sha256 for sha256, row in rows.items() if row.removed_at is not None):
            Content.objects.filter(pk__in=removed).update(removed_at=None)
        self._records.clear()

    def _move(self, unproven: Collection[str]) -> None:
        """Give each file its name at once: a reader sees the whole of it or nothing."""
        folders = {_path(sha256).parent for sha256 in unproven}
        for sha256, name in self._incoming.items():
            path = _path(sha256)
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.replace(name, path)
            folders.add(path.parent)
        _flush(folders | {above for folder in folders for above in (folder.parent, folder.parent.parent)})
        self._incoming.clear()

    def give_up(self) -> None:
        """Take away what was written and does not stand in the store."""
        for name in self._incoming.values():
            name.unlink(missing_ok=True)


@contextmanager
def batch() -> Iterator[Batch]:
    """Store what is put within the block: all of it is durable when the block ends without an error."""
    files = Batch()
    try:
        yield files
        files.finish()
    finally:
        files.give_up()


def put(content: bytes) -> ContentRecord:
    """Store `content`, unless the same bytes are there already, and say what it is."""
    with batch() as files:
        return files.put(content)


def get(sha256: str) -> bytes:
    """Give the bytes stored under `sha256` (hex). Raises `Missing`."""
    try:
        sealed = _path(sha256).read_bytes()
    except FileNotFoundError as error:
        raise Missing(sha256) from error
    return data_keys().open(sealed, f"store.{sha256}")


def remove(sha256: str) -> None:
    """Take a file away whose time is over; its row stays and says since when.

    Only for files that nobody else names and nobody is about to store again: the store counts no
    references. May be repeated, also after a death in between.
    """
    _path(sha256).unlink(missing_ok=True)
    Content.objects.filter(pk=sha256, removed_at=None).update(removed_at=timezone.now())


def _folder() -> Path:
    return Path(settings.ENV.data_dir) / "attachments"


def _path(sha256: str) -> Path:
    return _folder() / sha256[:2] / sha256[2:4] / sha256


def _write(sealed: bytes) -> Path:
    """Write a new file that nobody reads yet, on the disk of the store."""
    folder = _folder() / "incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _flush(paths: Collection[Path]) -> None:
    """Flush files and folders to disk. Raises the first error of the disk."""
    with ThreadPoolExecutor(FLUSHES_AT_ONCE, "flush") as pool:
        for _ in pool.map(_flush_one, paths):
            pass


def _flush_one(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
