"""The payload: packing, unpacking, and the code that each defect is answered with."""

from __future__ import annotations

import base64
import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from interface import codec
from interface.codec import Algorithms, PayloadError, SecretKey

KEY = SecretKey("0123456789abcdef", "fedcba9876543210")
OTHER_KEY = SecretKey("0123456789abcdeg", "fedcba9876543210")
DOCUMENT = '<?xml version="1.0" encoding="GBK"?><UploadData>备案</UploadData>'.encode("gbk")


def unpack(info: bytes, expected: str, algorithms: Algorithms, key: SecretKey | None = KEY) -> bytes:
    return codec.document(codec.unseal(io.BytesIO(info), expected, algorithms, key)).read()


def code_of(zipped: bytes) -> int:
    with pytest.raises(PayloadError) as caught:
        codec.inspect(io.BytesIO(zipped))
    return caught.value.code


def archive(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, content in entries:
            file.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("key", [None, KEY])
def test_what_is_packed_can_be_unpacked(key: SecretKey | None) -> None:
    payload = codec.pack(DOCUMENT, "0000000001.xml", key)
    assert unpack(base64.b64decode(payload.info), payload.hash, payload.algorithms, key) == DOCUMENT
    assert payload.algorithms.encryption == (1 if key else 0)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert codec.pack(DOCUMENT, "a.xml", KEY) == codec.pack(DOCUMENT, "a.xml", KEY)


def test_the_entry_is_told() -> None:
    assert codec.inspect(io.BytesIO(codec.pack_zip(DOCUMENT, "a_b-1.xml"))) == codec.Entry("a_b-1.xml", len(DOCUMENT))


def test_the_hash_is_over_the_zip_before_encryption() -> None:
    zipped = codec.pack_zip(DOCUMENT, "a.xml")
    assert codec.seal(zipped, KEY).hash == base64.b64encode(hashlib.md5(zipped).digest()).decode()


def test_encryption_is_aes_128_cbc_with_pkcs5() -> None:
    # One block of padding follows a whole block; the bytes were computed with OpenSSL.
    assert codec.encrypt(b"0123456789abcdef", KEY).hex() == OPENSSL


OPENSSL = "6575cf6b37479d9215337ff9767fe7866673e70d7e0bf17498019ee1bc7b945f"


def test_the_proof_of_the_password() -> None:
    expected = base64.b64encode(hashlib.md5("密码pw".encode("gbk") + b"R" * 20).digest()).decode()
    assert codec.password_hash("密码pw", "R" * 20) == expected


@pytest.mark.parametrize(
    ("algorithms", "code"),
    [
        (Algorithms(encryption=2, hash=9, compression=9), 9),
        (Algorithms(encryption=-1), 9),
        (Algorithms(hash=1, compression=9), 10),
        (Algorithms(compression=1), 11),
    ],
)
def test_unknown_algorithms(algorithms: Algorithms, code: int) -> None:
    with pytest.raises(PayloadError) as caught:
        unpack(b"", "", algorithms)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("damage", "key", "code"),
    [
        (lambda info: info, OTHER_KEY, 6),
        (lambda info: info, None, 6),
        (lambda info: info[:-1], KEY, 6),
        (lambda info: b"", KEY, 6),
        (lambda info: bytes([info[0] ^ 1]) + info[1:], KEY, 7),
    ],
    ids=["other-key", "no-key", "short", "empty", "changed"],
)
def test_what_cannot_be_decrypted(damage: Callable[[bytes], bytes], key: SecretKey | None, code: int) -> None:
    payload = codec.pack(DOCUMENT, "a.xml", KEY)
    with pytest.raises(PayloadError) as caught:
        unpack(damage(base64.b64decode(payload.info)), payload.hash, payload.algorithms, key)
    assert caught.value.code == code


@pytest.mark.parametrize("expected", ["", "????", "AAAA", hashlib.md5(b"").hexdigest(), "吉"])
def test_another_hash(expected: str) -> None:
    with pytest.raises(PayloadError) as caught:
        unpack(codec.pack_zip(DOCUMENT, "a.xml"), expected, Algorithms())
    assert caught.value.code == 7


def test_line_breaks_in_the_hash_do_not_matter() -> None:
    payload = codec.pack(DOCUMENT, "a.xml")
    assert unpack(base64.b64decode(payload.info), payload.hash + "\r\n", payload.algorithms) == DOCUMENT


