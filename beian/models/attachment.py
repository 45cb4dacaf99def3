"""Attachments of filings. The bytes lie encrypted in the store, by content hash."""

from __future__ import annotations

from django.db import models

from beian.models.filing import Sponsor, Website
from beian.models.held import Held


class Content(models.Model):
    """A stored file by the SHA-256 (hex) of its plain bytes. Removed with a record of it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=40)
    stored_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.sha256[:12]


class Attachment(Held):
    """An attachment (附件) of a sponsor on file, or of one of its websites."""

    sponsor = models.ForeignKey(Sponsor, on_delete=models.CASCADE, related_name="attachments")
    website = models.ForeignKey(Website, null=True, on_delete=models.CASCADE, related_name="attachments")
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    format = models.PositiveSmallIntegerField()
    purpose = models.PositiveSmallIntegerField()
    remark = models.CharField(max_length=256, null=True)
    attached_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.purpose} {self.content}"
