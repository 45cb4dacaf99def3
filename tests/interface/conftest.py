"""What the tests of the interface share: an account at a bureau, and changed settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from beian.web.throttle import connection
from interface.services import waking
from tests.interface import calling
from tests.interface.calling import Caller


@pytest.fixture
def environment(settings: Any) -> Callable[..., None]:
    """Change settings for one test: `environment(maintenance="upload")`."""

    def change(**values: object) -> None:
        settings.ENV = replace(settings.ENV, **values)

    return change


@pytest.fixture
def caller(db: None) -> Caller:
    """A provider that may call bureau 440000 and do everything."""
    return Caller(calling.account())


@pytest.fixture
def sent_tasks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[Any]]]:
    """Which tasks were sent, instead of sending them."""
    sent: list[tuple[str, list[Any]]] = []
    monkeypatch.setattr(waking.celery, "send_task", lambda name, args, **options: sent.append((name, list(args))))
    return sent


@pytest.fixture
def _forget_tries() -> None:
    """Begin with nothing counted."""
    for key in connection().scan_iter("interface:*"):
        connection().delete(key)
