"""Processes to be killed: this one is ready to work and forks one for each line it reads."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable

import django

django.setup()

from beian.exchange import dispatch, tasks  # noqa: E402
from beian.models import User  # noqa: E402
from beian.tasks import send_mail  # noqa: E402
from bureau.services import review  # noqa: E402
from bureau.tasks import process_upload  # noqa: E402
from enterprise.gateway import fetching, uploading  # noqa: E402
from tests.deaths.points import arm  # noqa: E402

ENDED = "came to its end"


def approve(application_id: int, username: str) -> None:
    """What a web process does when a reviewer approves."""
    review.approve(application_id, User.objects.get(username=username), None)


ACTIONS: dict[str, Callable[..., object]] = {
    "process": process_upload,
    "approve": approve,
    "deliver": tasks.deliver,
    "push": dispatch.push,
    "mail": send_mail,
    "gateway_upload": uploading.drain,
    "gateway_fetch": fetching.step,
}


def work(point: str, action: str, arguments: list[object]) -> None:
    """Do an action that is to stop at a point; never comes back."""
    try:
        arm(point)
        ACTIONS[action](*arguments)
    except Exception:
        traceback.print_exc(file=sys.stdout)
    finally:
        print(ENDED, flush=True)
        os._exit(1)


if __name__ == "__main__":
    # Nothing is connected yet: what a fork inherits is code only.
    for line in sys.stdin:
        if (pid := os.fork()) == 0:
            work(*json.loads(line))
        os.waitpid(pid, 0)
