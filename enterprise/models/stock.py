"""Stock verification (存量核验): plans, their batches, and the holdings that are gone through."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from beian.models import Node
from enterprise.models.case import Case


class StockScope(models.TextChoices):
    """Which holdings a plan takes up."""

    ALL = "all", "全部备案"
    NEVER = "never", "从未核验过的"
    BEFORE = "before", "某日之前核验的"
    LEGACY = "legacy", "不经本系统备案的（存量数据）"
    LIST = "list", "指定备案号"
    SAMPLE = "sample", "随机抽查"


class ItemState(models.TextChoices):
    """Where an item stands."""

    OPEN = "open", "待核验"
    CONTACTED = "contacted", "已联系"
    APPOINTED = "appointed", "已预约"
    RIGHT = "right", "信息准确"
    WRONG = "wrong", "信息有误，变更中"
    UNREACHABLE = "unreachable", "无法联系"
    CANCEL = "cancel", "应注销"


class StockPlan(models.Model):
    """A plan: which holdings are verified, by when. `condition` holds what the scope needs.

    `{"before": "2025-01-01"}`, `{"percent": 5}`, `{"numbers": [...]}` (sponsors' numbers). `total` is how
    many items it has; it does not grow. The seed of a random sample is the plan's own id, so that what
    was drawn can be drawn again.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=64)
    scope = models.CharField("范围", max_length=8, choices=StockScope.choices)
    condition = models.JSONField(default=dict)
    due = models.DateField("完成期限")
    total = models.PositiveIntegerField("备案数", default=0)
    created_at = models.DateTimeField("制定时间", auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "name"], name="stock_plan_once")]

    def __str__(self) -> str:
        return self.name


class StockBatch(models.Model):
    """A part of a plan, given to one person."""

    plan = models.ForeignKey(StockPlan, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField("批次")
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="stock_batch_once")]

    def __str__(self) -> str:
        return f"{self.plan} 第{self.number}批"


class StockItem(models.Model):
    """One holding of a plan: the filing of a sponsor, by the bureau's number, and what came of it."""

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(StockPlan, on_delete=models.PROTECT, related_name="items")
    batch = models.ForeignKey(StockBatch, on_delete=models.PROTECT, related_name="items")
    sponsor_number = models.BigIntegerField("主体编号")
    sponsor_name = models.CharField("主办者", max_length=255)
    filing_number = models.CharField("备案号", max_length=128, blank=True, default="")
    state = models.CharField("状态", max_length=12, choices=ItemState.choices, default=ItemState.OPEN)
    appointment = models.DateTimeField("预约时间", null=True)
    note = models.CharField("说明", max_length=500, blank=True, default="")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="stock_items")
    changed_at = models.DateTimeField("最近处理", null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_by_name = models.CharField("处理人", max_length=64, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "sponsor_number"], name="stock_item_once")]
        indexes = [
            models.Index(fields=["plan", "state", "id"], name="stock_item_state"),
            models.Index(fields=["batch", "state", "id"], name="stock_item_of_batch"),
            models.Index(fields=["plan", "filing_number", "id"], name="stock_item_number"),
            models.Index(fields=["provider", "sponsor_number"], name="stock_item_about"),
        ]

    def __str__(self) -> str:
        return f"{self.sponsor_name} {self.filing_number}".strip()
