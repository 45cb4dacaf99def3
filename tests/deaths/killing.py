"""Running a step in a process of its own and killing that with `kill -9` where it stands."""

from __future__ import annotations

import functools
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tests.deaths.points import ONCE, POINT, REACHED
from tests.interface import serving
from tests.interface.serving import Server

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


@functools.cache
def _nursery(database: str, redis: str) -> subprocess.Popen[str]:
    """Start the process that forks the victims, once; it ends when its input does."""
    given = {"DATABASE_URL": database, "REDIS_URL": redis, "DJANGO_SETTINGS_MODULE": "beian.settings"}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.deaths.child"],
        cwd=ROOT,
        env={**os.environ, **given},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def kill_at(point: str, action: str, *arguments: object) -> str:
    """Do `action` in a child until it reaches `point`, kill it there; gives what it had written."""
    nursery = _nursery(serving.database_url(), settings.ENV.redis_url)
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(json.dumps([point, action, arguments]) + "\n")
    nursery.stdin.flush()
    written = ""
    for line in nursery.stdout:
        if reached := re.match(rf"{REACHED} (\d+)", line):
            os.kill(int(reached[1]), signal.SIGKILL)
            return written
        written += line
        if line.startswith("came to its end"):
            break
    raise AssertionError(f"never came to {point!r}:\n{written}")


class Victim:
    """A gunicorn whose worker stops at a point, once."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def kill(self) -> None:
        """Wait until a worker stands at the point, and kill it. gunicorn starts another."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := re.search(rf"{REACHED} (\d+)", self.server.log.read_text(errors="replace")):
                os.kill(int(found[1]), signal.SIGKILL)
                return
            time.sleep(0.02)
        raise AssertionError(f"nobody came to the point:\n{self.server.log.read_text(errors='replace')}")


@contextmanager
def web_that_dies(folder: Path, point: str) -> Iterator[Victim]:
    """Run gunicorn; the first request that comes to `point` stops there."""
    environment = {POINT: point, ONCE: str(folder / "once"), "PYTHONPATH": str(ROOT)}
    with serving.gunicorn(folder, environment, config="tests.deaths.gunicorn_stops") as server:
        yield Victim(server)
