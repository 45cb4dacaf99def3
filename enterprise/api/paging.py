"""Pages of a list: `limit` at most, `after` for the next; `next` is null on the last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from beian.services.refusals import Invalid
from beian.web.keyset import Order, read_cursor

USUAL, MOST = 50, 200
_DIGITS = 9

PARAMETERS = [
    OpenApiParameter("limit", int, description=f"每页条数，1至{MOST}，默认{USUAL}。"),
    OpenApiParameter("after", str, description="上一页的 next，原样传回。"),
]


def page(request: Request, rows: QuerySet[Any], order: Order, name: str, write: Callable[[Any], Any]) -> Response:
    """Answer a page of `rows`; `name` tells the cursors of one list from those of another."""
    found, _, more = order.page(rows, read_cursor(request.query_params, name), _limit(request))
    following = order.cursor(found[-1], name) if more else None
    return Response({"items": [write(row) for row in found], "next": following})


def page_of(item: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """Give the serializer of a page of `item`."""
    fields = {"items": item(many=True), "next": serializers.CharField(allow_null=True)}
    return type(f"{item.__name__.removesuffix('Serializer')}Page", (serializers.Serializer,), fields)


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(USUAL))
    if not text.isdecimal() or len(text) > _DIGITS or not 1 <= int(text) <= MOST:
        raise Invalid({"limit": [f"填写1至{MOST}之间的整数。"]})
    return int(text)
