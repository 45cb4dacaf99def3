"""The documents of accepted uploads, taken back out of the database."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from interface import codec
from interface.models import Upload

IN_MEMORY = 4 * 1024 * 1024


@contextmanager
def open_zip(upload: Upload) -> Iterator[IO[bytes]]:
    """Give the zip of an upload as a temporary file at its start, one piece in memory at a time."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        for piece in upload.pieces.order_by("ordinal").iterator(chunk_size=1):
            file.write(piece.content)
        file.seek(0)
        yield file  # type: ignore[misc]


@contextmanager
def open_document(upload: Upload) -> Iterator[IO[bytes]]:
    """Give the XML document of an upload as a temporary file at its start.

    Raises `codec.PayloadError` where the stored zip is damaged: it was sound when it was accepted.
    """
    with open_zip(upload) as zipped, codec.document(zipped) as document:
        yield document
