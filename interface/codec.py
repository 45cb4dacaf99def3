"""The payload, either way: a GBK document in a zip of one entry, hashed, perhaps encrypted, in base64.

Base64 is done where the envelope is read (`interface.spool`); here bytes and files go in and out. A
document may be 50 MB, a zip can claim anything, so nothing is inflated further than it may be.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PLAIN, AES = 0, 1
MD5 = 0
ZIP = 0
MAX_DOCUMENT = 52_428_800

_PIECE = 64 * 1024
_IN_MEMORY = 1024 * 1024
_BLOCK = 16
_ENTRY_NAME = re.compile(r"[A-Za-z0-9._-]{1,128}")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED_FLAG = 0x1
_LOCAL_HEADER, _CENTRAL_HEADER, _END_RECORD, _ZIP64_RECORDS = 30, 46, 22, 56 + 20
# What may follow an entry's data: nothing, or its sizes (4 or 8 bytes each), with a signature or without.
_DESCRIPTORS = (0, 12, 16, 20, 24)
# So that the same document always gives the same bytes, and with them the same hash.
_ENTRY_TIME = (2010, 6, 19, 18, 0, 0)


class PayloadError(Exception):
    """The payload cannot be taken; `code` is the return code, `reason` says why in plain words."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A provider's AES key and offset (偏移量, the IV), 16 ASCII characters each."""

    key: str
    offset: str

    def cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self.key.encode("ascii")), modes.CBC(self.offset.encode("ascii")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithms:
    """How a payload was made, as the numbers of the wire."""

    encryption: int = PLAIN
    hash: int = MD5
    compression: int = ZIP

    def check(self) -> None:
        """Raise `PayloadError` (9, 10 or 11) for what is not known."""
        if self.encryption not in (PLAIN, AES):
            raise PayloadError(9, f"encryptAlgorithm为{self.encryption}，只支持0（不加密）和1（AES）")
        if self.hash != MD5:
            raise PayloadError(10, f"hashAlgorithm为{self.hash}，只支持0（MD5）")
        if self.compression != ZIP:
            raise PayloadError(11, f"compressionFormat为{self.compression}，只支持0（ZIP）")


@dataclass(frozen=True, slots=True)
class Payload:
    """A packed document as it goes into an envelope: base64 text and the base64 hash of its zip."""

    info: str
    hash: str
    algorithms: Algorithms


@dataclass(frozen=True, slots=True)
class Entry:
    """The one file in a zip: its name and its size in bytes."""

    name: str
    size: int


def password_hash(password: str, random_value: str) -> str:
    """Give the proof of the password: base64 of the MD5 of password and random value in GBK.

    Raises `UnicodeEncodeError` where GBK cannot write them.
    """
    return base64.b64encode(_md5((password + random_value).encode("gbk"))).decode("ascii")


def zip_hash(data: bytes) -> str:
    """Give the hash of a zip as the wire writes it."""
    return base64.b64encode(_md5(data)).decode("ascii")


def pack_zip(document: bytes, entry_name: str) -> bytes:
    """Put `document` (XML in GBK) into a zip as its one entry. Raises `ValueError` for a name the wire forbids."""
    if not _ENTRY_NAME.fullmatch(entry_name):
        raise ValueError(f"not a name for a zip entry: {entry_name!r}")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(entry_name, _ENTRY_TIME)
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, document)
    return buffer.getvalue()


def pack(document: bytes, entry_name: str, key: SecretKey | None = None) -> Payload:
    """Pack `document` for the wire, encrypted where a key is given."""
    return seal(pack_zip(document, entry_name), key)


def seal(zipped: bytes, key: SecretKey | None = None) -> Payload:
    """Make the payload of a finished zip; an empty one stands for "no document"."""
    info = encrypt(zipped, key) if key else zipped
    algorithms_used = Algorithms(encryption=AES if key else PLAIN)
    return Payload(base64.b64encode(info).decode("ascii"), zip_hash(zipped), algorithms_used)


