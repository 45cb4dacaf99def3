"""`isp_querypreviousupload`: the document last accepted, as it came."""

from __future__ import annotations

from typing import BinaryIO

from interface import codec
from interface.codec import SecretKey
from interface.codes import Code
from interface.documents.returns import FileInfo, FileReturn
from interface.models import ProviderAccount, Upload
from interface.operations.base import PAYLOAD_HERE, Reply, Request
from interface.services import uploads


def answer(request: Request) -> Reply:
    """Give number and document of the last upload; 0 and an empty file where there was none."""
    account = request.account
    upload = uploads.latest(account)
    return Reply(
        answer=FileReturn(code=Code.OK, message=Code.OK.message, file=_file_info(account, upload)),
        why=f"最近受理的序号为{account.last_sequence}",
        sequence=account.last_sequence,
        payload=_sealed(account, upload) if upload else None,
    )


def _file_info(account: ProviderAccount, upload: Upload | None) -> FileInfo:
    """Describe the upload. Its bytes go after three months, its number stays."""
    if upload is None:
        return FileInfo(
            hash_algorithm=codec.MD5,
            compression_format=codec.ZIP,
            encrypt_algorithm=codec.PLAIN,
            sequence=account.last_sequence,
            file_name="",
            content="",
            hash=codec.zip_hash(b""),
        )
    return FileInfo(
        hash_algorithm=upload.hash_algorithm,
        compression_format=upload.compression_format,
        encrypt_algorithm=upload.encrypt_algorithm,
        sequence=upload.sequence,
        file_name=upload.file_name,
        content=PAYLOAD_HERE,
        hash=upload.hash,
    )


def _sealed(account: ProviderAccount, upload: Upload) -> BinaryIO:
    zipped = uploads.open_zip(upload)
    if upload.encrypt_algorithm == codec.PLAIN:
        return zipped
    with zipped:
        return codec.encrypt_file(zipped, SecretKey(account.aes_key, account.aes_iv))
