"""The connection (对接) to a bureau: its parameters, where the numbers stand, and every call made."""

from __future__ import annotations

from django.db import models

from beian.crypto import EncryptedTextField
from beian.models import Node


class Connection(models.Model):
    """How a provider's system reaches its bureau's, ours or another's.

    `endpoint` is what `/ISPWebService/upDownLoad` is appended to. `last_sequence` is the number of the
    last upload that the bureau accepted, as we know it; null until the bureau was asked for the first
    time. A loop that cannot go on says so: `uploads_wait_until` and `downloads_wait_until` are when it
    tries again, the `…_wait_because` why, in words for the office, the `…_failed` how often in a row it
    could not. `stopped` needs a person: nothing is uploaded until somebody has looked (`stopped_because`
    says at what); with `password_refused` nothing is asked at all, because every wrong password counts
    towards a lock. `held_because` says why the mailbox's oldest document is applied but not acknowledged
    yet. `last_looked_at` is when the mailbox was last found empty or fetched from.
    """

    provider = models.OneToOneField(Node, on_delete=models.PROTECT, related_name="connection")
    endpoint = models.CharField("接口地址", max_length=255)
    user_name = models.CharField("用户名", max_length=64)
    password = EncryptedTextField("认证密码")
    aes_key = EncryptedTextField("AES密钥", null=True)
    aes_iv = EncryptedTextField("AES偏移量", null=True)
    encrypt = models.BooleanField("上报数据加密", default=False)
    active = models.BooleanField("启用", default=True)
    poll_seconds = models.PositiveIntegerField("查询间隔（秒）", default=60)
    last_sequence = models.BigIntegerField("最近受理序号", null=True)
    uploads_wait_until = models.DateTimeField(null=True)
    uploads_wait_because = models.TextField(default="")
    uploads_failed = models.PositiveIntegerField(default=0)
    downloads_wait_until = models.DateTimeField(null=True)
    downloads_wait_because = models.TextField(default="")
    downloads_failed = models.PositiveIntegerField(default=0)
    stopped = models.BooleanField(default=False)
    stopped_because = models.TextField(default="")
    password_refused = models.BooleanField(default=False)
    held_because = models.TextField(default="")
    last_looked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.provider} → {self.endpoint}"


class Call(models.Model):
    """A call that was made: what was answered, or why there was no answer (`error`).

    `code` is null where nothing understandable came back. `sequence` is that of an upload, `file_name`
    that of a download or its acknowledgement. `test` says that somebody tried it from the page.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="calls")
    operation = models.CharField("接口", max_length=40)
    at = models.DateTimeField("时间", auto_now_add=True)
    milliseconds = models.PositiveIntegerField("耗时（毫秒）", default=0)
    code = models.PositiveIntegerField("返回码", null=True)
    message = models.CharField("返回信息", max_length=1024, blank=True, default="")
    error = models.CharField("未得到应答", max_length=1024, blank=True, default="")
    sequence = models.BigIntegerField("上报序号", null=True)
    file_name = models.CharField("文件名", max_length=255, blank=True, default="")
    test = models.BooleanField("测试", default=False)
    by = models.CharField("操作人", max_length=64, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["connection", "-id"])]

    def __str__(self) -> str:
        return f"{self.operation} {self.code}"
