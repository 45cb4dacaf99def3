"""What an office says of itself, once for all cases."""

from __future__ import annotations

from django.db import models

from beian.models import Node


class OfficeSettings(models.Model):
    """An office's settings: how sponsors reach it, and what its accesses usually are.

    `default_ranges` are address ranges as drafts have them (`[{"first": "198.18.0.1", "last": …}]`),
    `default_locations` and `default_methods` codes; they are put into a sponsor's request where it leaves
    them to the provider. `curtain_notes` says what the photograph at the counter has to look like; where the
    counter is stands in `CounterSettings`.
    """

    provider = models.OneToOneField(Node, on_delete=models.PROTECT, related_name="office_settings")
    default_ranges = models.JSONField(default=list)
    default_locations = models.JSONField(default=list)
    default_methods = models.JSONField(default=list)
    curtain_notes = models.TextField("拍照说明", blank=True, default="")
    opening_hours = models.CharField("办公时间", max_length=255, blank=True, default="")
    telephone = models.CharField("咨询电话", max_length=64, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.provider)
