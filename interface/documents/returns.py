"""What the six operations return: a code, its message, and what an operation adds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from beian.records import ContentRecord
from interface.documents.fields import Group, Number, Numbers, Shape, Text
from interface.documents.parsing import DocumentDefect, parse
from interface.documents.writing import as_text, document
from interface.schemas import OPERATIONS

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadReturn:
    """`isp_upload`: `missing` has the sequence numbers that are missing (code 14)."""

    code: int
    message: str
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInfo:
    """A payload: `content` and `hash` are base64, `sequence` only for what was uploaded."""

    hash_algorithm: int
    compression_format: int
    encrypt_algorithm: int
    file_name: str
    content: str
    hash: str
    sequence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReturn:
    """`isp_download` and `isp_querypreviousupload`: the payload asked for."""

    code: int
    message: str
    file: FileInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainReturn:
    """`isp_downloadack`: whether it went well, nothing else."""

    code: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingStatus:
    """Whether something is on file: `not_filed` 0 filed, 1 not; names and numbers only where filed."""

    condition_type: int
    condition: str
    not_filed: int
    website_name: str | None = None
    sponsor_filing_number: str | None = None
    website_filing_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReturn:
    """`isp_querybeianstatus`."""

    code: int
    message: str
    status: FilingStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordReturn:
    """`isp_verifybamm`: `wrong` 0 right, 1 wrong."""

    code: int
    message: str
    wrong: int | None = None


class UnreadableReturn(ValueError):
    """A bureau's answer is not a return."""


_OUTCOME = (Number("msg_code", "code"), Text("msg", "message", most=256, kept=True))


def _file(*, uploaded: bool) -> Shape[FileInfo]:
    return Shape(
        FileInfo,
        (
            Number("hashAlgorithm", "hash_algorithm"),
            Number("compressionFormat", "compression_format"),
            Number("encryptAlgorithm", "encrypt_algorithm"),
            *((Number("dataSequence", "sequence"),) if uploaded else ()),
            Text("return_FileName", "file_name", kept=True),
            Text("beianInfo", "content", kept=True),
            Text("beianInfoHash", "hash", kept=True),
        ),
    )


_STATUS = Shape(
    FilingStatus,
    (
        Number("Cxtjlx", "condition_type"),
        Text("Cxtj", "condition"),
        Text("Wzmc", "website_name"),
        Text("Ztbah", "sponsor_filing_number"),
        Text("Wzbah", "website_filing_number"),
        Number("Bazt", "not_filed"),
    ),
)

Return = UploadReturn | FileReturn | PlainReturn | StatusReturn | PasswordReturn

_SHAPES: dict[str, Shape[Any]] = dict(
    zip(
        OPERATIONS,
        (
            Shape(UploadReturn, (*_OUTCOME, Numbers("dataSequences", "dataSequence", "missing"))),
            Shape(FileReturn, (*_OUTCOME, Group("fileInfos", "file", _file(uploaded=False)))),
            Shape(PlainReturn, _OUTCOME),
            Shape(FileReturn, (*_OUTCOME, Group("fileInfos", "file", _file(uploaded=True)))),
            Shape(StatusReturn, (*_OUTCOME, Group("StatusInfo", "status", _STATUS))),
            Shape(PasswordReturn, (*_OUTCOME, Number("VerifyRes", "wrong"))),
        ),
        strict=True,
    )
)


def write_return(operation: str, answer: Return) -> str:
    """Give the string that `operation` returns; a message is cut at 256 characters.

    Raises `TypeError` where `answer` is not of the operation's type, so that nothing is left out.
    """
    shape = _SHAPES[operation]
    if not isinstance(answer, shape.kind):
        raise TypeError(f"{operation} returns {shape.kind.__name__}, not {type(answer).__name__}")
    root = document("return")
    shape.write(root, answer, _no_file)
    return as_text(root)


def write_refusal(operation: str, code: int, message: str) -> str:
    """Give the string that `operation` returns with nothing but a code and its message."""
    return write_return(operation, _SHAPES[operation].kind(code=code, message=message))


def read_return(operation: str, text: str) -> Any:
    """Read what a bureau's `operation` returned, whatever encoding it declares.

    Another bureau's system may add to it: only what must be there is asked for. Raises
    `UnreadableReturn`.
    """
    try:
        root = parse(_DECLARATION.sub("", text, count=1).encode())
        answer = _SHAPES[operation].read(root, _stores_nothing)
    except (DocumentDefect, ValueError, TypeError) as error:
        raise UnreadableReturn(f"{operation} answered what is not a return: {error}") from error
    if root.tag != "return" or answer.code is None:
        raise UnreadableReturn(f"{operation} answered what is not a return: <{root.tag}>")
    return answer


def _no_file(sha256: str) -> bytes:
    raise LookupError(f"returns have no attachments: {sha256}")


def _stores_nothing(content: bytes) -> ContentRecord:
    raise LookupError("returns have no attachments")
