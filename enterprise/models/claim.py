"""Which filings of our copy a sponsor has proved to be his."""

from __future__ import annotations

from django.db import models

from beian.models import Node
from enterprise.models.sponsor import SponsorAccount


class Claim(models.Model):
    """A sponsor knew the filing password of a filing: the bureau said so when it was asked (isp_verifybamm)."""

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(SponsorAccount, on_delete=models.PROTECT, related_name="claims")
    sponsor_number = models.BigIntegerField("主体编号")
    proved_at = models.DateTimeField("证明时间", auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "sponsor_number"], name="claim_once")]

    def __str__(self) -> str:
        return f"{self.account} {self.sponsor_number}"
