"""gunicorn as in production, but its workers stop at the point that `DIE_AT` names."""

import os
from typing import Any

from beian.gunicorn import *  # noqa: F403
from tests.deaths.points import POINT, arm


def post_worker_init(worker: Any) -> None:
    """The application is loaded: now its functions can be replaced."""
    arm(os.environ[POINT])
