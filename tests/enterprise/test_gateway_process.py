"""`manage.py gateway` as it runs: over a live server, until it is told to end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection as database

from beian.models import Node
from enterprise.gateway.running import LETTING_GO, Gateway
from enterprise.models import Call, Case, Connection
from enterprise.workflow import State
from interface.client import SECONDS
from interface.models import ProviderAccount
from tests.end_to_end.nodes import wait_for
from tests.enterprise.gateways import at_bureau, queued
from tests.interface import serving
from tests.interface.serving import ROOT, Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("code_tables")]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving.gunicorn(tmp_path) as running:
        yield running


@contextmanager
def gateway(folder: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A gateway on the test database."""
    given = {
        **os.environ,
        "DATABASE_URL": serving.database_url(),
        "REDIS_URL": settings.ENV.redis_url,
        "BEIAN_DEMO": "1",
        "BEIAN_DATA_DIR": str(settings.ENV.data_dir),
        **environment,
    }
    with (folder / "gateway.log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "manage.py", "gateway"], cwd=ROOT, env=given, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield child
        finally:
            child.kill()
            child.wait()


def acknowledged() -> int:
    return Case.objects.filter(state=State.ACKNOWLEDGED).count()


def test_it_uploads_and_fetches_and_takes_up_what_is_new(
    tmp_path: Path, server: Server, isp: Node, account: ProviderAccount, connection: Connection
) -> None:
    Connection.objects.update(active=False, endpoint=server.endpoint(), last_sequence=None)
    queued(isp, 2)
    with gateway(tmp_path) as child:
        time.sleep(3)
        assert not Call.objects.exists()
        Connection.objects.update(active=True)
        wait_for("the upload", lambda: acknowledged() == 2, 20)
        wait_for("a look", lambda: Connection.objects.get().last_looked_at, 10)
        queued(isp, 1, first=3)
        wait_for("the next upload", lambda: acknowledged() == 3, 10)
        Connection.objects.update(active=False)
        queued(isp, 1, first=4)
        time.sleep(3)
        assert acknowledged() == 3
        assert child.poll() is None
    assert at_bureau(account) == [1, 2]


def test_it_serves_its_own_nodes_only(tmp_path: Path, server: Server, isp: Node, connection: Connection) -> None:
    Connection.objects.update(endpoint=server.endpoint())
    with gateway(tmp_path, BEIAN_NODES="provider:440000000009"):
        time.sleep(5)
        assert not Call.objects.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_even_in_a_call(
    tmp_path: Path, isp: Node, connection: Connection, number: signal.Signals
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        Connection.objects.update(endpoint=f"http://127.0.0.1:{port}")
        with gateway(tmp_path) as child:
            silent.settimeout(20)
            caller, _ = silent.accept()
            child.send_signal(number)
            assert child.wait(SECONDS / 4) == 0
            caller.close()


class Stuck:
    """A loop in a call that takes a minute."""

    def __init__(self) -> None:
        self.ended, self.waited = threading.Event(), 0.0

    def join(self, timeout: float) -> None:
        self.waited = timeout

    def is_alive(self) -> bool:
        return True


def test_all_loops_together_are_waited_for_less_than_two_seconds() -> None:
    gateway, loops = Gateway(), [Stuck() for _ in range(6)]
    gateway._loops = {pk: (loops[pk], loops[pk + 3]) for pk in range(3)}  # type: ignore[misc]
    assert not gateway._let_go()
    assert all(loop.ended.is_set() for loop in loops)
    assert sum(loop.waited for loop in loops) == pytest.approx(LETTING_GO)
    assert LETTING_GO < 2


def test_it_survives_the_loss_of_its_database_sessions(
    tmp_path: Path, server: Server, isp: Node, connection: Connection
) -> None:
    Connection.objects.update(endpoint=server.endpoint())
    queued(isp, 1)
    with gateway(tmp_path) as child:
        wait_for("the upload", lambda: acknowledged() == 1, 20)
        with database.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        queued(isp, 1, first=2)
        wait_for("the next upload", lambda: acknowledged() == 2, 20)
        assert child.poll() is None
