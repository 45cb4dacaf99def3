"""What has to be cut where the bureau took something off file, line by line, and by whom it was."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from enterprise.models.task import Task


class CutKind(models.TextChoices):
    """What is cut: the name that leads to the website, or the addresses it answers at."""

    DOMAIN = "domain", "域名"
    ADDRESS = "address", "IP地址"


class Cut(models.Model):
    """One line of a closure: a domain or an address range that this provider gave access with.

    Written from our copy before the rows go, for afterwards nobody knows them. `name` is the domain or
    the range as people write it; `first` and `last` are the addresses as numbers. `shared` says that
    other websites were filed at the same addresses: of such a line the website is cut, not the address.
    `done_by_name` is who cut it: a person of the office, or what another system calls itself.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="cuts")
    kind = models.CharField("类别", max_length=8, choices=CutKind.choices)
    name = models.CharField("停止接入的对象", max_length=255)
    key = models.CharField(max_length=255, blank=True, default="")
    first = models.BigIntegerField(null=True)
    last = models.BigIntegerField(null=True)
    shared = models.BooleanField("与其他网站共用", default=False)
    website_name = models.CharField("网站名称", max_length=512, blank=True, default="")
    filing_number = models.CharField("网站备案号", max_length=128, blank=True, default="")
    done_at = models.DateTimeField("停止时间", null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    done_by_name = models.CharField("操作人", max_length=64, blank=True, default="")
    note = models.CharField("说明", max_length=255, blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["task", "kind", "name", "filing_number"], name="cut_once")]
        indexes = [
            models.Index(fields=["key"], name="cut_by_domain", condition=models.Q(done_at=None, kind="domain")),
        ]

    def __str__(self) -> str:
        return self.name
