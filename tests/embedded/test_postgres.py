"""The embedded PostgreSQL starts, and starts again after anything."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator

import psycopg2
import pytest

from beian.embedded.folder import POINTER, DataFolder
from beian.embedded.postgres import Postgres
from beian.embedded.processes import finish, wait_until, working_in


@pytest.fixture
def postgres(folder: DataFolder) -> Iterator[Postgres]:
    server = Postgres(folder)
    yield server
    for pid in working_in(server.data):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not working_in(server.data), 5)


def with_a_row(postgres: Postgres) -> subprocess.Popen[bytes]:
    child = postgres.start()
    postgres.sql("CREATE TABLE t AS SELECT 7 AS n")
    return child


def rows(postgres: Postgres) -> str:
    return postgres.sql("SELECT n FROM t")


def test_data_outlives_a_stop(postgres: Postgres) -> None:
    postgres.stop(with_a_row(postgres))
    assert not working_in(postgres.data)

    child = postgres.start()

    assert rows(postgres) == "7"
    postgres.stop(child)


def test_a_stop_does_not_wait_for_clients(postgres: Postgres) -> None:
    child = postgres.start()
    client = psycopg2.connect(postgres.url)

    postgres.stop(child)

    assert child.returncode == 0
    client.close()


def test_recovers_when_killed(postgres: Postgres) -> None:
    child = with_a_row(postgres)
    child.kill()
    child.wait()

    child = postgres.start()

    assert rows(postgres) == "7"
    postgres.stop(child)


def test_takes_over_from_a_server_that_was_left_running(postgres: Postgres, folder: DataFolder) -> None:
    left = with_a_row(postgres)
    another = Postgres(folder)

    child = another.start()

    assert rows(another) == "7"
    assert left.wait(5) == 0
    another.stop(child)


def test_a_pid_file_that_names_a_stranger_does_not_matter(postgres: Postgres) -> None:
    postgres.stop(with_a_row(postgres))
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (postgres.data / "postmaster.pid").write_text(f"{stranger.pid}\n{postgres.data}\n")

        child = postgres.start()

        assert stranger.poll() is None
        stranger.kill()
    postgres.stop(child)


def test_half_a_cluster_is_made_anew(postgres: Postgres) -> None:
    (postgres.data / "base").mkdir()
    (postgres.data / "global").mkdir()

    child = postgres.start()

    assert postgres.sql("SELECT 1") == "1"
    postgres.stop(child)


def test_nobody_enters_without_the_password(postgres: Postgres) -> None:
    child = postgres.start()

    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(postgres.url.replace(postgres.password, "wrong"))

    postgres.stop(child)


@pytest.mark.parametrize("name", ["with a blank", "it's", "中文"])
def test_any_name_of_the_folder_will_do(name: str, make_folder: Callable[[str], DataFolder]) -> None:
    postgres = Postgres(make_folder(name), durable=False)

    child = postgres.start()

    assert postgres.sql("SELECT 'ok'") == "ok"
    postgres.stop(child)


def test_a_port_that_is_taken_meanwhile_is_not_fought_for(postgres: Postgres, folder: DataFolder) -> None:
    child = postgres.start()
    postgres.stop(child)
    first = postgres.port
    with subprocess.Popen(
        [
            "python3",
            "-c",
            f"import socket,time; s=socket.create_server(('127.0.0.1',{first})); print(1,flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        another = Postgres(folder, durable=False)

        child = another.start()

        assert another.port != first
        other.kill()
    finish(child, signal.SIGINT, 5)


def test_a_pointer_says_where_the_files_are(make_folder: Callable[[str], DataFolder]) -> None:
    moved = make_folder("with a blank")

    assert (moved.root / POINTER).read_text() == f"{moved.state}\n"
    assert make_folder("with a blank").state == moved.state
