"""The provider's side of the six operations, on the same envelope and codec as the endpoint.

One call is one connection: calls are rare and may be large. What the bureau answers comes back as
it is, also codes other than 0; an error is raised only where there is no such answer.
"""

from __future__ import annotations

import base64
import http.client
import io
import secrets
import string
from dataclasses import dataclass, field
from typing import BinaryIO, TypeVar
from urllib.parse import urlsplit

from interface import codec, envelope, soap
from interface.codec import Algorithms, Payload, PayloadError, SecretKey
from interface.codes import Code
from interface.documents.returns import (
    FileInfo,
    FileReturn,
    PasswordReturn,
    PlainReturn,
    StatusReturn,
    UnreadableReturn,
    UploadReturn,
    read_return,
)
from interface.envelope import Envelope
from interface.http_call import connected, legible
from interface.soap import Faulted, NotACall
from interface.wsdl import OPERATIONS, SERVICES

SECONDS = 60.0
WITH_A_DOCUMENT = 15
"""So many times as long as for an answer is waited for all of a call that brings or fetches a document."""
_DOCUMENTS = frozenset({"isp_upload", "isp_download", "isp_querypreviousupload"})
MOST_CODE, MOST_SEQUENCE = 2**31 - 1, 2**63 - 1
"""What is larger, or negative, is no code and no number of an upload, and could not be written down as one."""
_LETTERS = string.ascii_letters + string.digits
_RANDOM_LENGTH = 20
R = TypeVar("R", UploadReturn, FileReturn, PlainReturn, StatusReturn, PasswordReturn)
_PATHS = {operation.name: service.path for service in SERVICES for operation in service.operations}


class CallFailed(Exception):
    """The bureau gave no answer of the interface: try again later, or look at what is said."""

    def __init__(self, said: str) -> None:
        super().__init__(legible(said))


class NoConnection(CallFailed):
    """The bureau could not be reached, or did not answer in time. The call may have arrived all the same."""


class NotUnderstood(CallFailed):
    """The bureau answered with a SOAP fault: it did not take this for a call."""


class NoAnswer(CallFailed):
    """What came back is no answer of the interface: perhaps a proxy's page, with its HTTP status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The communication parameters (通信参数) that a bureau issued.

    `endpoint` is the URL that `/ISPWebService/upDownLoad` is appended to.
    """

    endpoint: str
    isp_id: int
    user_name: str
    password: str = field(repr=False)
    key: SecretKey | None = field(default=None, repr=False)


