"""Lets the services live at another time, so that the demo has a past made by the real services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Make it `moment` for all that asks Django for the time. For one thread, in `load_demo` only."""
    with patch.object(timezone, "now", lambda: moment):
        yield
