"""What the bureau asks of the office beside applications, and what the office sets itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from beian.crypto import EncryptedJSONField
from beian.models import Node
from enterprise.models.case import Case
from enterprise.models.documents import Incoming


class TaskKind(models.TextChoices):
    """Why somebody has something to do."""

    CLOSURE = "closure", "注销后停止接入"
    CHECK = "check", "核实任务"
    UNFILED = "unfiled", "未备案网站"
    ILLEGAL_ACCESS = "illegal_access", "非法接入"
    CORRECTION = "correction", "整改通知"
    BLACKLIST = "blacklist", "黑名单命中"
    CERTIFICATE = "certificate", "主体证件核查"
    ACCESS = "access", "接入核查"
    SHELL = "shell", "空壳网站"
    LIVENESS = "liveness", "网站无法访问"
    UNTOLD = "untold", "无法对应的结果"


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", "待处理"
    REPORTING = "reporting", "结果上报中"
    DONE = "done", "已处理"


class Task(models.Model):
    """One thing to do, from one entry of a document of the bureau's.

    `about` tells one entry from another of its kind: a repeated document makes no second task.
    `content` is the notice as JSON (its class follows from `kind`). `holds` says that the document is not
    acknowledged before this is done. `case` is the upload that reports the result. `done_as` says what
    was done, in words.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("任务类型", max_length=16, choices=TaskKind.choices)
    state = models.CharField("状态", max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    about = models.CharField(max_length=255)
    title = models.CharField("事项", max_length=255)
    content = EncryptedJSONField()
    incoming = models.ForeignKey(Incoming, null=True, on_delete=models.PROTECT, related_name="tasks")
    holds = models.BooleanField(default=False)
    sponsor_number = models.BigIntegerField(null=True)
    website_number = models.BigIntegerField(null=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="tasks")
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField("收到时间", auto_now_add=True)
    due = models.DateField("期限", null=True)
    done_at = models.DateTimeField("处理时间", null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    done_by_name = models.CharField("处理人", max_length=64, blank=True, default="")
    done_as = models.TextField("处理情况", blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "kind", "about", "incoming"], name="office_task_once")
        ]
        indexes = [
            models.Index(fields=["provider", "state", "due", "id"], name="office_task_due"),
            models.Index(fields=["provider", "sponsor_number"], name="office_task_about"),
            models.Index(fields=["incoming"], name="office_task_holds", condition=models.Q(holds=True, state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}"
