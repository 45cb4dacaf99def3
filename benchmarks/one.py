"""One benchmark in its own process: `python -m benchmarks.one NAME FOLDER SCALE`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from beian.embedded import ports
from beian.embedded.processes import finish, spawn, tail, wait_until
from benchmarks import report
from benchmarks.services import ROOT

WEB_PROCESSES, WEB_THREADS, WORKERS = 2, 8, 2
"""As `script/server` has them."""


@dataclass(frozen=True)
class Bench:
    """What a benchmark is given: a folder of its own, how much of the full size, and the processes."""

    folder: Path
    scale: float

    def sized(self, full: int, least: int = 1) -> int:
        """Give the number at this run's scale."""
        return max(least, round(full * self.scale))

    def say(self, text: str) -> None:
        print(f"  {text}", flush=True)

    @contextmanager
    def web(self, env: Mapping[str, str] | None = None) -> Iterator[int]:
        """Run the application's web server; gives its port."""
        with self.gunicorn("python:beian.gunicorn", "beian.wsgi", env) as port:
            yield port

    @contextmanager
    def gunicorn(
        self, config: str, application: str, env: Mapping[str, str] | None = None, python: str | Path = sys.executable
    ) -> Iterator[int]:
        """Run any WSGI application with the processes and threads of `script/server`."""
        port = ports.pick(self.folder / "web.port")
        sizes = ["--workers", str(WEB_PROCESSES), "--threads", str(WEB_THREADS)]
        command = [python, "-m", "gunicorn", "-c", config, "--bind", f"127.0.0.1:{port}", *sizes, application]
        with self.running(f"web-{application.partition('.')[0]}", command, env) as child:
            if not wait_until(lambda: ports.answers(port) or child.poll() is not None, 30) or child.poll() is not None:
                raise RuntimeError(f"{application} does not start")
            time.sleep(1)  # both processes are up, not only the first
            yield port

    @contextmanager
    def worker(self) -> Iterator[None]:
        """Run a Celery worker and the beat, and wait until the worker takes tasks."""
        worker = [sys.executable, "manage.py", "worker", "--concurrency", str(WORKERS)]
        with self.running("worker", worker), self.running("beat", [sys.executable, "manage.py", "beat"]):
            time.sleep(6)
            yield

    @contextmanager
    def running(
        self, name: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Run a program for as long as the block."""
        log = self.folder / f"{name}.log"
        child = spawn(command, log=log, env={**os.environ, **(env or {})}, cwd=ROOT)
        try:
            yield child
        except BaseException:
            print(tail(log), file=sys.stderr)
            raise
        finally:
            finish(child, signal.SIGTERM, 20)


def main(name: str, folder: Path, scale: float) -> None:
    """Run it and keep its rows."""
    import django

    folder.mkdir(parents=True, exist_ok=True)
    django.setup()
    rows, notes = import_module(f"benchmarks.{name}").run(Bench(folder, scale))
    report.show(rows)
    report.keep(name, rows, notes, scale)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
