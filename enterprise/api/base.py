"""What all views of the interface share."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beian.models import Node
from beian.services.refusals import Invalid
from enterprise.api import errors
from enterprise.api.authentication import HasScope, TokenAuthentication, TokenThrottle
from enterprise.models import ApiToken
from enterprise.services import repeating
from enterprise.services.repeating import Answer

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"


def repeatable_key() -> OpenApiParameter:
    """Describe the header by which a call may be repeated."""
    return OpenApiParameter(
        KEY_HEADER, str, OpenApiParameter.HEADER, description="同一请求重发时带同一个键，24小时内只执行一次，应答相同。"
    )


class Json(JSONParser):
    """Reads a body; one that is nested beyond reading is malformed like any other."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("JSON嵌套过深。") from error


class TooLarge(APIException):
    """The body is larger than the installation takes."""

    status_code = 413

    def __init__(self) -> None:
        most = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 1024**2
        super().__init__(f"请求内容超过{most} MB。")


class ProviderView(APIView):
    """A view for the systems of one provider. `scopes` says which scope each method needs.

    A POST or PUT may bear `Idempotency-Key`: the same call again within a day is answered the same.
    """

    authentication_classes = (TokenAuthentication,)
    permission_classes = (HasScope,)
    throttle_classes = (TokenThrottle,)
    parser_classes: Any = (Json,)
    renderer_classes = (JSONRenderer,)
    scopes: ClassVar[dict[str, str]] = {}
    _too_large = False

    @property
    def provider(self) -> Node:
        """The provider whose system is called."""
        found: Node = self.request.node  # type: ignore[attr-defined]
        return found

    @property
    def token(self) -> ApiToken:
        """The token of the calling system."""
        return cast(ApiToken, self.request.auth)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self._too_large:
            raise TooLarge
        # The database has no text with it.
        if wrong := [name for name, value in request.query_params.items() if "\x00" in value]:
            raise Invalid({name: ["含有不能使用的字符。"] for name in wrong})

    def get_exception_handler(self) -> Any:
        return errors.handle

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # Read before anything parses it: the key of a repeated call is compared with these bytes.
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            try:
                _ = request.body
            except RequestDataTooBig:
                self._too_large = True  # told by `initial`: only from there on is an error answered as ours are
        return super().initialize_request(request, *args, **kwargs)

    def repeatable(self, act: Any) -> Response:
        """Do `act() -> Answer`, once for each key."""
        key = self.request.headers.get(KEY_HEADER, "")
        if not key:
            return _response(act())
        if len(key) > repeating.LONGEST_KEY or not key.isprintable():
            raise Invalid({KEY_HEADER: [f"不超过{repeating.LONGEST_KEY}个可见字符。"]})
        digest = repeating.digest_of(
            self.request.method or "", self.request.get_full_path(), self.request._request.body
        )
        return _response(repeating.once(self.token, key, digest, act))


def _response(answer: Answer) -> Response:
    headers = {REPLAYED_HEADER: "true"} if answer.repeated else None
    return Response(answer.body, status=answer.status, headers=headers)