def encrypt(data: bytes, key: SecretKey) -> bytes:
    """Encrypt with AES-128-CBC and PKCS5 padding."""
    return encrypt_file(io.BytesIO(data), key).read()


def encrypt_file(data: BinaryIO, key: SecretKey) -> BinaryIO:
    """Encrypt likewise, piece by piece, into a temporary file that stands at its start."""
    padder, encryptor = padding.PKCS7(_BLOCK * 8).padder(), key.cipher().encryptor()
    encrypted = _temporary()
    for piece in _pieces(data):
        encrypted.write(encryptor.update(padder.update(piece)))
    encrypted.write(encryptor.update(padder.finalize()) + encryptor.finalize())
    encrypted.seek(0)
    return encrypted


def canonical_hash(text: str) -> str:
    """Give the one way to write a hash; "" for what is none."""
    return base64.b64encode(_raw_hash(text)).decode("ascii")


def unseal(info: BinaryIO, expected_hash: str, algorithms_used: Algorithms, key: SecretKey | None) -> BinaryIO:
    """Take the zip out of a payload: check the algorithms, decrypt, compare the hash.

    `info` is the payload without base64. Gives a file at its start (`info` itself where nothing was
    encrypted). Raises `PayloadError` 9, 10, 11, 6 or 7.
    """
    algorithms_used.check()
    zipped = _decrypt(info, key) if algorithms_used.encryption == AES else info
    zipped.seek(0)
    digest = hashlib.md5(usedforsecurity=False)
    for piece in _pieces(zipped):
        digest.update(piece)
    if not hmac.compare_digest(digest.digest(), _raw_hash(expected_hash)):
        raise PayloadError(7, "beianInfoHash与收到的压缩文件的MD5不一致")
    zipped.seek(0)
    return zipped


def inflate(zipped: BinaryIO) -> Iterator[bytes]:
    """Give the document in a zip, in pieces, never more than 50 MB of it.

    Raises `PayloadError`: 8 for what is no sound zip, 17 for more or less than one entry, 18 for a
    document over the limit. A defect can show after pieces were given; the document is only whole
    when the iteration ends.
    """
    try:
        with zipfile.ZipFile(zipped) as archive:
            entry = _only_entry(archive)
            _check_layout(archive, entry, zipped)
            yield from _inflate_entry(archive, entry, zipped)
    except PayloadError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise PayloadError(8, f"不是完好的ZIP文件（{type(error).__name__}）") from error


def inspect(zipped: BinaryIO) -> Entry:
    """Inflate a zip without keeping it and say what is in it. Raises as `inflate`."""
    size = sum(len(piece) for piece in inflate(zipped))
    zipped.seek(0)
    with zipfile.ZipFile(zipped) as archive:
        return Entry(archive.namelist()[0], size)


def document(zipped: BinaryIO) -> BinaryIO:
    """Give the document in a zip as a temporary file at its start. Raises as `inflate`."""
    file = _temporary()
    try:
        for piece in inflate(zipped):
            file.write(piece)
    except PayloadError:
        file.close()
        raise
    file.seek(0)
    return file


