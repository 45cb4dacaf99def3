"""What the provider's own systems need: tokens, calls that may be repeated, webhooks and their deliveries."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from beian.crypto import EncryptedJSONField, EncryptedTextField
from beian.models import Node


class Scope(models.TextChoices):
    """What a token opens."""

    CASES_READ = "cases:read", "查看申请"
    CASES_WRITE = "cases:write", "提交申请"
    FILES_WRITE = "files:write", "上传照片与材料"
    VERIFICATIONS_WRITE = "verifications:write", "提交核验记录"
    HOLDINGS_READ = "holdings:read", "查询备案"
    PERSONAL_READ = "personal:read", "查看个人信息"
    TASKS_READ = "tasks:read", "查看管局任务"
    TASKS_WRITE = "tasks:write", "登记停止接入"


class ApiToken(models.Model):
    """A token of one system. Shown once when it is made; kept as SHA-256 (it has 256 random bits).

    `start` is its first characters, so that people can tell tokens apart.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("系统名称", max_length=64)
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=32, choices=Scope.choices), verbose_name="权限")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("创建时间", auto_now_add=True)
    used_at = models.DateTimeField("最近使用", null=True)
    revoked_at = models.DateTimeField("停用时间", null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.start}…"


class RepeatableCall(models.Model):
    """The answer to a call that bore a key: the same call again is answered the same and does nothing.

    `digest` is that of method, path and body. Removed after a day.
    """

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=128)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = EncryptedJSONField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="repeatable_call_once")]
        indexes = [models.Index(fields=["at"], name="repeatable_call_at")]

    def __str__(self) -> str:
        return self.key


class Webhook(models.Model):
    """Where a system wants to be told. `secret` signs what is sent; `cursor` is the last event it was told of."""

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="webhooks")
    url = models.URLField("地址", max_length=500)
    secret = EncryptedTextField()
    active = models.BooleanField("启用", default=True)
    cursor = models.BigIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("创建时间", auto_now_add=True)

    def __str__(self) -> str:
        return self.url


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting", "待投递"
    DELIVERED = "delivered", "已投递"
    GIVEN_UP = "given_up", "已放弃"


class Delivery(models.Model):
    """One thing told to one webhook: kept with what was answered. `id` is the same in every try."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.BigIntegerField()
    body = models.JSONField()
    state = models.CharField("状态", max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    made_at = models.DateTimeField("时间", auto_now_add=True)
    tries = models.PositiveIntegerField("次数", default=0)
    not_before = models.DateTimeField(null=True)
    answered = models.PositiveSmallIntegerField("应答", null=True)
    problem = models.CharField("问题", max_length=255, blank=True, default="")
    delivered_at = models.DateTimeField("投递时间", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="delivery_once")]
        indexes = [
            models.Index(fields=["webhook", "-made_at"], name="delivery_of_webhook"),
            models.Index(fields=["not_before"], name="delivery_waiting", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return str(self.id)


class HandedFile(models.Model):
    """A file that a system handed in: only these may its drafts name, by their SHA-256."""

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    content = models.ForeignKey("beian.Content", on_delete=models.PROTECT, related_name="+")
    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "content"], name="handed_file_once")]

    def __str__(self) -> str:
        return str(self.content)
