"""What a bureau writes to providers on its own account: notices, inspection results, illegal accesses."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from beian.crypto import EncryptedJSONField
from beian.models import Node
from interface.models import Outcome, ProviderAccount


class NoticeKind(models.TextChoices):
    """What is written; each is a form of its own on the wire."""

    CORRECTION = "correction", "整改通知"
    SPONSOR_INSPECTION = "sponsor_inspection", "主体核查结果"
    ACCESS_INSPECTION = "access_inspection", "接入核查结果"
    SHELL_INSPECTION = "shell_inspection", "空壳网站核查结果"
    LIVENESS_INSPECTION = "liveness_inspection", "网站存活核查结果"
    ILLEGAL_ACCESS = "illegal_access", "非法接入黑名单"


class BureauNoticeQuerySet(models.QuerySet["BureauNotice"]):
    """What a bureau wrote."""

    def at(self, bureau: Node) -> BureauNoticeQuerySet:
        """Keep what `bureau` wrote."""
        return self.filter(bureau=bureau)


class BureauNotice(models.Model):
    """One thing written to one provider. `number` is the sponsor's or website's, null where it names none.

    `subject` says in words what it is about, `text` what was written; `record` is what travels.
    """

    bureau = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="notices")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField("类别", max_length=20, choices=NoticeKind.choices)
    number = models.BigIntegerField(null=True)
    subject = models.CharField("对象", max_length=255)
    text = models.CharField("内容", max_length=512)
    record = EncryptedJSONField()
    outcome = models.ForeignKey(Outcome, null=True, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("下发时间", auto_now_add=True)

    objects = BureauNoticeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["bureau", "-id"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject}"