def _only_entry(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    entries = archive.infolist()
    if len(entries) != 1 or entries[0].filename.endswith("/"):
        raise PayloadError(17, f"压缩文件中有{len(entries)}项，应当正好是1个文件")
    return entries[0]


def _check_layout(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, zipped: BinaryIO) -> None:
    """Refuse what another reader of zips could take for something else than we do."""
    if not _ENTRY_NAME.fullmatch(entry.orig_filename):
        raise PayloadError(8, "压缩文件中的文件名只能由字母、数字、点组成，最多128个字符")
    if entry.flag_bits & _ENCRYPTED_FLAG or entry.compress_type not in _METHODS:
        raise PayloadError(8, "压缩文件有密码，或压缩方法不是DEFLATE")
    if entry.file_size > MAX_DOCUMENT:
        raise PayloadError(18, f"文件解压后{entry.file_size}字节，最多{MAX_DOCUMENT}字节")
    if not _covers_whole_file(archive, entry, zipped):
        raise PayloadError(8, "压缩文件前后或中间有多余的数据")


def _covers_whole_file(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, zipped: BinaryIO) -> bool:
    """Tell whether entry, directory and end record follow each other from the first byte to the last."""
    directory = archive.start_dir
    gap = directory - _data_start(zipped) - entry.compress_size
    end = zipped.seek(0, io.SEEK_END) - len(archive.comment) - _END_RECORD
    # The length of the name as it is stored: ASCII by now, so one byte a character.
    directory_size = _CENTRAL_HEADER + len(entry.orig_filename) + len(entry.extra) + len(entry.comment)
    return entry.header_offset == 0 and gap in _DESCRIPTORS and end - directory - directory_size in (0, _ZIP64_RECORDS)


def _data_start(zipped: BinaryIO) -> int:
    """Give where the data of the first entry begins: behind its header and two names."""
    zipped.seek(0)
    local = zipped.read(_LOCAL_HEADER)
    return _LOCAL_HEADER + int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little")


def _inflate_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, zipped: BinaryIO) -> Iterator[bytes]:
    """Give the entry's bytes, which must be as many as it says, with the sum it says, and no more.

    `zipfile` would stop where the entry says that it ends, and never see that another reader gets more.
    """
    archive.open(entry).close()  # compares what stands before the entry with what the directory says of it
    total = checksum = 0
    for piece in _inflated(entry, zipped):
        total, checksum = total + len(piece), zlib.crc32(piece, checksum)
        if total > entry.file_size:
            break
        yield piece
    if total != entry.file_size:
        raise PayloadError(8, "压缩文件中声明的大小与实际不符")
    if checksum != entry.CRC:
        raise PayloadError(8, "压缩文件中声明的校验和与实际不符")


def _inflated(entry: zipfile.ZipInfo, zipped: BinaryIO) -> Iterator[bytes]:
    """Give the entry's bytes as far as they go, a piece of bounded size at a time."""
    stored = entry.compress_type == zipfile.ZIP_STORED
    inflater, left = zlib.decompressobj(-zlib.MAX_WBITS), entry.compress_size
    zipped.seek(_data_start(zipped))
    while left and not inflater.eof:
        packed = zipped.read(min(_PIECE, left))
        if not packed:
            break
        left -= len(packed)
        while packed and not inflater.eof:
            yield packed if stored else inflater.decompress(packed, _PIECE)
            packed = b"" if stored else inflater.unconsumed_tail
    while not stored and not inflater.eof and (rest := inflater.decompress(b"", _PIECE)):
        yield rest
    if left or not (stored or inflater.eof) or inflater.unused_data:
        raise PayloadError(8, "压缩文件中的数据没有在声明的地方结束")


def _decrypt(info: BinaryIO, key: SecretKey | None) -> BinaryIO:
    if key is None:
        raise PayloadError(6, "数据已加密，但没有为该单位设置密钥")
    zipped, unpadder = _temporary(), padding.PKCS7(_BLOCK * 8).unpadder()
    try:
        decryptor = key.cipher().decryptor()
        info.seek(0)
        for piece in _pieces(info):
            zipped.write(unpadder.update(decryptor.update(piece)))
        zipped.write(unpadder.update(decryptor.finalize()) + unpadder.finalize())
    except ValueError as error:
        zipped.close()
        raise PayloadError(6, "用该单位的密钥和偏移量不能解密（AES-128-CBC，PKCS5填充）") from error
    return zipped


def _raw_hash(text: str) -> bytes:
    """Give the digest that `text` writes in base64; what is none equals no digest."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _temporary() -> BinaryIO:
    return cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))
