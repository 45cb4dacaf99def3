"""The public query (公共查询), the ministry's front page."""

from __future__ import annotations

from typing import Any

import redis
import structlog
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from beian.views.errors import too_many
from beian.web.client_address import client_address, client_network
from beian.web.requests import AnyRequest
from beian.web.throttle import Throttle
from ministry.services.search import MOST_ROWS, NotUnderstood, find, understand

log = structlog.get_logger(__name__)

THROTTLE = Throttle("public-query", limit=30, seconds=60)
FRESH_SECONDS = 60


@require_safe
def query(request: AnyRequest) -> HttpResponse:
    """Show the field and, with `?q=`, the filings of a domain, a filing number or a sponsor."""
    text = request.GET.get("q", "").replace("\0", "").strip()
    if not text:
        return _cached(render(request, "ministry/query.html", {}))
    wait = _wait(request)
    if wait:
        response = too_many(request, wait)
        patch_cache_control(response, no_store=True)
        return response
    response = _cached(render(request, "ministry/query.html", _answer(text)))
    # Who has filed what is for those who ask, not for search engines to collect.
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(text: str) -> dict[str, Any]:
    context: dict[str, Any] = {"text": text, "most_rows": MOST_ROWS}
    try:
        question = understand(text)
    except NotUnderstood as problem:
        return {**context, "problem": str(problem)}
    return {**context, "question": question, "answer": find(question)}


def _wait(request: AnyRequest) -> int:
    """Give the seconds this caller has to wait, 0 for none."""
    try:
        verdict = THROTTLE.hit(client_network(client_address(request)))
    except redis.RedisError:
        # The public keeps its answer; whoever runs this sees the log.
        log.exception("public queries cannot be counted")
        return 0
    return 0 if verdict.allowed else verdict.retry_after


def _cached(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, max_age=FRESH_SECONDS)
    return response
