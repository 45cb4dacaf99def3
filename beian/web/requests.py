"""The request as views get it, for the type checker: what the middleware added is declared here."""

from __future__ import annotations

import re
import uuid

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from beian.models import Node, User

_NUMBER = re.compile(r"[0-9]{1,18}")


def row_number(text: str) -> int | None:
    """Read the number of a row that a page wrote; None for anything else, whatever Python takes for digits."""
    return int(text) if _NUMBER.fullmatch(text) else None


class AnyRequest(HttpRequest):
    """A request of anybody; `node` is missing where the URL belongs to none."""

    correlation: uuid.UUID
    node: Node | None
    membership_roles: frozenset[str]
    htmx: HtmxDetails


class NodeRequest(AnyRequest):
    """A request that `AccessMiddleware` let through to a page of a node, for a person with a role there."""

    node: Node
    user: User
