"""What a provider was told of the bureau's code tables and of the blacklist."""

from __future__ import annotations

from django.db import models

from beian.models import BlacklistKind, Node
from enterprise.models.documents import Incoming


class ReceivedCode(models.Model):
    """An entry of a code table as the bureau last told it. `table` is `unit` for the reporting units.

    Rules go by the tables that come with the system: what those lack is shown, so that somebody sees it.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    table = models.CharField("代码表", max_length=40)
    code = models.BigIntegerField("代码")
    name = models.CharField("名称", max_length=512)
    valid = models.BooleanField("有效", default=True)
    content = models.JSONField(default=dict)
    known = models.BooleanField("系统已收录", default=True)
    incoming = models.ForeignKey(Incoming, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField("收到时间", auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "table", "code"], name="received_code_once")]
        indexes = [
            models.Index(
                fields=["provider", "table", "code"], name="received_code_new", condition=models.Q(known=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.code} {self.name}"


class Blacklisted(models.Model):
    """Who or what a provider was told is barred: `key` is the blind index of a sponsor's certificate, or a domain.

    An entry that is taken off the list goes.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=10, choices=BlacklistKind.choices)
    key = models.CharField(max_length=255)
    name = models.CharField("名称", max_length=512)
    remark = models.TextField("说明", blank=True, default="")
    incoming = models.ForeignKey(Incoming, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField("收到时间", auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "kind", "key"], name="listed_once")]
        indexes = [models.Index(fields=["provider", "-id"], name="listed_recently")]

    def __str__(self) -> str:
        return self.name
