"""The pages for what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: signed in, but this is not for him."""
    return render(request, "errors/403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403: the form came from another site, or its cookie is gone."""
    return render(request, "errors/form_expired.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    return render(request, "errors/404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400. The request itself may be what is wrong (its host): nothing of it is used."""
    return HttpResponse(render_to_string("errors/400.html"), status=400)


def too_many(request: HttpRequest, retry_after: int) -> HttpResponse:
    """Answer 429, in `retry_after` seconds again."""
    response = render(request, "errors/429.html", {"seconds": retry_after}, status=429)
    response["Retry-After"] = str(retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without asking the database anything: it may be what failed."""
    correlation = getattr(request, "correlation", "")
    return HttpResponse(render_to_string("errors/500.html", {"correlation": correlation}), status=500)
