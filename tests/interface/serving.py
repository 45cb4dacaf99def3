"""A real gunicorn on the test database, as a child of the test run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and its log."""

    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def workers(self) -> list[int]:
        """The process ids of all workers that were ever started."""
        return [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", self.log.read_text(errors="replace"))]

    def peak_memory(self) -> int:
        """The most that the worker ever held in memory, in bytes."""
        status = Path(f"/proc/{self.workers[-1]}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]

    def endpoint(self, province: int = 440000) -> str:
        return f"{self.url}/bureaus/{province}"


def database_url() -> str:
    """The address of the database that this test process uses."""
    values = connection.settings_dict
    user, password = quote(values["USER"], safe=""), quote(values["PASSWORD"], safe="")
    host = values["HOST"]
    if host.startswith("/"):
        return f"postgresql://{user}:{password}@/{values['NAME']}?host={quote(host, safe='')}"
    return f"postgresql://{user}:{password}@{host}:{values['PORT'] or 5432}/{values['NAME']}"


@contextmanager
def gunicorn(
    folder: Path, environment: Mapping[str, str] | None = None, *, config: str = "beian.gunicorn", workers: int = 1
) -> Iterator[Server]:
    """Run the application under gunicorn, on a port that the system chooses."""
    log = folder / "gunicorn.log"
    command = [
        *(sys.executable, "-m", "gunicorn", "-c", f"python:{config}", "beian.wsgi"),
        *("--bind", "127.0.0.1:0", "--workers", str(workers), "--threads", "8"),
    ]
    given = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.ENV.redis_url,
        "BEIAN_DEMO": "1",
        "BEIAN_PUBLIC_URL": "https://beian.example",
        **(environment or {}),
    }
    with log.open("wb") as output:
        child = subprocess.Popen(command, cwd=ROOT, env=given, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield Server(_port(child, log), log)
        finally:
            child.terminate()
            child.wait(15)


def _port(child: subprocess.Popen[bytes], log: Path) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and child.poll() is None:
        text = log.read_text(errors="replace")
        listening = re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", text)
        if listening and "Booting worker" in text:
            return int(listening.group(1))
        time.sleep(0.05)
    raise AssertionError(f"gunicorn did not start:\n{log.read_text(errors='replace')}")
