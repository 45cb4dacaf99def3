"""The embedded Valkey keeps its data and lets nobody in without the password."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from beian.embedded.folder import DataFolder
from beian.embedded.processes import end, working_in
from beian.embedded.valkey import Valkey


@pytest.fixture
def valkey(folder: DataFolder) -> Iterator[Valkey]:
    server = Valkey(folder)
    yield server
    end(lambda: working_in(server.data))


def client(valkey: Valkey) -> redis.Redis:
    return redis.Redis.from_url(f"{valkey.url}/0")


def test_data_outlives_a_stop(valkey: Valkey) -> None:
    child = valkey.start()
    client(valkey).set("n", "7")
    valkey.stop(child)

    child = valkey.start()

    assert client(valkey).get("n") == b"7"
    valkey.stop(child)


def test_takes_over_from_a_server_that_was_left_running(valkey: Valkey, folder: DataFolder) -> None:
    left = valkey.start()
    client(valkey).set("n", "7")
    another = Valkey(folder)

    child = another.start()

    assert client(another).get("n") == b"7"
    assert left.wait(5) == 0
    another.stop(child)


def test_nobody_enters_without_the_password(valkey: Valkey) -> None:
    child = valkey.start()

    with pytest.raises(redis.AuthenticationError):
        redis.Redis(host="127.0.0.1", port=valkey.port, retry=None).ping()

    valkey.stop(child)


def test_the_password_is_not_on_the_command_line(valkey: Valkey) -> None:
    child = valkey.start()

    with open(f"/proc/{child.pid}/cmdline") as command:
        assert valkey.password not in command.read()

    valkey.stop(child)
