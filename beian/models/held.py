"""Rows that belong to a node's copy of the filings, and the only door to them."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from beian.models.node import Node

M = TypeVar("M", bound="Held", covariant=True)


class Unscoped(RuntimeError):
    """Held rows were asked for without saying whose copy is meant."""


class HeldQuerySet(models.QuerySet[M]):
    """Rows of one holder."""

    def held_by(self, node: Node) -> Self:
        """Keep the rows of `node`'s copy."""
        return self.filter(holder=node)


class HeldManager(models.Manager[M]):
    """Gives rows of one holder only; a query that names no holder is refused.

    A related manager (`sponsor.websites`) is scoped by its row, whose children are tied to the same
    holder by the database.
    """

    def get_queryset(self) -> HeldQuerySet[M]:
        if not hasattr(self, "instance"):
            raise Unscoped(f"{self.model.__name__}: use objects.held_by(node)")
        return HeldQuerySet(self.model, using=self._db)

    def held_by(self, node: Node) -> HeldQuerySet[M]:
        """Give the rows of `node`'s copy; of a related manager, those among its row's."""
        rows = self.get_queryset() if hasattr(self, "instance") else HeldQuerySet(self.model, using=self._db)
        return rows.held_by(node)

    def create_for(self, node: Node, **values: Any) -> M:
        """Create a row in `node`'s copy."""
        row = self.model(holder=node, **values)
        row.save(force_insert=True, using=self._db)
        return row


class Held(models.Model):
    """A row in a node's copy."""

    holder = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[HeldManager[Self]] = HeldManager()

    class Meta:
        abstract = True


class Numbered(Held):
    """A held row with a bureau-issued `number`, unique in the country."""

    number = models.BigIntegerField()

    class Meta:
        abstract = True
