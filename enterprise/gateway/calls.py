"""Calls to the bureau, each written down with what was answered; never with what proves who calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol, TypeVar

from enterprise.models import Call, Connection
from interface.client import CallFailed, Parameters, ProviderClient
from interface.codec import Payload, SecretKey
from interface.documents.returns import (
    FileInfo,
    FileReturn,
    PasswordReturn,
    PlainReturn,
    StatusReturn,
    UploadReturn,
)

SECONDS = 60.0
"""How long an answer is waited for."""

_LONGEST = 1024


class Answer(Protocol):
    """What every operation answers."""

    @property
    def code(self) -> int:
        """The return code."""

    @property
    def message(self) -> str:
        """Its words."""


A = TypeVar("A", bound=Answer)


def client_of(connection: Connection, seconds: float = SECONDS) -> ProviderClient:
    """Give the client that calls with a connection's parameters and waits that long for an answer."""
    key = SecretKey(connection.aes_key, connection.aes_iv) if connection.aes_key and connection.aes_iv else None
    parameters = Parameters(
        endpoint=connection.endpoint,
        isp_id=connection.provider.isp_id,
        user_name=connection.user_name,
        password=connection.password,
        key=key,
    )
    return ProviderClient(parameters, encrypt=connection.encrypt and key is not None, seconds=seconds)


class Line:
    """The line to a connection's bureau. Every call raises `CallFailed` where there is no answer.

    `by` is the name of the person who tries a call from the page; `seconds` how long an answer is waited for.
    """

    def __init__(self, connection: Connection, *, by: str = "", seconds: float = SECONDS) -> None:
        self.connection = connection
        self._client = client_of(connection, seconds)
        self._by = by

    def pack(self, document: bytes, sequence: int) -> Payload:
        """Make what `upload` sends."""
        return self._client.pack(document, sequence)

    def upload(self, payload: Payload, sequence: int) -> UploadReturn:
        """Send a packed document under its number."""
        return self._noted("isp_upload", lambda: self._client.send(payload, sequence), sequence=sequence)

    def previous_upload(self) -> FileReturn:
        """Ask for the upload last accepted."""
        return self._noted("isp_querypreviousupload", self._client.previous_upload)

    def download(self) -> FileReturn:
        """Fetch the mailbox's oldest document."""
        return self._noted("isp_download", self._client.download)

    def acknowledge(self, file_name: str) -> PlainReturn:
        """Say that a document is safely here."""
        return self._noted("isp_downloadack", lambda: self._client.acknowledge(file_name), file_name=file_name)

    def status(self, condition_type: int, condition: str) -> StatusReturn:
        """Ask whether a domain or a certificate is on file."""
        return self._noted("isp_querybeianstatus", lambda: self._client.status(condition_type, condition))

    def verify_password(self, filing_number: str, password: str) -> PasswordReturn:
        """Ask whether a filing password is right."""
        return self._noted("isp_verifybamm", lambda: self._client.verify_password(filing_number, password))

    def open_document(self, file: FileInfo) -> BinaryIO:
        """Unpack a file. Raises `interface.codec.PayloadError`."""
        return self._client.open_document(file)

    def _noted(self, operation: str, do: Callable[[], A], **about: Any) -> A:
        """Call, and write down what came of it, whatever it was."""
        note = Call(connection=self.connection, operation=operation, test=bool(self._by), by=self._by[:64], **about)
        started = time.monotonic()
        try:
            answer = do()
        except CallFailed as error:
            note.error = f"{type(error).__name__}: {error}"[:_LONGEST]
            raise
        else:
            note.code, note.message = answer.code, answer.message[:_LONGEST]
            if isinstance(answer, FileReturn) and answer.file:
                note.sequence, note.file_name = answer.file.sequence, answer.file.file_name[:128]
            return answer
        finally:
            note.milliseconds = int((time.monotonic() - started) * 1000)
            note.save(force_insert=True)
