"""Addresses that forms are sent to, opened by somebody: by reloading from the address bar, from the history.

They have no page. Instead of the browser's own error one gets the page that stands above them in the address:
from `/cases/81/send-back` that is the case.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import is_valid_path

Answer = Callable[[HttpRequest], HttpResponse]


class FormAddressMiddleware:
    """Lead a person who opens such an address to the page above it; programs are told 405 as ever."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        opened = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        above = page_above(request.path_info) if opened and response.status_code == 405 else None
        return HttpResponseRedirect(above) if above else response


def page_above(path: str) -> str | None:
    """Give the nearest address above `path` that is one; it may be a form's too, and leads further up then."""
    parts = [part for part in path.split("/") if part]
    while len(parts) > 1:
        parts.pop()
        for found in (f"/{'/'.join(parts)}", f"/{'/'.join(parts)}/"):
            if is_valid_path(found):
                return found
    return None
