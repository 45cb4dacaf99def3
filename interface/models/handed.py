"""Filings as providers have them: what the changes that they send are compared with."""

from __future__ import annotations

from django.db import models

from beian.crypto import EncryptedJSONField
from interface.models.account import ProviderAccount
from interface.models.mailbox import Parcel


class HandedFiling(models.Model):
    """A filing as it was handed out to a provider, by its sponsor's number.

    Of each sponsor there is one that the provider acknowledged last, and one more in the parcel that is
    outstanding. One that was replaced while uploads of the provider waited stays until those, which
    were written before, are processed: `superseded_at` says when. `filing` is a `FilingRecord`.
    """

    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="handed_filings")
    sponsor = models.BigIntegerField()
    filing = EncryptedJSONField()
    parcel = models.ForeignKey(Parcel, null=True, on_delete=models.SET_NULL, related_name="handed_filings")
    acknowledged_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sponsor"],
                name="handed_filing_current",
                condition=models.Q(acknowledged_at__isnull=False, superseded_at=None),
            ),
            models.UniqueConstraint(fields=["parcel", "sponsor"], name="handed_once_a_parcel"),
        ]
        indexes = [
            models.Index(fields=["sponsor"], name="handed_filing_sponsor"),
            models.Index(
                fields=["account", "superseded_at"],
                name="handed_filing_superseded",
                condition=models.Q(superseded_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.sponsor}"
