"""Base64 text that arrives in pieces, decoded on the way into a temporary file."""

from __future__ import annotations

import binascii
import hashlib
import tempfile
from collections.abc import Callable
from typing import BinaryIO, cast

IN_MEMORY = 1024 * 1024
_BATCH = 48 * 1024
_WHITE = str.maketrans("", "", " \t\r\n")


class Base64Spool:
    """A base64 payload: up to 1 MiB in memory, beyond that on disk, at most `limit` bytes of it.

    `on_large` is asked, once, whether more than 1 MiB is worth keeping. `valid` tells whether all of
    it was base64, `overflowed` whether there was more than is kept; `size` counts the decoded bytes
    that are. White space within the text does not count.
    """

    def __init__(self, *, limit: int, on_large: Callable[[], bool] = lambda: True) -> None:
        self.valid = True
        self.overflowed = False
        self.size = 0
        self._limit, self._on_large = limit, on_large
        # Lives as long as the call does, and goes with `close`.
        self._file = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115
        self._waiting: list[str] = []
        self._waiting_length = 0
        self._padded = False

    def feed(self, text: str) -> None:
        """Take the next piece of text, cut anywhere."""
        if not self.valid or self.overflowed:
            return
        self._waiting.append(text)
        self._waiting_length += len(text)
        if self._waiting_length >= _BATCH:
            self._decode()

    def finish(self) -> None:
        """Decode what is left; afterwards `open` gives the bytes."""
        self._decode()
        self.valid = self.valid and not self._waiting_length

    def open(self) -> BinaryIO:
        """Give the file, wound back to its start. It is gone with `close`."""
        self._file.seek(0)
        return self._file

    def digest(self) -> str:
        """Give the SHA-256 (hex) of what is kept."""
        digest, file = hashlib.sha256(), self.open()
        while piece := file.read(_BATCH):
            digest.update(piece)
        return digest.hexdigest()

    def close(self) -> None:
        self._file.close()

    def _decode(self) -> None:
        text = "".join(self._waiting).translate(_WHITE)
        whole = len(text) // 4 * 4
        self._waiting, self._waiting_length = [text[whole:]], len(text) - whole
        try:
            self._write(binascii.a2b_base64(text[:whole].encode("ascii"), strict_mode=True))
        except (binascii.Error, UnicodeEncodeError):
            self.valid = False
            return
        # Nothing may follow the padding, in this batch or in a later one.
        if whole and self._padded:
            self.valid = False
        self._padded = self._padded or text[:whole].endswith("=")

    def _write(self, data: bytes) -> None:
        if self.size + len(data) > self._limit:
            self.overflowed = True
            return
        if self.size <= IN_MEMORY < self.size + len(data):
            self.overflowed = not self._on_large()
            if self.overflowed:
                return
        self._file.write(data)
        self.size += len(data)
