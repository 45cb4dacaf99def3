"""The files of a case, served to those who may see it."""

from __future__ import annotations

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from beian import events, store
from beian.web.requests import NodeRequest
from enterprise.queries.matter import content_named, matter
from enterprise.views.office.desk import Desk

SHOWN_INLINE = {"image/jpeg", "image/png"}
ONE_NOTE_IN = 3600
"""Seconds in which looking at the files of one case is noted once."""


@require_safe
def case_file(request: NodeRequest, isp: int, pk: int, sha256: str) -> HttpResponse:
    """Give a file of case `pk` by its hash; 404 for any other content, whoever has it."""
    desk = Desk.of(request)
    found = desk.case(pk)
    content = content_named(matter(found).request, sha256)
    if content is None:
        raise Http404("not a file of this case")
    try:
        data = store.get(content.sha256)
    except store.Missing as error:
        raise Http404("removed after its time") from error
    if cache.add(f"case-files-read:{found.pk}:{desk.user.pk}", 1, ONE_NOTE_IN):
        events.record(
            "case", found.pk, "read_attachments", node=desk.provider, actor=desk.user, correlation=found.correlation
        )
    return as_it_is(data, store.media_type(data))


def as_it_is(data: bytes, media_type: str) -> HttpResponse:
    """Answer with an image to look at, or with a download of anything else; never with a page."""
    inline = media_type in SHOWN_INLINE
    response = HttpResponse(data, content_type=media_type if inline else "application/octet-stream")
    response["Content-Disposition"] = "inline" if inline else "attachment"
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response
