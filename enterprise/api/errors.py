"""What a call that went wrong is answered: one shape, all defects at once.

    {"message": "…", "errors": {"sponsor.person.mobile": ["…"]}}

`errors` bears the paths of fields; it is empty where no field is at fault. Status 400: the call is not
understood; 401, 403: who calls; 404; 409: it is no longer as the caller thinks; 413: too much at once; 422: a rule
is broken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.exceptions import PermissionDenied as Forbidden
from rest_framework.response import Response
from rest_framework.views import set_rollback

from beian.services.refusals import Invalid, MovedOn, NotAllowed, ServiceError
from enterprise.services.repeating import OtherCall

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (Invalid, 422),
    (MovedOn, 409),
    (NotAllowed, 403),
    (ServiceError, 409),
)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception of a view; None for what is nobody's fault but ours."""
    if isinstance(error, OtherCall):
        return _answer(422, "这个Idempotency-Key已用于另一个请求。", {"Idempotency-Key": ["请为每个请求使用新的键。"]})
    if isinstance(error, ServiceError):
        status = next(status for kind, status in STATUS if isinstance(error, kind))
        return _answer(status, error.message, getattr(error, "errors", {}))
    if isinstance(error, Http404):
        error = NotFound("没有找到。")
    if isinstance(error, PermissionDenied):
        error = Forbidden()
    if not isinstance(error, APIException):
        return None
    set_rollback()
    if isinstance(error, ValidationError):
        return _answer(400, "请求内容不符合要求。", {path: [text] for path, text in _flat(error.detail)})
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return _answer(error.status_code, str(error.detail), {}, headers)


def _answer(status: int, message: str, errors: dict[str, list[str]], headers: dict[str, str] | None = None) -> Response:
    said = {_sendable(path): [_sendable(text) for text in texts] for path, texts in errors.items()}
    return Response({"message": _sendable(message), "errors": said}, status=status, headers=headers)


def _sendable(text: str) -> str:
    """Give a text that may repeat what the caller said, without halves of characters, which no answer can carry."""
    return text.encode("utf-8", "replace").decode()


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Walk the errors of nested serializers; gives path and message."""
    if isinstance(detail, dict):
        for name, value in detail.items():
            yield from _flat(value, path if name == "non_field_errors" else f"{path}.{name}" if path else str(name))
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            deeper = f"{path}.{index}" if path else str(index)
            yield from _flat(value, deeper if isinstance(value, dict | list) else path)
    else:
        yield path, str(detail)
