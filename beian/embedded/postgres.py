"""The embedded PostgreSQL: made, started, recovered and stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from beian.embedded import ports, programs
from beian.embedded.folder import DataFolder, Refused
from beian.embedded.processes import end, finish, run, spawn, tail, wait_until, working_in

NAME = "postgres"
DATABASE = USER = "beian"

# No socket file: TCP with a password does all we need, and a socket's path may be 107 bytes at most.
CONFIG = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
timezone = 'UTC'
log_timezone = 'UTC'
"""
# What a test may do without: its databases need not outlive a crash.
VOLATILE = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""


class Postgres:
    """One cluster in a data folder, with one database. `durable=False` is for tests."""

    name = NAME

    def __init__(self, folder: DataFolder, *, durable: bool = True) -> None:
        self.folder = folder
        self.programs = programs.postgres_programs(folder)
        self.data = folder.server_folder(NAME)
        self.log = folder.logs / f"{NAME}.log"
        self.password = folder.secret(NAME)
        self.port = 0
        self.durable = durable

    @property
    def url(self) -> str:
        """The address of the database, as `DATABASE_URL` wants it."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> subprocess.Popen[bytes]:
        """Make the cluster if there is none, start it, and give the server when it answers.

        Recovers after a crash of the server, of the machine, or of whoever had started it.
        """
        end(lambda: working_in(self.data))
        if not (self.data / "PG_VERSION").exists():
            self._create()
        # No process works in the data directory, so this file is stale, whatever pid it names.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        # A restarted server must come back where its clients look for it.
        self.port = self.port or ports.pick(self.folder.state / "postgres.port")
        child = spawn(
            [self.programs / "postgres", "-D", self.data, "-p", str(self.port)],
            log=self.log,
            env=_environment(),
            cwd=self.data,
            account=self.folder.account,
            death_signal=signal.SIGINT,
        )
        if not wait_until(lambda: child.poll() is not None or self.answers(), 60) or child.poll() is not None:
            finish(child, signal.SIGINT, 5)
            raise Refused(f"PostgreSQL did not start:\n{tail(self.log)}")
        self._create_database()
        return child

    def stop(self, child: subprocess.Popen[bytes]) -> None:
        """Stop the server: its clients are cut off, what is committed is safe."""
        finish(child, signal.SIGINT, 30)

    def answers(self) -> bool:
        """Tell whether the server accepts connections."""
        # A socket alone accepts before the recovery after a crash has ended.
        probe: list[str | Path] = [self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return ports.answers(self.port) and run(probe, env=_environment()).returncode == 0

    def sql(self, statement: str, database: str = DATABASE) -> str:
        """Run a statement as the owner and give its result, a line a row.

        Raises `RuntimeError` with the server's message.
        """
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", USER]
        done = run(
            [self.programs / "psql", *address, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, database],
            env={**_environment(), "PGPASSWORD": self.password},
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.strip()

    def _create(self) -> None:
        """Make the cluster beside its place and move it in: half a cluster never counts as one."""
        shutil.rmtree(self.data)
        unfinished = self.folder.server_folder(f"{NAME}.unfinished")
        shutil.rmtree(unfinished)
        unfinished = self.folder.server_folder(unfinished.name)
        password = self._password_file()
        try:
            self._initdb(unfinished, password)
        finally:
            password.unlink()
        with (unfinished / "postgresql.conf").open("a") as config:
            config.write(CONFIG if self.durable else CONFIG + VOLATILE)
        unfinished.rename(self.data)

    def _initdb(self, target: Path, password: Path) -> None:
        # No ICU in this build: Chinese order comes from stored sort keys, and C.UTF-8 is everywhere.
        collation = ["-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access: list[str | Path] = ["-U", USER, "--pwfile", password, "--auth=scram-sha-256"]
        sync = [] if self.durable else ["--no-sync"]
        done = run(
            [self.programs / "initdb", "-D", target, *access, *collation, *sync, "--no-instructions"],
            env=_environment(),
            account=self.folder.account,
        )
        if done.returncode:
            raise Refused(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _password_file(self) -> Path:
        """Give the password to the servers' account, for as long as `initdb` runs."""
        path = self.folder.state / f"{NAME}.password"
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write(self.password)
        if self.folder.account is not None:
            os.chown(path, self.folder.account.uid, self.folder.account.gid)
        return path

    def _create_database(self) -> None:
        # Looked up each time: a first start may have ended between `initdb` and here.
        if DATABASE not in self.sql("SELECT datname FROM pg_database", "postgres").split():
            self.sql(f"CREATE DATABASE {DATABASE}", "postgres")


def _environment() -> Mapping[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
