"""Systems of the network as separate processes, each with a database, a key and a folder of its own."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from django.conf import settings
from django.db import connection

from beian.celery import app, node_queue

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


def wait_for(what: str, condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.1)


@dataclass
class System:
    """One node's system. Its processes end with the `stack`."""

    code: str
    database: str
    folder: Path
    stack: ExitStack
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.url = _url(self.database)
        key = base64.b64encode(hashlib.sha256(self.code.encode()).digest()).decode()
        self.env = {
            **os.environ,
            "BEIAN_DEMO": "1",
            "BEIAN_NODES": self.code,
            "BEIAN_DATA_KEYS": f"1:{key}",
            "BEIAN_DATA_DIR": str(self.folder / "files"),
            "BEIAN_STATIC_ROOT": str(self.folder.parent / "static"),
            "DATABASE_URL": self.url,
            "REDIS_URL": settings.ENV.redis_url,
            "PYTHONPATH": str(ROOT),
        }

    def run(self, *arguments: str, said: str = "") -> str:
        """Run a Python program of this system to its end; gives what it wrote."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.env,
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
        return done.stdout

    def manage(self, *arguments: str, said: str = "") -> str:
        """Run a management command."""
        return self.run("manage.py", *arguments, said=said)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask this system's database."""
        with _connected(self.url) as cursor:
            cursor.execute(query)
            return list(cursor.fetchall()) if cursor.description else []

    def value(self, query: str) -> Any:
        """Ask for one value; None where there is no row."""
        rows = self.rows(query)
        return rows[0][0] if rows else None

    def start_worker(self) -> None:
        """Let it take its messages and do its work."""
        self.start("worker", "manage.py", "worker", "--concurrency", "1", "--name", f"{self.code}@%h")

    def stop_worker(self) -> None:
        """Let it be away: nobody takes what comes for it."""
        self._kill("worker")

    def start_web(self) -> str:
        """Serve its pages and its interface; gives the address."""
        address = ("--bind", "127.0.0.1:0", "--workers", "1", "--threads", "4")
        self.start("web", "-m", "gunicorn", "-c", "python:beian.gunicorn", *address, "beian.wsgi")
        log = self.folder / "web.log"
        wait_for(f"web of {self.code}", lambda: b"Booting worker" in log.read_bytes())
        found = re.search(r"Listening at: (http://\S+)", log.read_text())
        assert found is not None
        return found[1]

    def sweep(self) -> None:
        """Let time pass until every message is due again, and the sweeper come."""
        self.rows("UPDATE beian_message SET due_at = now() - interval '1 second' WHERE state = 'waiting'")
        app.send_task("beian.exchange.sweep", queue=f"work.{self.code}")

    def queued(self) -> int:
        """Give how many messages for it lie in the broker."""
        with app.pool.acquire(block=True) as broker:
            return int(broker.default_channel.client.llen(node_queue(self.code)))

    def start(self, name: str, *arguments: str) -> None:
        """Start a Python program of this system under a name."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.stack.callback(self._kill, name)

    def _kill(self, name: str) -> None:
        child = self.processes.pop(name, None)
        if child is not None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


@contextmanager
def three_systems(codes: Mapping[str, str], folder: Path) -> Iterator[list[System]]:
    """Make an empty system for each node `code: name`, every one of which knows all the others."""
    with ExitStack() as stack:
        systems = []
        for place, code in enumerate(codes):
            database = f"three_{os.getpid()}_{place}"
            template = systems[0].database if systems else "template0"
            administrate(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
            stack.callback(administrate, f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            systems.append(System(code, database, folder / code.replace(":", "-"), stack))
            if len(systems) == 1:
                _prepare(systems[0], codes)
        with app.pool.acquire(block=True) as broker:
            broker.default_channel.client.flushdb()
        yield systems


def _prepare(system: System, codes: Mapping[str, str]) -> None:
    """Make the tables and the directory once; the other databases begin as copies."""
    system.manage("prepare")
    for code, name in codes.items():
        system.manage("add_node", code, "--name", name, "--two-stages", "yes" if code == "bureau:110000" else "no")


def _url(database: str) -> str:
    values = connection.settings_dict
    user, password = quote(values["USER"], safe=""), quote(values["PASSWORD"], safe="")
    return f"postgresql://{user}:{password}@{values['HOST']}:{values['PORT'] or 5432}/{database}"


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    opened = psycopg2.connect(url)
    opened.autocommit = True
    try:
        with opened.cursor() as cursor:
            yield cursor
    finally:
        opened.close()


def administrate(statement: str) -> None:
    """Do something about databases as a whole."""
    with _connected(_url("postgres")) as cursor:
        cursor.execute(statement)
