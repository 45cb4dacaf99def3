"""What waits for a provider: outcomes, gathered into parcels when it asks."""

from __future__ import annotations

import uuid

from django.db import models

from beian.crypto import EncryptedBytesField, EncryptedJSONField
from interface.models.account import ProviderAccount


class ParcelKind(models.TextChoices):
    """What a download document holds; one document holds one kind."""

    RESULTS = "results", "备案结果"
    FILINGS = "filings", "备案数据"
    CANCELLED = "cancelled", "注销数据"
    BLACKLIST = "blacklist", "黑名单"
    ILLEGAL_ACCESSES = "illegal_accesses", "非法接入黑名单"
    UNFILED_WEBSITES = "unfiled_websites", "未备案网站"
    CHECK_TASKS = "check_tasks", "核实任务"
    INSPECTIONS = "inspections", "核查结果"
    NOTICES = "notices", "相关通知"
    CODES = "codes", "基础代码"
    SYNCHRONISATION = "synchronisation", "备案数据同步"


STREAMS = (ParcelKind.CODES, ParcelKind.SYNCHRONISATION)
"""Kinds of which one outcome is many pieces in a row."""

FIRST = (ParcelKind.CANCELLED, *STREAMS)
"""Kinds that are handed out before any other, in this order.

What was cancelled is no longer in anything that is rendered afterwards, so a provider must hear of it while it
still has it; and the others name what codes and filings bring.
"""


class Parcel(models.Model):
    """A download document, handed out again until it is acknowledged.

    `content` is the zip; `hash` is base64(MD5(zip)). A parcel whose pieces could all not be
    expressed has no content and is never handed out.
    """

    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="parcels")
    kind = models.CharField(max_length=20, choices=ParcelKind.choices)
    file_name = models.CharField(max_length=128)
    content = EncryptedBytesField()
    hash = models.CharField(max_length=64)
    pieces = models.PositiveIntegerField()
    document_size = models.PositiveIntegerField()
    built_at = models.DateTimeField(auto_now_add=True)
    first_fetched_at = models.DateTimeField(null=True)
    last_fetched_at = models.DateTimeField(null=True)
    times_fetched = models.PositiveIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "file_name"], name="parcel_name_once"),
            models.UniqueConstraint(
                fields=["account"], name="one_parcel_outstanding", condition=models.Q(acknowledged_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class Outcome(models.Model):
    """A piece of a download document: a result with its opinions, a notice, or a filing to be rendered.

    `about` names the object; no piece overtakes an older one about the same. For results `body` is
    `{"result": ResultRecord, "opinions": [OpinionRecord]}`; for notices `{"type": its class's name,
    "notice": the record}`; for filings `{"sponsor": number}`, and the filing is rendered when it is
    gathered. Codes and a synchronisation are many pieces in a row: `{"after": key, "last": key or
    null}` says which (`interface.services.streams`). `left_out` says why the schema could not express it.
    """

    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=20, choices=ParcelKind.choices)
    about = models.CharField(max_length=80)
    body = EncryptedJSONField()
    queued_at = models.DateTimeField(auto_now_add=True)
    parcel = models.ForeignKey(Parcel, null=True, on_delete=models.PROTECT, related_name="outcomes")
    left_out = models.CharField(max_length=512, default="")
    correlation = models.UUIDField(default=uuid.uuid4)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["account", "id"],
                name="outcome_waiting",
                condition=models.Q(parcel=None, left_out=""),
            ),
            models.Index(fields=["account", "about"], name="outcome_about"),
            models.Index(
                fields=["account", "kind", "id"],
                name="outcome_first",
                condition=models.Q(parcel=None, left_out="", kind__in=FIRST),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
