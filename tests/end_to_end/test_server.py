"""`script/server` for real: a start, a death by `kill -9` of all of it, a start again, Ctrl-C."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from beian.embedded.folder import POINTER
from beian.embedded.processes import marked, send, wait_until, working_in

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = {"DATABASE_URL", "REDIS_URL", "BEIAN_DATA_DIR", "BEIAN_STATIC_ROOT", "BEIAN_PUBLIC_URL", "PYTEST_XDIST_WORKER"}

pytestmark = pytest.mark.slow


class Start:
    """One running `script/server`."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        env = {name: value for name, value in os.environ.items() if name not in OURS}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "beian.embedded.server", "--port", str(port), "--data", str(data)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=env,
            text=True,
        )
        self.output: list[str] = []

    def wait(self) -> str:
        """Read its output until it says that it is ready, or ends; give what it said."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line)
            if line.startswith("Ctrl-C stops"):
                break
        return "".join(self.output)

    def ask(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return bytes(answer.read())

    def worker_seen(self) -> float:
        return float(json.loads(self.ask("/readyz"))["worker_seen"])

    def state(self) -> Path:
        return Path((self.data / POINTER).read_text().rstrip("\n"))

    def cluster(self) -> tuple[int, float]:
        """Identify the database cluster: one that was made anew has another file."""
        version = (self.state() / "postgres" / "PG_VERSION").stat()
        return version.st_ino, version.st_mtime

    def processes(self) -> list[int]:
        state = self.state()
        return [*marked(str(self.data)), *working_in(state / "postgres"), *working_in(state / "valkey")]

    def end(self) -> tuple[int, str]:
        """Press Ctrl-C; give the exit code and all that was said."""
        self.process.send_signal(signal.SIGINT)
        said, _ = self.process.communicate(timeout=60)
        return self.process.returncode, "".join(self.output) + said

    def kill(self) -> None:
        """Kill everything at once, as a crash of the machine would."""
        send([self.process.pid, *self.processes()], signal.SIGKILL)
        self.process.wait()
        assert wait_until(lambda: not self.processes(), 10)


@pytest.fixture
def data() -> Iterator[Path]:
    top = Path(tempfile.mkdtemp(prefix="beian-test-"))
    top.chmod(0o711)
    # A blank in the name, so that the database files move as well.
    folder = top / "with a blank"
    yield folder
    pointer = folder / POINTER
    if pointer.exists():
        shutil.rmtree(pointer.read_text().rstrip("\n"), ignore_errors=True)
    shutil.rmtree(top)


@pytest.fixture
def port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def test_starts_survives_a_crash_and_stops(data: Path, port: int) -> None:
    first = Start(data, port)
    said = first.wait()
    ready = time.monotonic()
    assert "Ready after" in said, said
    assert f"Database files: {(data / POINTER).read_text().strip()}" in said
    demo = json.loads((data / "demo.json").read_text())
    assert demo["base_url"] == f"http://127.0.0.1:{port}"
    assert demo["users"][0]["password"] in said
    assert json.loads(first.ask("/readyz"))["ready"] is True
    assert b"beian_requests_total" in first.ask("/metrics")
    assert len(first.processes()) > 5
    # The worker showed itself once before we were told; whatever comes after is beat's doing.
    assert wait_until(lambda: first.worker_seen() < time.monotonic() - ready, 60, pause=0.5)

    cluster = first.cluster()
    first.kill()
    second = Start(data, port)
    said = second.wait()
    assert "Ready after" in said, said
    assert second.cluster() == cluster
    assert json.loads(second.ask("/readyz"))["ready"] is True

    code, said = second.end()
    assert code == 0
    stops = [line.split()[1] for line in said.splitlines() if line.startswith("  stopping ")]
    assert stops == ["gateway", "beat", "worker", "web", "valkey", "postgres"]
    assert not second.processes()


def test_a_taken_port_is_named_with_its_holder(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        start = Start(data, other.getsockname()[1])
        said = start.wait()

    assert start.process.wait(10) == 1
    assert f"in use by process {os.getpid()}" in said
