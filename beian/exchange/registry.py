"""Who handles what: each tier registers its handlers when its application is ready."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from beian.models import Node, NodeKind


class Refused(Exception):
    """The receiver cannot take a message. The text travels back to the sender: no personal data in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An opened message, as its handler gets it. `at` is the node that receives it."""

    uid: uuid.UUID
    source: Node
    at: Node
    kind: str
    about: str
    correlation: uuid.UUID
    body: dict[str, Any]


Handle = Callable[[Delivery], None]


@dataclass(frozen=True, slots=True)
class Handler:
    """A handler and its terms: with `newest_only`, a message that was overtaken is passed over."""

    handle: Handle
    newest_only: bool


_handlers: dict[tuple[str, str], Handler] = {}


def handles(kind: str, *, at: NodeKind, newest_only: bool = False) -> Callable[[Handle], Handle]:
    """Register the decorated function for messages of `kind` that arrive at a node of kind `at`.

    It runs inside the transaction that marks the message as handled: it must not do anything remote.
    `newest_only` is for a body that is the whole state of what the message is `about`: one that
    was overtaken by a later one of the same source is then acknowledged without being handled.
    Raises `ValueError` where another function is registered.
    """

    def register(function: Handle) -> Handle:
        known = _handlers.setdefault((kind, at), Handler(function, newest_only))
        if known.handle is not function:
            raise ValueError(f"{kind} at {at} is handled by {known.handle.__module__} already")
        return function

    return register


def handler_for(kind: str, at: Node) -> Handler:
    """Give the handler of `kind` at `at`. Raises `Refused` where there is none."""
    handler = _handlers.get((kind, at.kind))
    if handler is None:
        raise Refused(f"{at.code} 不处理此类消息：{kind}")
    return handler
