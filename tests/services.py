"""What the tests run on: PostgreSQL and Valkey of their own, and the settings of a demo.

A pytest plugin, named in `pyproject.toml`, because it must act before Django reads its settings.
With `DATABASE_URL` set, the tests make their databases on that server instead. Valkey is always
our own, one for each process of pytest-xdist: tests may empty it.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from beian.embedded.bytecode import KEPT_IN, keep_bytecode
from beian.embedded.folder import DataFolder
from beian.embedded.postgres import Postgres
from beian.embedded.processes import unprivileged
from beian.embedded.supervisor import Supervisor
from beian.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW_TO_GET_CHROMIUM = "Chromium is missing: apt-get install chromium fonts-noto-cjk (script/test does it if it may)"


class Services:
    """The servers of one pytest process; they end with it, however it ends."""

    def __init__(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix="beian-test-"))
        # The servers run under another account when we are root.
        self.top.chmod(0o711)
        self.folder = DataFolder(self.top, unprivileged())
        self.supervisor = Supervisor(report=lambda text: None)

    def start(self) -> None:
        """Start what the environment does not name, and say in the environment where it is."""
        if "DATABASE_URL" not in os.environ:
            postgres = Postgres(self.folder, durable=False)
            self.supervisor.add(postgres)
            os.environ["DATABASE_URL"] = postgres.url
        valkey = Valkey(self.folder, durable=False)
        self.supervisor.add(valkey)
        os.environ["REDIS_URL"] = valkey.url
        os.environ["BEIAN_DATA_DIR"] = str(self.top / "files")
        (self.top / "static").mkdir()
        os.environ["BEIAN_STATIC_ROOT"] = str(self.top / "static")

    def stop(self) -> None:
        """Stop them and remove their files."""
        self.supervisor.stop()
        shutil.rmtree(self.folder.state, ignore_errors=True)
        shutil.rmtree(self.top, ignore_errors=True)


services: Services | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the services before pytest-django reads the settings."""
    global services
    keep_bytecode(os.environ, ROOT / "var" / "bytecode")
    sys.dont_write_bytecode, sys.pycache_prefix = False, os.environ.get(KEPT_IN)
    os.environ["BEIAN_DEMO"] = "1"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's synchronous calls run in an event loop
    services = Services()
    services.start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the services after everything else."""
    if services is not None:
        services.stop()


def chromium() -> str | None:
    """Give the path of the browser, `None` where there is none."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser tests where there is no browser."""
    if chromium() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=HOW_TO_GET_CHROMIUM))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how to get the browser, at the end, where it is seen."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(HOW_TO_GET_CHROMIUM in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(f"Browser tests were skipped. {HOW_TO_GET_CHROMIUM}", yellow=True)
