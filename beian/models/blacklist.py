"""The national blacklist (黑名单): sponsors by certificate, websites by domain."""

from __future__ import annotations

from django.db import models

from beian.crypto import EncryptedTextField
from beian.models.node import Node


class BlacklistKind(models.TextChoices):
    """What an entry bars."""

    SPONSOR = "sponsor", "主体"
    DOMAIN = "domain", "域名"


class BlacklistEntry(models.Model):
    """One barred sponsor (`key`: blind index of its certificate, hex) or domain (`key`: normal form).

    `listed_by` is the bureau that entered it, and that may change it or take it off; null where it came
    from elsewhere. The certificate stands here again, sealed, because providers are told of it.
    """

    kind = models.CharField(max_length=10, choices=BlacklistKind.choices)
    key = models.CharField(max_length=255)
    name = models.CharField("名称", max_length=512)
    reason = models.CharField("原因", max_length=512)
    since = models.DateTimeField(auto_now_add=True)
    listed_by = models.ForeignKey(Node, null=True, on_delete=models.PROTECT, related_name="blacklisted")
    certificate_type = models.PositiveSmallIntegerField("证件类型", null=True)
    certificate_number = EncryptedTextField(null=True)
    home_page = models.CharField("首页地址", max_length=255, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="blacklisted_once")]

    def __str__(self) -> str:
        return self.name
