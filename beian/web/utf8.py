"""Queries and forms are UTF-8, whatever a request says."""

from __future__ import annotations

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest


class Utf8Request(WSGIRequest):
    """A request whose charset is not believed: Django would decode by any codec that Python has, `hex` too.

    It does so while the request is made, where nothing catches what goes wrong. The interface reads
    its own bodies, with an encoding of its own choosing.
    """

    @property
    def encoding(self) -> str:
        """Give the one there is."""
        return "utf-8"

    @encoding.setter
    def encoding(self, charset: str) -> None:
        pass


class Utf8Handler(WSGIHandler):
    """Django's application, for such requests."""

    request_class = Utf8Request
