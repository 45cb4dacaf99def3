"""What a bureau, or whoever stands in its place, answers beside the interface: told in words that can be kept."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from interface.client import CallFailed, NoConnection, Parameters, ProviderClient
from interface.codec import PayloadError
from interface.documents.returns import FileInfo


@contextmanager
def answering(*answer: bytes) -> Iterator[int]:
    """Something that takes one call and sends these bytes, one after another; gives its port."""

    def serve(listening: socket.socket) -> None:
        with suppress(OSError):
            connected, _ = listening.accept()
            with connected:
                connected.recv(1 << 16)
                for each in answer:
                    connected.sendall(each)
                    time.sleep(0.1 if len(answer) > 1 else 0)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
    thread.join(5)


def client(port: int, scheme: str = "http") -> ProviderClient:
    return ProviderClient(
        Parameters(endpoint=f"{scheme}://127.0.0.1:{port}", isp_id=1, user_name="example", password="example"),
        seconds=0.5,
    )


@pytest.mark.parametrize("line", [b"\x15\x03\x01\x00\x02\x02\x16\r\n", b"HTTP/1.1 \x00\x1b[31m\r\n\r\n"])
def test_no_control_character_is_told(line: bytes) -> None:
    with answering(line) as port, pytest.raises(CallFailed) as failed:
        client(port).status(0, "example.cn")
    assert str(failed.value).startswith("127.0.0.1")
    assert str(failed.value).isprintable()


def test_a_handshake_that_does_not_end_is_not_waited_for() -> None:
    """Each byte comes in time; all of them do not."""
    began = time.monotonic()
    with answering(b"\x16", b"\x03", b"\x03", b"\x40", b"\x00", *[b"\x00"] * 30) as port:
        with pytest.raises(NoConnection, match="no whole answer"):
            client(port, "https").status(0, "example.cn")
        assert time.monotonic() - began < 2


def test_a_file_in_letters_that_are_no_base64_is_damaged() -> None:
    file = FileInfo(
        encrypt_algorithm=0, hash_algorithm=0, compression_format=0, file_name="P1", content="中文", hash=""
    )
    with pytest.raises(PayloadError):
        client(9).open_document(file)
