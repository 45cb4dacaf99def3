"""Accepted uploads: stored before they are acknowledged, processed afterwards."""

from __future__ import annotations

import uuid

from django.db import models

from beian.crypto import EncryptedBytesField
from interface.models.account import ProviderAccount


class UploadState(models.TextChoices):
    """How far the processing of an upload has come."""

    RECEIVED = "received", "已接收"
    PROCESSED = "processed", "已处理"
    RETURNED = "returned", "整体退回"


class Upload(models.Model):
    """One acknowledged document of a provider, under its sequence number.

    The zip bytes stand in `UploadPiece`s. `hash` is the caller's `beianInfoHash`; the algorithm
    numbers are the caller's, so that the document can be given back as it came. `tries` counts how
    often processing began; `problem` says why the last try did not end.
    """

    # No index of its own, here and below: a constraint or an index that begins with it serves as well.
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="uploads", db_index=False)
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    file_name = models.CharField(max_length=128)
    size = models.BigIntegerField()
    document_size = models.BigIntegerField(default=0)
    encrypt_algorithm = models.SmallIntegerField()
    hash_algorithm = models.SmallIntegerField()
    compression_format = models.SmallIntegerField()
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.RECEIVED)
    received_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True)
    records = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    problem = models.TextField(default="")
    correlation = models.UUIDField(default=uuid.uuid4)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["account", "sequence"], name="upload_once")]
        indexes = [
            models.Index(fields=["account", "id"], name="upload_waiting", condition=models.Q(state="received")),
        ]

    def __str__(self) -> str:
        return f"{self.account.isp_id} #{self.sequence}"


class UploadPiece(models.Model):
    """One MiB or less of an upload's zip bytes, in order."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces", db_index=False)
    ordinal = models.PositiveIntegerField()
    content = EncryptedBytesField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["upload", "ordinal"], name="piece_once")]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.ordinal}"
