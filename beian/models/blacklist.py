"""The national blacklist (黑名单): sponsors by certificate, websites by domain."""

from __future__ import annotations

from django.db import models


class BlacklistKind(models.TextChoices):
    """What an entry bars."""

    SPONSOR = "sponsor", "主体"
    DOMAIN = "domain", "域名"


class BlacklistEntry(models.Model):
    """One barred sponsor (`key`: blind index of its certificate, hex) or domain (`key`: normal form)."""

    kind = models.CharField(max_length=10, choices=BlacklistKind.choices)
    key = models.CharField(max_length=255)
    name = models.CharField("名称", max_length=512)
    reason = models.CharField("原因", max_length=512)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="blacklisted_once")]

    def __str__(self) -> str:
        return self.name
