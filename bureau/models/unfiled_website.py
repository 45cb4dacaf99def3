"""Unfiled websites (未备案网站): found under a provider's addresses, and what it did about them."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from beian.crypto import EncryptedTextField
from beian.models import Node
from interface.models import Outcome, ProviderAccount


class UnfiledState(models.TextChoices):
    """Where an unfiled website stands."""

    OPEN = "open", "待处理"
    HANDLED = "handled", "已反馈"
    WITHDRAWN = "withdrawn", "已撤销"


class UnfiledWebsiteQuerySet(models.QuerySet["UnfiledWebsite"]):
    """Unfiled websites on a bureau's list, and how they are looked for."""

    def at(self, bureau: Node) -> UnfiledWebsiteQuerySet:
        """Keep those on the list of `bureau`."""
        return self.filter(bureau=bureau)

    def open(self) -> UnfiledWebsiteQuerySet:
        """Keep those whose provider has not said what it did."""
        return self.filter(state=UnfiledState.OPEN)

    def overdue(self) -> UnfiledWebsiteQuerySet:
        """Keep open ones whose day is over."""
        return self.open().filter(due__lt=timezone.localdate())


class UnfiledWebsite(models.Model):
    """A website without a filing at an address of a provider. Matched by domain, address and provider.

    `key` is the domain's normal form; `address` a number, first octet highest; `carrier` the identifier
    of the carrier whose network it is. `handling` is the code of what the provider did, `opinion` its
    words, `reported` the day that it wrote down.
    """

    bureau = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="unfiled_websites")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="unfiled_websites")
    domain = models.CharField("域名", max_length=128)
    key = models.CharField(max_length=255)
    address = models.BigIntegerField("IP地址")
    carrier = models.BigIntegerField("运营商标识")
    province = models.PositiveIntegerField("所属省")
    detected = models.DateField("检测日期")
    due = models.DateField("处理时限")
    state = models.CharField("状态", max_length=10, choices=UnfiledState.choices, default=UnfiledState.OPEN)
    listed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField("列入时间", auto_now_add=True)
    outcome = models.ForeignKey(Outcome, null=True, on_delete=models.PROTECT, related_name="+")

    handling = models.PositiveSmallIntegerField("处理结果", null=True)
    opinion = models.CharField("处理意见", max_length=255, blank=True)
    handled_at = models.DateTimeField("反馈时间", null=True)
    reporter = models.CharField("上报人", max_length=128, blank=True)
    reporter_telephone = EncryptedTextField(null=True)
    reporter_email = EncryptedTextField(null=True)

    objects = UnfiledWebsiteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "key", "address"], name="one_open_unfiled_website", condition=Q(state="open")
            ),
        ]
        indexes = [
            models.Index(fields=["bureau", "state", "due", "id"]),
            models.Index(fields=["bureau", "-id"]),
            models.Index(fields=["account", "key", "address"]),
        ]

    def __str__(self) -> str:
        return f"{self.domain} {self.dotted}"

    @property
    def dotted(self) -> str:
        """The address as people write it."""
        return str(ipaddress.IPv4Address(self.address))

    @property
    def is_overdue(self) -> bool:
        """Whether nothing was heard of it and its day is over."""
        return self.state == UnfiledState.OPEN and self.due < timezone.localdate()
