"""Attachments, served to those who review the application that they belong to."""

from __future__ import annotations

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from beian import events, store
from beian.web.requests import NodeRequest
from bureau.models import Application
from bureau.services.requests import request_of
from bureau.views.review.desk import Desk
from bureau.views.review.pictures import content_of

SHOWN_INLINE = {"image/jpeg", "image/png"}
ONE_NOTE_IN = 3600
"""Seconds in which looking at the attachments of one application is noted once."""


@require_GET
def attachment(request: NodeRequest, province: int, pk: int, sha256: str) -> HttpResponse:
    """Give a content of application `pk` by its hash; 404 for any other content, whoever has it."""
    desk = Desk.of(request)
    application = desk.application(pk)
    content = content_of(request_of(application), sha256)
    if content is None:
        raise Http404("not an attachment of this application")
    try:
        data = store.get(content.sha256)
    except store.Missing as error:
        raise Http404("removed after its time") from error
    _note(desk, application)
    return as_it_is(data, store.media_type(data))


def as_it_is(data: bytes, media_type: str) -> HttpResponse:
    """Answer with an image to look at, or with a download of anything else; never with a page."""
    inline = media_type in SHOWN_INLINE
    response = HttpResponse(data, content_type=media_type if inline else "application/octet-stream")
    response["Content-Disposition"] = "inline" if inline else "attachment"
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _note(desk: Desk, application: Application) -> None:
    """Scans show identity cards: who looked at them stands in the history."""
    if cache.add(f"attachments-read:{application.pk}:{desk.user.pk}", 1, ONE_NOTE_IN):
        events.record("application", application.pk, "read_attachments", node=desk.bureau, actor=desk.user)
