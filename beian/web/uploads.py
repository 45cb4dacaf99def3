"""A bound on what forms may bring along, before anybody looks at it: files of one request are taken up to `MOST`."""

from __future__ import annotations

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

MOST = 64 * 1024 * 1024
"""Bytes of all files of a form. Each page has its own, lower limit; this keeps a disk from being filled."""


class Bounded(FileUploadHandler):
    """Ends a request whose files are larger than any form takes."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass data on, or end the request."""
        self.taken = getattr(self, "taken", 0) + len(raw_data)
        if self.taken > MOST:
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Keep nothing: the handlers behind do."""
