"""One id for everything that a request causes: in the log, in events, in messages, in the answer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from beian.events import current_correlation

HEADER = "X-Request-Id"
log = structlog.get_logger("beian.web")


class CorrelationMiddleware:
    """Take the caller's `X-Request-Id` where it is a UUID, make one otherwise, and give it back.

    It stands as `request.correlation`, in `beian.events.current_correlation` and in each log line.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        correlation = read(request.headers.get(HEADER, ""))
        request.correlation = correlation  # type: ignore[attr-defined]
        token = current_correlation.set(correlation)
        started = time.monotonic()
        try:
            with structlog.contextvars.bound_contextvars(correlation=str(correlation)):
                response = self.get_response(request)
                _log(request, response, time.monotonic() - started)
        finally:
            current_correlation.reset(token)
        response[HEADER] = str(correlation)
        return response


def read(text: str) -> uuid.UUID:
    """Give the UUID that `text` writes, or a new one: anything else could forge log lines."""
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return uuid.uuid4()


def _log(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Log without the query string, which may hold what somebody searched for."""
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        milliseconds=round(seconds * 1000),
    )
