"""The providers' own ids of objects: several providers know the same object under their own."""

from __future__ import annotations

from django.db import models

from beian.models.node import Node


class ObjectKind(models.TextChoices):
    """What an id is an id of."""

    SPONSOR = "sponsor", "主体"
    WEBSITE = "website", "网站"
    DOMAIN = "domain", "域名"
    ACCESS = "access", "接入"
    RANGE = "range", "IP段"
    APPROVAL = "approval", "前置审批"
    ATTACHMENT = "attachment", "附件"


class ProviderId(models.Model):
    """Provider `isp_id` calls the object `number` (bureau-issued) by `provider_id`.

    `number` is null while the object is only applied for; `application` then says by which.
    """

    holder = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    isp_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=ObjectKind.choices)
    provider_id = models.BigIntegerField()
    number = models.BigIntegerField(null=True)
    application = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "isp_id", "kind", "provider_id"], name="provider_id_once")
        ]
        indexes = [
            models.Index(fields=["holder", "kind", "number"]),
            models.Index(fields=["application"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.isp_id}/{self.provider_id}"
