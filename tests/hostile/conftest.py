"""A real gunicorn to attack, and an account to attack it as."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from interface.models import ProviderAccount
from tests.interface import calling, serving
from tests.interface.serving import Server


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with django_db_blocker.unblock(), serving.gunicorn(tmp_path_factory.mktemp("gunicorn")) as running:
        yield running


@pytest.fixture
def account(transactional_db: None) -> ProviderAccount:
    return calling.account()
