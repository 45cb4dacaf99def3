"""Imports of cases from a spreadsheet, and how far each has come."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from beian.crypto import EncryptedJSONField
from beian.models import Node
from enterprise.models.sponsor import Agent
from enterprise.workflow import Team


class ImportState(models.TextChoices):
    """Where an import stands."""

    WAITING = "waiting", "等待处理"
    RUNNING = "running", "导入中"
    DONE = "done", "已完成"
    FAILED = "failed", "无法读取"


class ImportRun(models.Model):
    """A file of cases: its bytes (`content`, in the store), and what became of its rows.

    `digest` is the SHA-256 of the file: rows without a reference of their own are known by it and their
    place. `total` counts the rows of cases, `seen` those that are worked off; of these `made` became cases,
    `drafts` of them incomplete, and `repeated` were there already. `problems` is
    `[{"row", "column", "reason", "stops"}]`, where `row` is the row in the sheet and `stops` says that it
    became no case. `answer` names the file with the extra column in the store. After three months both
    files and the problems go (`removed_at`); the digest stays, so that the same file still repeats nothing.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.CharField("小组", max_length=8, choices=Team.choices, default=Team.NEW)
    file_name = models.CharField("文件名", max_length=255)
    digest = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    answer = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField("状态", max_length=8, choices=ImportState.choices, default=ImportState.WAITING)
    total = models.PositiveIntegerField("行数", default=0)
    seen = models.PositiveIntegerField("已处理", default=0)
    made = models.PositiveIntegerField("新建", default=0)
    drafts = models.PositiveIntegerField("待补全", default=0)
    repeated = models.PositiveIntegerField("重复", default=0)
    problems = EncryptedJSONField(default=list)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    removed_at = models.DateTimeField("清除时间", null=True)

    class Meta:
        indexes = [models.Index(fields=["provider", "-id"])]

    def __str__(self) -> str:
        return self.file_name
