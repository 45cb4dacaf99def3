"""The attachment store: encrypted files by content hash, outside the web root.

A file is written and flushed to disk before the row that names it commits, so a committed row
always finds its file. The same bytes are stored once. A file without a row is harmless.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from beian.crypto import data_keys
from beian.models import Content
from beian.records import ContentRecord

SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


class Missing(Exception):
    """No stored file has this hash: it was never stored, or removed after its time."""


def media_type(content: bytes) -> str:
    """Say what the bytes begin like: "image/jpeg", "image/png", or "" for anything else."""
    return next((kind for signature, kind in SIGNATURES if content.startswith(signature)), "")


def put(content: bytes) -> ContentRecord:
    """Store `content`, unless the same bytes are there already, and say what it is."""
    record = ContentRecord(
        sha256=hashlib.sha256(content).hexdigest(), size=len(content), media_type=media_type(content)
    )
    path = _path(record.sha256)
    if not path.exists():
        _write(path, data_keys().seal(content, f"store.{record.sha256}"))
    row, _ = Content.objects.get_or_create(
        sha256=record.sha256, defaults={"size": record.size, "media_type": record.media_type}
    )
    if row.removed_at is not None:
        Content.objects.filter(pk=row.pk).update(removed_at=None)
    return record


def get(sha256: str) -> bytes:
    """Give the bytes stored under `sha256` (hex). Raises `Missing`."""
    try:
        sealed = _path(sha256).read_bytes()
    except FileNotFoundError as error:
        raise Missing(sha256) from error
    return data_keys().open(sealed, f"store.{sha256}")


def _path(sha256: str) -> Path:
    return Path(settings.ENV.data_dir) / "attachments" / sha256[:2] / sha256[2:4] / sha256


def _write(path: Path, sealed: bytes) -> None:
    """Write to a temporary name, flush, rename: a reader sees the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
