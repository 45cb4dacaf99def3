"""Records to JSON values and back: the form in which applications and messages keep them."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

R = TypeVar("R")


def as_json(record: Any) -> Any:
    """Give `record` as dicts, lists and scalars; tuples become lists."""
    return msgspec.json.decode(msgspec.json.encode(record))


def from_json(value: Any, kind: type[R]) -> R:
    """Give back the record of type `kind` that `as_json` made `value` from.

    Raises `msgspec.ValidationError`, which names the place, where `value` does not fit.
    """
    return msgspec.convert(value, kind)
