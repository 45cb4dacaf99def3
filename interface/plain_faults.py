"""No HTML below the interface's paths: what Django refuses before a view sees it becomes a fault.

An unknown host, a path that is none (a slash too many, another spelling), a bureau that is not here:
a provider's system asked a SOAP question, and understands a SOAP answer.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from interface import envelope

PREFIXES = ("ispwebservice", "beianstatuswebservice")


class PlainFaultsMiddleware:
    """Replace an HTML error below the interface's paths by a fault that says what is wrong."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not _is_page(response) or not _is_of_interface(request):
            return response
        said = envelope.fault("Client", f"{response.status_code} {response.reason_phrase}")
        return HttpResponse(said.body, status=response.status_code, content_type=said.content_type)


def _is_page(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def _is_of_interface(request: HttpRequest) -> bool:
    return any(part in PREFIXES for part in request.path_info.lower().split("/"))
