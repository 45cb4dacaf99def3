"""`isp_upload`: take a document in, under its number, once."""

from __future__ import annotations

from contextlib import ExitStack

from interface import codec
from interface.authentication import as_long, missing
from interface.codec import Algorithms, PayloadError, SecretKey
from interface.codes import Code, Refused
from interface.documents.returns import UploadReturn
from interface.operations.base import PAYLOAD, Reply, Request
from interface.services import uploads
from interface.services.uploads import Arrival
from interface.spool import Base64Spool

# No algorithm has this number.
UNKNOWN = -1


def answer(request: Request) -> Reply:
    """Decode the payload, then store it; 0 is answered once that is committed."""
    spool = request.call.payloads.get(PAYLOAD)
    if spool is None:
        raise missing(PAYLOAD)
    expected, sequence = request.text("beianInfoHash"), request.integer("dataSequence")
    with ExitStack() as files:
        try:
            arrival = _decode(request, spool, expected, sequence, files)
        except PayloadError as error:
            raise Refused(Code(error.code), error.reason) from error
        # What the log says of a new upload is stored with it.
        note, retried = request.note, f"序号{sequence}：重发的文件与已受理的相同，未作改变"
        note.code, note.reason, note.sequence = Code.OK, f"序号{sequence}：已受理，等待处理", sequence
        _, new = uploads.accept(request.account, arrival, note)
    done = UploadReturn(code=Code.OK, message=Code.OK.message)
    return Reply(answer=done, why=note.reason if new else retried, sequence=sequence)


def _decode(request: Request, spool: Base64Spool, expected: str, sequence: int, files: ExitStack) -> Arrival:
    algorithms = Algorithms(
        encryption=_algorithm(request, "encryptAlgorithm"),
        hash=_algorithm(request, "hashAlgorithm"),
        compression=_algorithm(request, "compressionFormat"),
    )
    algorithms.check()
    _check_whole(spool, algorithms)
    key = SecretKey(request.account.aes_key, request.account.aes_iv)
    zipped = files.enter_context(codec.unseal(spool.open(), expected, algorithms, key))
    entry = codec.inspect(zipped)
    return Arrival(
        sequence=sequence, zipped=zipped, hash=codec.canonical_hash(expected), entry=entry, algorithms=algorithms
    )


def _algorithm(request: Request, name: str) -> int:
    number = as_long(request.text(name))
    return UNKNOWN if number is None else number


def _check_whole(spool: Base64Spool, algorithms: Algorithms) -> None:
    if spool.overflowed:
        raise PayloadError(Code.TOO_LARGE, "beianInfo比任何50MB以内的文件压缩后都大")
    if not spool.valid:
        code = Code.CANNOT_DECRYPT if algorithms.encryption == codec.AES else Code.WRONG_HASH
        raise PayloadError(code, "beianInfo不是base64")
