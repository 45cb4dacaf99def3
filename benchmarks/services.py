"""The servers of a run, and a fresh database for each benchmark."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from beian.embedded.folder import DataFolder
from beian.embedded.postgres import DATABASE, Postgres
from beian.embedded.processes import unprivileged
from beian.embedded.supervisor import Supervisor
from beian.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent


class Servers:
    """PostgreSQL and Valkey as `script/server` starts them, durable, in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = DataFolder(folder / "servers", unprivileged())
        self.supervisor = Supervisor(report=lambda text: None)
        self.postgres, self.valkey = Postgres(self.folder), Valkey(self.folder)

    def __enter__(self) -> Servers:
        self.supervisor.add(self.postgres)
        self.supervisor.add(self.valkey)
        manage = [sys.executable, "manage.py", "prepare"]
        subprocess.run(manage, cwd=ROOT, env=self._env(DATABASE), check=True, stdout=subprocess.DEVNULL)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.supervisor.stop()

    def fresh(self, name: str) -> dict[str, str]:
        """Give the environment of a benchmark: a prepared database of its own and an empty Valkey."""
        database = f"bench_{name}"
        self.postgres.sql(f"CREATE DATABASE {database} TEMPLATE {DATABASE}", "postgres")
        import redis

        redis.Redis.from_url(self.valkey.url).flushall()
        return self._env(database)

    def _env(self, database: str) -> dict[str, str]:
        return {
            **os.environ,
            "BEIAN_DEMO": "1",
            "BEIAN_DATA_DIR": str(self.folder.root / "files"),
            "BEIAN_STATIC_ROOT": str(self.folder.root / "static"),
            "PROMETHEUS_MULTIPROC_DIR": str(self.folder.subfolder("metrics")),
            "DATABASE_URL": self.postgres.url.rpartition("/")[0] + f"/{database}",
            "REDIS_URL": self.valkey.url,
            "DJANGO_SETTINGS_MODULE": "beian.settings",
            "PYTHONPATH": str(ROOT),
        }
