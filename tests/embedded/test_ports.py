"""Ports: picked, remembered, and their holder named."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from beian.embedded import ports


def test_the_picked_port_is_remembered(tmp_path: Path) -> None:
    first = ports.pick(tmp_path / "port")

    assert ports.pick(tmp_path / "port") == first


def test_a_taken_port_is_not_picked_again(tmp_path: Path) -> None:
    first = ports.pick(tmp_path / "port")
    with socket.create_server(("127.0.0.1", first)):
        assert ports.pick(tmp_path / "port") != first


def test_who_holds_a_port_on_any_address_is_named() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:
        port = server.getsockname()[1]

        assert not ports.is_free(port)
        assert f"process {os.getpid()}" in ports.holder(port)


def test_a_port_with_closing_connections_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()

    assert ports.is_free(port)
