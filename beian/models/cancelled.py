"""Tombstones: what was on file here and is no longer. Its numbers are never issued again."""

from __future__ import annotations

from django.db import models

from beian.models.held import Numbered
from beian.models.provider_id import ObjectKind


class Cancelled(Numbered):
    """A sponsor, a website or an access that was cancelled at `holder`.

    `sponsor` is the number of the sponsor that it belonged to (its own, for a sponsor); `isp_id` the
    provider whose access it was. `reason` is for people: no personal data.
    """

    KINDS = (ObjectKind.SPONSOR, ObjectKind.WEBSITE, ObjectKind.ACCESS)

    kind = models.CharField("对象", max_length=10, choices=[(kind.value, kind.label) for kind in KINDS])
    filing_number = models.CharField("备案号", max_length=128, null=True)
    sponsor = models.BigIntegerField("主体编号", null=True)
    isp_id = models.BigIntegerField("接入商", null=True)
    cancelled_at = models.DateTimeField("注销时间", auto_now_add=True)
    reason = models.CharField("理由", max_length=1024, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "number"], name="cancelled_once")]
        indexes = [models.Index(fields=["holder", "filing_number"]), models.Index(fields=["holder", "sponsor"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.filing_number or self.number}"
