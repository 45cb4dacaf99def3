"""Providers' accounts at a bureau: who may call, from where, when, for what."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from beian.crypto import EncryptedTextField
from beian.models import Node


class ProviderAccount(models.Model):
    """A provider's account at a bureau (spec: 报备单位).

    The password is known to both sides (the hash on the wire is made from it), so it stands
    encrypted, like the AES key and offset (16 ASCII characters each). `last_sequence` is the number
    of the last accepted upload. Hours are whole-day where both are null; a span may pass midnight.
    `connected_at` is when it first called, in order; what the bureau holds for it was queued then.
    """

    bureau = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="provider_accounts")
    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="accounts")
    isp_id = models.BigIntegerField("报备单位标识")
    user_name = models.CharField("用户名", max_length=64)
    password = EncryptedTextField()
    aes_key = EncryptedTextField()
    aes_iv = EncryptedTextField()
    encrypt_downloads = models.BooleanField("下载数据加密", default=False)
    may_file_websites = models.BooleanField("ICP报备权限", default=True)
    may_file_addresses = models.BooleanField("IP报备权限", default=False)
    may_file_domains = models.BooleanField("域名报备权限", default=False)
    hours_from = models.TimeField("报备时间起", null=True, blank=True)
    hours_to = models.TimeField("报备时间止", null=True, blank=True)
    suspended = models.BooleanField("暂停", default=False)
    suspended_reason = models.CharField("暂停原因", max_length=255, blank=True)
    left_at = models.DateTimeField("退出时间", null=True, blank=True)
    failed_tries = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    licence = models.CharField("经营许可证编号", max_length=128, blank=True)
    contact_name = models.CharField("联系人", max_length=64, blank=True)
    contact_telephone = models.CharField("联系电话", max_length=32, blank=True)
    system_url = models.CharField("企业系统网址", max_length=255, blank=True)
    managed = models.BooleanField("由本平台企业系统代管", default=False)
    last_sequence = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    parameters_issued_at = models.DateTimeField(null=True)
    connected_at = models.DateTimeField("首次连接", null=True, blank=True)

    class Meta:
        ordering = ["isp_id"]
        constraints = [
            models.UniqueConstraint(fields=["bureau", "isp_id"], name="account_once"),
            models.UniqueConstraint(fields=["bureau", "user_name"], name="account_user_name_once"),
        ]

    def __str__(self) -> str:
        return f"{self.provider.name} {self.isp_id}"

    @property
    def is_locked(self) -> bool:
        """Whether wrong passwords have locked the account for the moment."""
        return self.locked_until is not None and self.locked_until > timezone.now()

    @property
    def may_report(self) -> bool:
        """Whether the account has any reporting permission (19 otherwise)."""
        return self.may_file_websites or self.may_file_addresses or self.may_file_domains


class RegisteredAddress(models.Model):
    """A source address or network that a provider's server may call from (13 otherwise)."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="addresses")
    network = models.CharField("地址或网段", max_length=49)
    note = models.CharField("说明", max_length=128, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "network"], name="registered_once")]

    def __str__(self) -> str:
        return self.network
