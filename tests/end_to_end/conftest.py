"""The whole product as a user starts it: `script/server` in a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 240


@dataclass(frozen=True)
class Running:
    """A running server: where it is, and what its demo file says."""

    base_url: str
    demo: dict[str, Any]

    def user(self, role: str, node: str) -> dict[str, str]:
        """Give the account of a role at a node."""
        return next(user for user in self.demo["users"] if (user["role"], user["node"]) == (role, node))

    def provider(self, bureau: str) -> dict[str, Any]:
        """Give a provider of a bureau whose enterprise system is somebody else's."""
        return next(
            provider
            for provider in self.demo["providers"]
            if str(provider["bureau"]) == bureau and not provider["managed"]
        )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_ready(base_url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{base_url}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"script/server was not ready:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="package")
def running() -> Iterator[Running]:
    """Start the server once; stop it as Ctrl-C would, as soon as nobody here needs it."""
    with tempfile.TemporaryDirectory(prefix="beian e2e ") as folder:
        data, log = Path(folder) / "data", Path(folder) / "log"
        Path(folder).chmod(0o755)
        port = _free_port()
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "REDIS_URL", "BEIAN_DATA_DIR", "BEIAN_STATIC_ROOT"}
        }
        with log.open("wb") as output:
            process = subprocess.Popen(
                [ROOT / "script" / "server", "--port", str(port), "--data", data],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=inherited,
                start_new_session=True,
            )
        try:
            base_url = f"http://127.0.0.1:{port}"
            _wait_until_ready(base_url, process, log)
            yield Running(base_url, json.loads((data / "demo.json").read_text()))
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=40)
