"""What the tests of downloads share: fetching documents as a provider does, one by one or all that wait."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator

import pytest

from beian.records import ContentRecord
from interface import codec, schemas
from interface.codec import Algorithms
from interface.documents.download import DownloadDocument, read_download
from tests.interface.calling import KEY, Caller

FILE_INFO = [
    "hashAlgorithm",
    "compressionFormat",
    "encryptAlgorithm",
    "return_FileName",
    "beianInfo",
    "beianInfoHash",
]


def no_scan(content: bytes) -> ContentRecord:
    pytest.fail("a scan")


def fetch(caller: Caller) -> tuple[str, DownloadDocument]:
    """Download, check and read the next document."""
    answered = caller("isp_download")
    assert answered.code == 0
    file = answered.root.find("fileInfos")
    assert [child.tag for child in file] == FILE_INFO
    assert schemas.operation_return("isp_download").validate(answered.root)
    info = io.BytesIO(base64.b64decode(file.findtext("beianInfo")))
    algorithms = Algorithms(encryption=int(file.findtext("encryptAlgorithm")))
    zipped = codec.unseal(info, file.findtext("beianInfoHash"), algorithms, KEY)
    assert codec.inspect(zipped).name == file.findtext("return_FileName")
    return file.findtext("return_FileName"), read_download(codec.document(zipped), no_scan)


def acknowledge(caller: Caller, name: str) -> int:
    return caller("isp_downloadack", fileName=name).code


def documents(caller: Caller) -> Iterator[DownloadDocument]:
    """Fetch and acknowledge all that waits, document by document."""
    while caller("isp_download").code == 0:
        name, document = fetch(caller)
        assert acknowledge(caller, name) == 0
        yield document
    assert caller("isp_download").code == 2
