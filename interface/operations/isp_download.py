"""`isp_download`: hand out the oldest document that is not acknowledged."""

from __future__ import annotations

import io
from typing import BinaryIO

from interface import codec
from interface.codec import SecretKey
from interface.codes import Code
from interface.documents.returns import FileInfo, FileReturn
from interface.models import Parcel, ProviderAccount
from interface.operations.base import PAYLOAD_HERE, Reply, Request
from interface.services import mailbox


def answer(request: Request) -> Reply:
    """Give the next parcel, the same one until it is acknowledged."""
    account = request.account
    parcel = mailbox.hand_out(account)
    if parcel is None:
        code = Code.NOTHING_TO_DOWNLOAD
        return Reply(answer=FileReturn(code=code, message=code.message), why="没有等待下载的数据")
    again = "（未确认，再次下发）" if parcel.times_fetched else ""
    return Reply(
        answer=FileReturn(code=Code.OK, message=Code.OK.message, file=_file_info(parcel, account)),
        why=f"下发{parcel.file_name}，{parcel.get_kind_display()}{parcel.pieces}条{again}",
        payload=_sealed(parcel, account),
    )


def _file_info(parcel: Parcel, account: ProviderAccount) -> FileInfo:
    return FileInfo(
        hash_algorithm=codec.MD5,
        compression_format=codec.ZIP,
        encrypt_algorithm=codec.AES if account.encrypt_downloads else codec.PLAIN,
        file_name=parcel.file_name,
        content=PAYLOAD_HERE,
        hash=parcel.hash,
    )


def _sealed(parcel: Parcel, account: ProviderAccount) -> BinaryIO:
    zipped = io.BytesIO(parcel.content)
    if not account.encrypt_downloads:
        return zipped
    return codec.encrypt_file(zipped, SecretKey(account.aes_key, account.aes_iv))
