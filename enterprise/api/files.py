"""Photos and scans: handed in as they come from the camera, kept as they will travel."""

from __future__ import annotations

from typing import IO, Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from beian.services.refusals import Invalid
from enterprise.api.base import ProviderView, repeatable_key
from enterprise.models import Scope
from enterprise.services import handed_files
from enterprise.services.repeating import Answer


class JpegParser(BaseParser):
    """Gives the bytes of a picture as they came."""

    media_type = "image/jpeg"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        return stream.read()


class PngParser(JpegParser):
    """The same for PNG."""

    media_type = "image/png"


class FileSerializer(serializers.Serializer[Any]):
    """A file as it is kept: drafts name it by `sha256`."""

    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="字节数；已压缩到上报允许的大小以内。")
    media_type = serializers.CharField()


class Files(ProviderView):
    """The files that a system hands in."""

    parser_classes: Any = (JpegParser, PngParser)
    scopes: ClassVar[dict[str, str]] = {"POST": Scope.FILES_WRITE}

    @extend_schema(
        operation_id="hand_in_file",
        parameters=[
            repeatable_key(),
            OpenApiParameter(
                "purpose", str, enum=list(handed_files.LIMITS), description="form：核验单，其他为 photo。"
            ),
        ],
        request={"image/jpeg": OpenApiTypes.BINARY, "image/png": OpenApiTypes.BINARY},
        responses={201: FileSerializer},
    )
    def post(self, request: Request, isp: int) -> Response:
        """Hand in a JPEG or PNG of up to 5 MB. It is turned upright, freed of metadata, and made to fit."""
        purpose = request.query_params.get("purpose", "photo")
        if purpose not in handed_files.LIMITS:
            raise Invalid({"purpose": [f"填写{'或'.join(handed_files.LIMITS)}。"]})
        data: Any = request.data
        return self.repeatable(lambda: self._keep(data, purpose))

    def _keep(self, data: bytes, purpose: str) -> Answer:
        kept = handed_files.hand_in(self.token, data, purpose)
        return Answer(201, {"sha256": kept.sha256, "size": kept.size, "media_type": kept.media_type})
