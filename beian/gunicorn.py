"""How gunicorn runs the application: `python -m gunicorn -c python:beian.gunicorn beian.wsgi`.

Address, processes and threads come from its command line; this is what does not depend on those.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from pathlib import Path
from typing import Any

worker_class = "beian.web.patient_worker.PatientWorker"
# Well below the usual limit of 1,024 open files, so that there are some left for what the requests open.
worker_connections = 500
# What a static file's reader keeps waiting must be seen by the worker; it is not seen inside the kernel.
sendfile = False
# Import the application once, in the parent: a quick start, and less memory.
preload_app = True
# Idle connections of reverse proxies stay open a little longer than those keep them.
keepalive = 75
timeout = 120
graceful_timeout = 10
# Heartbeat files on a disk would stall workers when that is busy.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
# `CorrelationMiddleware` logs requests, as JSON and without their queries: those may hold personal data.
accesslog = None
# It would lie in the home directory, where two installations take it from each other.
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Empty the metrics folder: its files belong to processes of an earlier start."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        for file in Path(folder).glob("*.db"):
            file.unlink()


def when_ready(server: Any) -> None:
    """Load what the first request would load, and keep the collector away from it.

    What an application consists of never becomes garbage, but looking through it took a fifth of the
    time of a call; and pages that nobody writes to stay shared with the children.
    """
    from django.urls import get_resolver

    get_resolver().reverse_dict  # noqa: B018 - asking for it imports all views
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """Let threads take turns sooner than Python's 5 ms.

    A call waits for PostgreSQL seven times, for less than a millisecond each, and would wait those 5 ms
    each time for a thread that computes.
    """
    sys.setswitchinterval(0.0005)


def child_exit(server: Any, worker: Any) -> None:
    """Let the metrics forget the gauges of a worker that is gone."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def pre_request(worker: Any, request: Any) -> None:
    """Note when a request came."""
    request.beian_started = time.monotonic()


def post_request(worker: Any, request: Any, environ: dict[str, Any], response: Any) -> None:
    """Count the request and its time."""
    from beian.metrics import DURATIONS, REQUESTS

    method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
    REQUESTS.labels(method, str(response.status_code)).inc()
    DURATIONS.labels(method).observe(time.monotonic() - request.beian_started)
