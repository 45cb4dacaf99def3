"""The photos of a sponsor's own cases."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from beian import store
from beian.web.requests import NodeRequest
from enterprise.services.files import file_of
from enterprise.views.portal.own import own_case


@require_safe
def file(request: NodeRequest, isp: int, pk: int, sha256: str) -> HttpResponse:
    """Give a photo of one of the account's cases; 404 for any other."""
    case = own_case(request, pk)
    try:
        data = file_of(case, sha256)
    except store.Missing as error:
        raise Http404("no file of this case") from error
    response = HttpResponse(data, content_type=store.media_type(data) or "application/octet-stream")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