class ProviderClient:
    """Calls one bureau as one provider. `encrypt` sends uploads encrypted under the provider's key.

    `seconds` is how long an answer is waited for, and all of a call without a document may take: also where
    the bureau sends a byte now and then.
    """

    def __init__(self, parameters: Parameters, *, encrypt: bool = False, seconds: float = SECONDS) -> None:
        if encrypt and parameters.key is None:
            raise ValueError("encrypted uploads need the provider's key")
        self._parameters, self._encrypt, self._seconds = parameters, encrypt, seconds

    def upload(self, document: bytes, sequence: int, *, file_name: str | None = None) -> UploadReturn:
        """Send `document` (XML in GBK) under `sequence`.

        The same document always makes the same bytes, so a retry after `NoConnection` is known as one.
        """
        return self.send(self.pack(document, sequence, file_name=file_name), sequence)

    def pack(self, document: bytes, sequence: int, *, file_name: str | None = None) -> Payload:
        """Make what `send` sends, for those who note its hash before it leaves."""
        return codec.pack(
            document, file_name or f"{sequence:010d}.xml", self._parameters.key if self._encrypt else None
        )

    def send(self, payload: Payload, sequence: int) -> UploadReturn:
        """Send a packed document under `sequence`."""
        return self._call(
            "isp_upload",
            UploadReturn,
            beianInfo=payload.info,
            beianInfoHash=payload.hash,
            dataSequence=sequence,
            encryptAlgorithm=payload.algorithms.encryption,
            compressionFormat=payload.algorithms.compression,
        )

    def download(self) -> FileReturn:
        """Fetch the oldest document that is not acknowledged; `open_document` unpacks its file."""
        return self._call("isp_download", FileReturn)

    def acknowledge(self, file_name: str) -> PlainReturn:
        """Say that the document `file_name` is safely here."""
        return self._call("isp_downloadack", PlainReturn, fileName=file_name)

    def previous_upload(self) -> FileReturn:
        """Ask for the upload last accepted: its number (0 before any) and its document."""
        return self._call("isp_querypreviousupload", FileReturn)

    def status(self, condition_type: int, condition: str) -> StatusReturn:
        """Ask whether a domain (type 0) or the holder of a certificate (1 to 11) is on file."""
        return self._call(
            "isp_querybeianstatus", StatusReturn, queryConditionType=condition_type, queryCondition=condition
        )

    def verify_password(self, filing_number: str, password: str) -> PasswordReturn:
        """Ask whether `password` (plain or its hex MD5) is the filing password of a number."""
        return self._call("isp_verifybamm", PasswordReturn, baxh=filing_number, bamm=password)

    def open_document(self, file: FileInfo) -> BinaryIO:
        """Unpack a file's document. Raises `PayloadError` where it is damaged or under another key."""
        try:
            info = base64.b64decode(file.content)
        except ValueError as error:
            raise PayloadError(Code.WRONG_HASH, "beianInfo不是base64") from error
        used = Algorithms(
            encryption=file.encrypt_algorithm, hash=file.hash_algorithm, compression=file.compression_format
        )
        with codec.unseal(io.BytesIO(info), file.hash, used, self._parameters.key) as zipped:
            return codec.document(zipped)

    def _call(self, operation: str, kind: type[R], **values: str | int) -> R:
        given = self._credentials() | {name: str(value) for name, value in values.items()}
        names = [name for name, _ in OPERATIONS[operation].parameters]
        message = envelope.call(operation, [(name, given[name]) for name in names])
        try:
            answer = read_return(operation, self._exchange(operation, message))
        except UnreadableReturn as error:
            raise NoAnswer(str(error)) from error
        if not isinstance(answer, kind):
            raise NoAnswer(f"{operation} answered a {type(answer).__name__}")
        file = answer.file if isinstance(answer, FileReturn) else None
        numbers = ((answer.code, MOST_CODE), ((file.sequence if file else None) or 0, MOST_SEQUENCE))
        if any(not 0 <= number <= most for number, most in numbers):
            raise NoAnswer(
                f"{operation} answered {answer.code} “{answer.message}”, with numbers that nobody counts with"
            )
        return answer

    def _exchange(self, operation: str, message: Envelope) -> str:
        """Send one envelope and give the string that comes back."""
        url = urlsplit(f"{self._parameters.endpoint.rstrip('/')}/{_PATHS[operation]}")
        headers = {"Content-Type": message.content_type, "SOAPAction": '""', "Connection": "close"}
        status = 0
        try:
            with connected(url, idle=self._seconds, whole=self._whole(operation)) as connection:
                connection.request("POST", url.path, body=message.body, headers=headers)
                response = connection.getresponse()
                status = response.status
                return soap.read_answer(response, operation, content_type=response.headers.get("Content-Type", ""))
        except Faulted as fault:
            raise NotUnderstood(f"{fault.code}: {fault.reason}") from fault
        except NotACall as error:
            raise NoAnswer(f"HTTP {status}: {error.reason}") from error
        except (OSError, http.client.HTTPException) as error:
            raise NoConnection(f"{url.hostname}: {error or type(error).__name__}") from error

    def _whole(self, operation: str) -> float:
        return self._seconds * WITH_A_DOCUMENT if operation in _DOCUMENTS else self._seconds

    def _credentials(self) -> dict[str, str]:
        own, random = self._parameters, "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM_LENGTH))
        return {
            "ispID": str(own.isp_id),
            "ispId": str(own.isp_id),
            "userName": own.user_name,
            "randVal": random,
            "pwdHash": codec.password_hash(own.password, random),
            "hashAlgorithm": str(codec.MD5),
        }
