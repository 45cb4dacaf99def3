"""Pages by key: the rows after, or before, one that was seen."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db.models import F, Q, QuerySet

SALT = "beian.web.keyset"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row that a page begins after or (`backward`) ends before: its sort value and primary key."""

    value: Any
    pk: Any
    backward: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """By the field `path`, then by primary key the same way. Nulls come last, whichever way."""

    path: str
    descending: bool = False
    nullable: bool = False

    def page(self, queryset: QuerySet[Any], cursor: Cursor | None, size: int) -> tuple[list[Any], bool, bool]:
        """Give up to `size` rows in order, whether there are earlier ones, whether there are later ones."""
        if cursor and cursor.backward:
            rows = list(self._ordered(self._beyond(queryset, cursor), backward=True)[: size + 1])
            if len(rows) >= size:
                return rows[:size][::-1], len(rows) > size, True
            cursor = None  # so near the beginning that it is the first page
        kept = self._beyond(queryset, cursor) if cursor else queryset
        rows = list(self._ordered(kept, backward=False)[: size + 1])
        return rows[:size], cursor is not None, len(rows) > size

    def cursor(self, row: Any, sort: str) -> str:
        """Write the place of `row`, for the URL. Signed: what comes back has the type that went out."""
        value = row
        for part in self.path.split("__"):
            value = getattr(value, part, None)
        return signing.Signer(salt=SALT).sign_object([sort, _written(value), _written(row.pk)])

    def _ordered(self, queryset: QuerySet[Any], *, backward: bool) -> QuerySet[Any]:
        descending = self.descending != backward
        nulls = {("nulls_first" if backward else "nulls_last"): True} if self.nullable else {}
        first = F(self.path).desc(**nulls) if descending else F(self.path).asc(**nulls)
        return queryset.order_by(first, "-pk" if descending else "pk")

    def _beyond(self, queryset: QuerySet[Any], cursor: Cursor) -> QuerySet[Any]:
        further = "lt" if self.descending != cursor.backward else "gt"
        key = Q(**{f"pk__{further}": cursor.pk})
        null = Q(**{f"{self.path}__isnull": True})
        if cursor.value is None:
            return queryset.filter((null & key) | ~null if cursor.backward else null & key)
        # The first bound alone is what an index on the field can use.
        bound = Q(**{f"{self.path}__{further}e": cursor.value})
        beyond = bound & (Q(**{f"{self.path}__{further}": cursor.value}) | key)
        return queryset.filter(beyond | null if self.nullable and not cursor.backward else beyond)


def read_cursor(query: Mapping[str, Any], sort: str) -> Cursor | None:
    """Read `after` or `before`; None where there is none, or one of another order or not made here."""
    for name in ("after", "before"):
        text = query.get(name)
        if not text:
            continue
        try:
            made_for, value, pk = signing.Signer(salt=SALT).unsign_object(text)
        except (signing.BadSignature, ValueError):
            return None
        return Cursor(_read(value), _read(pk), name == "before") if made_for == sort else None
    return None


def _written(value: Any) -> Any:
    """Give what JSON can carry: a pair of type and text where JSON has no such type."""
    for name, (kind, write, _) in _TYPES.items():
        if isinstance(value, kind):
            return [name, write(value)]
    return value


def _read(value: Any) -> Any:
    if isinstance(value, list):
        name, text = value
        return _TYPES[name][2](text)
    return value


# A datetime is a date too: the order counts.
_TYPES: dict[str, tuple[type, Any, Any]] = {
    "t": (datetime, datetime.isoformat, datetime.fromisoformat),
    "d": (date, date.isoformat, date.fromisoformat),
    "n": (Decimal, str, Decimal),
    "u": (uuid.UUID, str, uuid.UUID),
}
