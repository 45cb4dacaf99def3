"""`script/server`: the whole system on one machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from beian.embedded import ports
from beian.embedded.bytecode import keep_bytecode
from beian.embedded.folder import POINTER, DataFolder, Refused
from beian.embedded.postgres import Postgres
from beian.embedded.prepared import Prepared
from beian.embedded.processes import MARK, end, marked, tail, unprivileged
from beian.embedded.supervisor import Program, Service, Supervisor, interruptible, uninterrupted
from beian.embedded.valkey import Valkey
from beian.embedded.welcome import welcome

ROOT = Path(__file__).resolve().parent.parent.parent
LARGEST_LOG = 10 * 1024 * 1024
READY_WITHIN = 90.0


def main() -> int:
    """Run the server with the options of the command line; give the exit code."""
    options = _options()
    try:
        with interruptible():
            Server(options).run()
    except KeyboardInterrupt:
        return 0
    except Refused as problem:
        say(f"script/server: {problem}", sys.stderr)
        return 1
    except PermissionError as problem:
        say(f"script/server: {problem}. Was it started by another user before? Give another --data.", sys.stderr)
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/server", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="where the web server listens (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="on which address (127.0.0.1)")
    parser.add_argument("--data", type=Path, default=ROOT / "var" / "demo", help="data folder (var/demo)")
    parser.add_argument("--web-processes", type=int, default=2, help="processes that answer requests (2)")
    parser.add_argument("--web-threads", type=int, default=8, help="threads in each of them (8)")
    parser.add_argument("--workers", type=int, default=2, help="processes that take tasks (2)")
    return parser.parse_args()


def say(text: str, to: object = None) -> None:
    """Show a line at once."""
    print(text, file=to or sys.stdout, flush=True)  # type: ignore[arg-type]


class Server:
    """One start of everything, in a data folder."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.folder = DataFolder(options.data, unprivileged())
        self.supervisor = Supervisor(lambda text: say(f"  {text}"))
        host = "127.0.0.1" if options.host in {"0.0.0.0", "::"} else options.host
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{options.port}"
        self.env = self._environment()

    @property
    def demo(self) -> bool:
        """Whether this start is a demonstration: it is, unless `BEIAN_DEMO=0` is set."""
        return self.env["BEIAN_DEMO"] not in {"", "0", "false", "no"}

    def run(self) -> None:
        """Start everything and keep it running. Ends by `KeyboardInterrupt` only, or by an error."""
        started = time.monotonic()
        with self.folder.locked():
            self._clear_up()
            try:
                self._start()
                say(f"\nReady after {time.monotonic() - started:.1f} s.")
                say(welcome(self.url, self.folder.root, self.demo))
                self.supervisor.watch()
            finally:
                with uninterrupted(say):
                    say("")
                    self.supervisor.stop()
                    say("stopped")

    def _clear_up(self) -> None:
        """End what a killed supervisor left behind; refuse a port that is somebody else's."""
        if end(lambda: marked(self.env[MARK])):
            say("ended what was left of an earlier start")
        port, host = self.options.port, self.options.host
        if not ports.is_free(port, host):
            raise Refused(f"port {port} is in use by {ports.holder(port)}. Stop that, or give another --port.")
        for log in self.folder.logs.glob("*.log"):
            if log.stat().st_size > LARGEST_LOG:
                log.replace(log.with_suffix(".log.1"))

    def _start(self) -> None:
        say(f"Data: {self.folder.root}")
        if self.folder.moved_because:
            say(f"Database files: {self.folder.state} ({self.folder.moved_because}; see {POINTER})")
        self._start_servers()
        self._prepare()
        self._step("web and workers", self._start_application)

    def _start_servers(self) -> None:
        """Start the embedded servers, except where the environment names real ones."""
        if "DATABASE_URL" not in self.env:
            postgres = Postgres(self.folder)
            self._step("PostgreSQL", lambda: self.supervisor.add(postgres))
            self.env["DATABASE_URL"] = postgres.url
        if "REDIS_URL" not in self.env:
            valkey = Valkey(self.folder)
            self._step("Valkey", lambda: self.supervisor.add(valkey))
            self.env["REDIS_URL"] = valkey.url

    def _prepare(self) -> None:
        """Run `manage.py prepare`, unless this very code has prepared this very database."""
        embedded = "DATABASE_URL" not in os.environ
        prepared = Prepared(ROOT, self.folder, self.url, self.demo)
        if embedded and prepared.is_current():
            return
        prepared.forget()
        command = [sys.executable, "manage.py", "prepare", "--base-url", self.url]
        if self.demo:
            command += ["--demo", os.fspath(self.folder.root)]
        log = self.folder.logs / "prepare.log"
        with log.open("ab") as errors:
            done = subprocess.run(command, cwd=ROOT, env=self.env, stderr=errors, check=False)
        if done.returncode:
            raise Refused(f"the preparation failed (all of it: {log}):\n{tail(log)}")
        prepared.note()

    def _start_application(self) -> None:
        web, worker, beat = self._services()
        self.supervisor.add(web)
        self.supervisor.add(worker)
        self._wait_until_ready()
        # Nobody waits for the first beat: it need not take time from the others' start.
        self.supervisor.add(beat)
        if self._serves_providers():
            # It calls bureaus that may be ours: they answer by now.
            self.supervisor.add(self._program("gateway", ["manage.py", "gateway"]))

    def _serves_providers(self) -> bool:
        """Whether a provider's system may be among the nodes of this server."""
        nodes = self.env.get("BEIAN_NODES", "").strip()
        return not nodes or "provider:" in nodes

    def _services(self) -> tuple[Service, Service, Service]:
        options = self.options
        address = f"[{options.host}]" if ":" in options.host else options.host
        web = ["-m", "gunicorn", "-c", "python:beian.gunicorn", "--bind", f"{address}:{options.port}"]
        web += ["--workers", str(options.web_processes), "--threads", str(options.web_threads)]
        return (
            self._program("web", [*web, "beian.wsgi"]),
            self._program("worker", ["manage.py", "worker", "--concurrency", str(options.workers)]),
            self._program("beat", ["manage.py", "beat"]),
        )

    def _program(self, name: str, arguments: list[str]) -> Program:
        return Program(
            name=name,
            command=[sys.executable, *arguments],
            env=self.env,
            folder=ROOT,
            log=self.folder.logs / f"{name}.log",
        )

    def _wait_until_ready(self) -> None:
        started = time.monotonic()
        deadline = started + READY_WITHIN
        while not _is_ready(f"{self.url}/readyz", lambda: time.monotonic() - started):
            dead = [charge for charge in self.supervisor.charges if charge.child and charge.child.poll() is not None]
            if dead:
                name = dead[0].service.name
                raise Refused(f"{name} does not run:\n{tail(self.folder.logs / f'{name}.log')}")
            if time.monotonic() > deadline:
                raise Refused(f"not ready within {READY_WITHIN:.0f} s; see {self.folder.logs}")
            time.sleep(0.1)

    def _step(self, name: str, do: Callable[[], None]) -> None:
        started = time.monotonic()
        print(f"  {name:<18}", end="", flush=True)
        do()
        say(f"{time.monotonic() - started:5.1f} s")

    def _is_loopback(self) -> bool:
        return self.options.host in {"127.0.0.1", "localhost", "::1"}

    def _environment(self) -> dict[str, str]:
        """Give what every child gets; what the caller has set stays."""
        folder = self.folder
        ours: Mapping[str, str] = {
            "BEIAN_DEMO": "1",
            "BEIAN_PUBLIC_URL": self.url,
            "BEIAN_ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]" if self._is_loopback() else "*",
            "BEIAN_DATA_DIR": os.fspath(folder.root / "files"),
            "BEIAN_STATIC_ROOT": os.fspath(folder.root / "static"),
            "PROMETHEUS_MULTIPROC_DIR": os.fspath(folder.subfolder("metrics")),
        }
        always = {
            "DJANGO_SETTINGS_MODULE": "beian.settings",
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": os.fspath(ROOT),
            MARK: os.fspath(folder.root),
        }
        environment = {**ours, **os.environ, **always}
        keep_bytecode(environment, folder.root / "bytecode")
        return environment


def _is_ready(url: str, waited: Callable[[], float]) -> bool:
    """Ask the web processes; a worker that was seen before this start does not count."""
    # No proxy of the caller's environment stands between us and our own child.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with suppress(urllib.error.URLError, OSError), opener.open(url, timeout=5) as answer:
        return bool(json.load(answer)["worker_seen"] < waited())
    return False


if __name__ == "__main__":
    sys.exit(main())
