"""Check tasks (核实任务): a filing that a provider is to verify, and what it found."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from beian.crypto import EncryptedJSONField
from beian.models import Node
from interface.models import Outcome, ProviderAccount


class CheckState(models.TextChoices):
    """Where a check task stands."""

    OPEN = "open", "待核实"
    PASSED = "passed", "核实通过"
    REFUSED = "refused", "核实不通过"
    WITHDRAWN = "withdrawn", "已撤销"


class CheckTaskQuerySet(models.QuerySet["CheckTask"]):
    """Check tasks of a bureau, and how they are looked for."""

    def at(self, bureau: Node) -> CheckTaskQuerySet:
        """Keep those of `bureau`."""
        return self.filter(bureau=bureau)

    def open(self) -> CheckTaskQuerySet:
        """Keep those without a result."""
        return self.filter(state=CheckState.OPEN)

    def overdue(self) -> CheckTaskQuerySet:
        """Keep open ones whose day is over."""
        return self.open().filter(due__lt=timezone.localdate())

    def unread(self) -> CheckTaskQuerySet:
        """Keep those whose result nobody at the bureau has looked at yet."""
        return self.filter(state__in=(CheckState.PASSED, CheckState.REFUSED), seen_at=None)


class CheckTask(models.Model):
    """One filing that one provider is to verify. The wire gives it no id: it is matched by sponsor and provider.

    `instruction` travels to the provider. `result` is the `CheckResultRecord` as it came; `on_file` the
    filing as it stood here at that moment, so that the difference stays what it was.
    """

    bureau = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="check_tasks")
    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="check_tasks")
    sponsor_number = models.BigIntegerField()
    sponsor_name = models.CharField("主办者名称", max_length=255)
    filing_number = models.CharField("备案号", max_length=128, blank=True)
    instruction = models.CharField("核实要求", max_length=500, blank=True)
    due = models.DateField("期限")
    state = models.CharField("状态", max_length=10, choices=CheckState.choices, default=CheckState.OPEN)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("下达时间", auto_now_add=True)
    outcome = models.ForeignKey(Outcome, null=True, on_delete=models.PROTECT, related_name="+")

    checker = models.CharField("核实人", max_length=128, blank=True)
    checked = models.CharField("核实时间", max_length=10, blank=True)
    faults = models.TextField("错误信息", blank=True)
    result = EncryptedJSONField(null=True)
    on_file = EncryptedJSONField(null=True)
    closed_at = models.DateTimeField("反馈时间", null=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)

    objects = CheckTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sponsor_number"], name="one_open_check_task", condition=Q(state="open")
            ),
        ]
        indexes = [
            models.Index(fields=["bureau", "state", "due", "id"]),
            models.Index(fields=["bureau", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.sponsor_name} {self.filing_number}".strip()

    @property
    def is_overdue(self) -> bool:
        """Whether it is open and its day is over."""
        return self.state == CheckState.OPEN and self.due < timezone.localdate()

    @property
    def result_unread(self) -> bool:
        """Whether there is a result that nobody at the bureau has looked at."""
        return self.state in (CheckState.PASSED, CheckState.REFUSED) and self.seen_at is None
