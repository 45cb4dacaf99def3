"""The address ranges of accesses on file."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from beian.models.filing import Access
from beian.models.held import Numbered


class AddressRange(Numbered):
    """A range of IPv4 addresses, both ends included, as unsigned numbers."""

    access = models.ForeignKey(Access, on_delete=models.CASCADE, related_name="ranges")
    first = models.BigIntegerField()
    last = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "number"], name="range_once"),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="range_runs_upwards"),
        ]
        indexes = [models.Index(fields=["holder", "first", "last"])]

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"
