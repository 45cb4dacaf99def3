"""What may exist only once at a holder, on file or pending."""

from __future__ import annotations

from django.db import models

from beian.models.node import Node


class Reserved(models.TextChoices):
    """What is reserved.

    The last three are marks of pending requests that exclude others (`beian.checks.requests.marks`):
    their keys are `sponsor:440…`, `website:440…`, `access:440…`, for a new access `440…:<provider>`.
    """

    CERTIFICATE = "certificate", "证件号码"
    DOMAIN = "domain", "域名"
    HOME_PAGE = "home_page", "首页地址"
    CHANGE = "change", "变更中"
    CANCELLATION = "cancellation", "注销中"
    ACCESS = "access", "新增接入中"


class Reservation(models.Model):
    """`key` is taken at `holder`, by a sponsor on file or by a pending application.

    A certificate's key is its blind index in hex; the others are plain. `taken_by` names the holder
    of the key for people (a filing number, or a provider's pending application). Exactly one of
    `sponsor` (bureau-issued number) and `application` (id) is set.
    """

    holder = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Reserved.choices)
    key = models.CharField(max_length=512)
    taken_by = models.CharField(max_length=255)
    taken_at = models.DateTimeField(auto_now_add=True)
    sponsor = models.BigIntegerField(null=True)
    website = models.BigIntegerField(null=True)
    application = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "kind", "key"], name="reserved_once"),
            models.CheckConstraint(
                condition=models.Q(sponsor__isnull=True) ^ models.Q(application__isnull=True),
                name="reserved_by_one",
            ),
        ]
        indexes = [models.Index(fields=["application"]), models.Index(fields=["holder", "sponsor"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.taken_by}"
