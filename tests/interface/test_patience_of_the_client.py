"""How long the provider's side waits for a bureau that answers a byte at a time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from interface.client import NoConnection, Parameters, ProviderClient

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


@pytest.fixture(params=[HEAD + b"X-Slow: ", HEAD + b"\r\n<!--"], ids=["in a header", "in the body"])
def dribbling(request: pytest.FixtureRequest) -> Iterator[int]:
    """A bureau that begins an answer and then sends a byte every 50 ms, for five seconds."""
    done = threading.Event()

    def serve(listening: socket.socket) -> None:
        with suppress(OSError):
            connected, _ = listening.accept()
            with connected:
                connected.sendall(request.param)
                for _ in range(100):
                    if done.wait(0.05):
                        break
                    connected.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        yield listening.getsockname()[1]
        done.set()
        thread.join()


def test_a_bureau_that_sends_a_byte_now_and_then_is_not_waited_for(dribbling: int) -> None:
    parameters = Parameters(endpoint=f"http://127.0.0.1:{dribbling}", isp_id=1, user_name="example", password="example")
    began = time.monotonic()
    with pytest.raises(NoConnection, match="no whole answer"):
        ProviderClient(parameters, seconds=0.5).status(0, "example.cn")
    assert time.monotonic() - began < 2