@pytest.mark.parametrize(
    ("zipped", "code"),
    [
        (b"", 8),
        (b"PK", 8),
        (DOCUMENT, 8),
        (archive(), 17),
        (archive(("a.xml", b"1"), ("b.xml", b"2")), 17),
        (archive(("folder/", b"")), 17),
        (archive(("folder/", b""), ("a.xml", b"1")), 17),
        (archive(("a.xml", b"1"), method=zipfile.ZIP_BZIP2), 8),
        (archive(("../a.xml", b"1")), 8),
        (archive(("a b.xml", b"1")), 8),
        (archive(("备案.xml", b"1")), 8),
        (archive(("a" * 129, b"1")), 8),
        (archive(("a.xml", DOCUMENT)) + b"trailing", 8),
        (b"leading" + archive(("a.xml", DOCUMENT)), 8),
        (archive(("a.xml", DOCUMENT))[:-30], 8),
    ],
)
def test_what_is_not_one_file_in_a_sound_zip(zipped: bytes, code: int) -> None:
    assert code_of(zipped) == code


def test_a_zip_written_to_a_stream_is_sound() -> None:
    class Unseekable(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object, /) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]
            return len(bytes(data))  # type: ignore[call-overload]

    target = Unseekable()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:  # type: ignore[arg-type]
        file.writestr("a.xml", DOCUMENT)
    assert codec.document(io.BytesIO(target.data)).read() == DOCUMENT


def test_a_zip_with_a_comment_is_sound() -> None:
    buffer = io.BytesIO(archive(("a.xml", DOCUMENT)))
    with zipfile.ZipFile(buffer, "a") as file:
        file.comment = b"made by hand"
    assert codec.document(buffer).read() == DOCUMENT


def test_a_second_entry_hidden_from_the_directory_is_refused() -> None:
    both = archive(("a.xml", DOCUMENT), ("b.xml", b"hidden"))
    start = both.index(b"PK\x01\x02")
    second = both.index(b"PK\x01\x02", start + 1)
    end = both.index(b"PK\x05\x06")
    record = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, second - start, start, 0)
    assert code_of(both[:second] + record) == 8
    assert code_of(both[:start] + both[second:end] + record[:12] + struct.pack("<2LH", end - second, start, 0)) == 8


def test_a_password_protected_entry_is_refused() -> None:
    zipped = bytearray(archive(("a.xml", DOCUMENT)))
    zipped[6] |= 1
    zipped[zipped.index(b"PK\x01\x02") + 8] |= 1
    assert code_of(bytes(zipped)) == 8


@pytest.mark.parametrize("claimed", [1, 10, 40_000_000])
def test_a_size_that_lies_is_refused(claimed: int) -> None:
    zipped = bytearray(archive(("a.xml", DOCUMENT)))
    directory = zipped.index(b"PK\x01\x02")
    struct.pack_into("<L", zipped, directory + 24, claimed)
    assert code_of(bytes(zipped)) == 8


def test_a_changed_byte_is_noticed() -> None:
    zipped = bytearray(archive(("a.xml", DOCUMENT), method=zipfile.ZIP_STORED))
    zipped[40] ^= 1
    assert code_of(bytes(zipped)) == 8


def test_exactly_fifty_megabytes_are_allowed_and_one_byte_more_is_not() -> None:
    assert codec.inspect(io.BytesIO(archive(("a.xml", bytes(52_428_800))))).size == 52_428_800
    assert code_of(archive(("a.xml", bytes(52_428_801)))) == 18


def test_a_bomb_that_claims_to_be_small_is_not_inflated() -> None:
    """A gigabyte of zeros that calls itself 100 bytes long costs no more than those 100 bytes."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = b"".join(compressor.compress(bytes(2**20)) for _ in range(256)) + compressor.flush()
    zipped = _hand_made(body, claimed=100)
    given = []
    with pytest.raises(PayloadError) as caught:
        given.extend(len(piece) for piece in codec.inflate(io.BytesIO(zipped)))
    assert caught.value.code == 8
    assert sum(given) <= 100


def _hand_made(body: bytes, claimed: int) -> bytes:
    sizes = struct.pack("<3L", 0, len(body), claimed)
    local = struct.pack("<4s5H", b"PK\x03\x04", 20, 0, 8, 0, 33) + sizes + struct.pack("<2H", 5, 0) + b"a.xml"
    central = (
        struct.pack("<4s6H", b"PK\x01\x02", 20, 20, 0, 8, 0, 33)
        + sizes
        + struct.pack("<5H2L", 5, 0, 0, 0, 0, 0, 0)
        + b"a.xml"
    )
    start = len(local) + len(body)
    return local + body + central + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(central), start, 0)
