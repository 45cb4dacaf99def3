"""How our copy of each filing came to be what it is."""

from __future__ import annotations

from django.db import models

from beian.crypto import EncryptedJSONField
from beian.models import Node
from enterprise.models.case import Case
from enterprise.models.documents import Incoming


class HoldingChangeKind(models.TextChoices):
    """What happened to a holding."""

    ADDED = "added", "纳入"
    CHANGED = "changed", "变更"
    REMOVED = "removed", "移出"


class HoldingChange(models.Model):
    """One change of a holding: a parcel brought it, or a case of ours was granted.

    `deltas` are those of `beian.records.differences`, as JSON; of what left our copy they hold the
    whole, so that it can still be read. Name and filing number are those after the change, so that
    what is gone is found by them.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    sponsor_number = models.BigIntegerField("主体编号")
    kind = models.CharField("变化", max_length=8, choices=HoldingChangeKind.choices)
    name = models.CharField("主办者", max_length=255)
    filing_number = models.CharField("备案号", max_length=128, blank=True, default="")
    at = models.DateTimeField("时间", auto_now_add=True)
    incoming = models.ForeignKey(Incoming, null=True, on_delete=models.PROTECT, related_name="holding_changes")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="holding_changes")
    deltas = EncryptedJSONField(default=list)
    reason = models.CharField("说明", max_length=1024, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["provider", "sponsor_number", "-id"], name="holding_change_of"),
            models.Index(fields=["provider", "kind", "-id"], name="holding_change_recent"),
            models.Index(fields=["provider", "filing_number"], name="holding_change_number"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"
