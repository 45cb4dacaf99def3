"""A real gunicorn to attack, and an account to attack it as."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interface.models import ProviderAccount
from tests.hostile import wire
from tests.interface import calling, serving
from tests.interface.serving import Server


def collected(folder: Path) -> Path:
    """The static files, gathered as for production: pages need their list."""
    environment = {**os.environ, "BEIAN_STATIC_ROOT": str(folder)}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=serving.ROOT, env=environment, check=True)
    return folder


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("gunicorn")
    environment = {"BEIAN_STATIC_ROOT": str(collected(folder / "static"))}
    with (
        django_db_blocker.unblock(),
        serving.gunicorn(folder, environment, config="tests.hostile.impatient") as running,
    ):
        wire.exchange(running.port, wire.head(path="/healthz", method="GET"))
        yield running


@pytest.fixture
def account(transactional_db: None) -> ProviderAccount:
    return calling.account()
