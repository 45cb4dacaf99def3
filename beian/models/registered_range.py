"""The address ranges registered to providers, as their bureau knows them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from beian.models.held import Held


class RegisteredRange(Held):
    """Addresses registered to provider `isp_id`, both ends included, as unsigned numbers.

    Loaded from a file (`manage.py load_registered_ranges`); ranges of one provider may touch or overlap.
    """

    isp_id = models.BigIntegerField("接入商")
    first = models.BigIntegerField("起始IP")
    last = models.BigIntegerField("终止IP")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "isp_id", "first", "last"], name="range_registered_once"),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="registered_range_runs_upwards"),
        ]
        indexes = [models.Index(fields=["holder", "first", "last"])]

    def __str__(self) -> str:
        return f"{self.isp_id}: {self.first}–{self.last}"
