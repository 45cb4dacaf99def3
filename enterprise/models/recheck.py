"""When each holding was last found right, and how its sponsor is asked again."""

from __future__ import annotations

from django.db import models

from beian.models import Node


class How(models.TextChoices):
    """By what a holding was found right."""

    VERIFIED = "verified", "当面核验"
    STOCK = "stock", "存量核验"
    CHECK = "check", "管局核实任务"
    SPONSOR = "sponsor", "主办者确认"


class Confirmation(models.Model):
    """What is known of one holding: when it was last found right, by whom, and when its sponsor was asked.

    A holding without one was never found right since it was filed: then the day of its filing counts.
    `reminders` counts the letters since it was last found right.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    sponsor_number = models.BigIntegerField("主体编号")
    confirmed_at = models.DateTimeField("最近确认", null=True)
    how = models.CharField("确认方式", max_length=10, choices=How.choices, blank=True, default="")
    by_name = models.CharField("确认人", max_length=64, blank=True, default="")
    verified_at = models.DateTimeField("最近核验", null=True)
    reminded_at = models.DateTimeField("最近提醒", null=True)
    reminders = models.PositiveSmallIntegerField("提醒次数", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "sponsor_number"], name="confirmation_once")]
        indexes = [
            models.Index(fields=["provider", "confirmed_at"], name="confirmation_age"),
            models.Index(fields=["provider", "reminded_at"], name="confirmation_reminded"),
        ]

    def __str__(self) -> str:
        return f"{self.sponsor_number} {self.confirmed_at or ''}".strip()


class RecheckRule(models.Model):
    """How often a provider has what is on file looked at again.

    After `months` without being found right a holding is due; its sponsor is asked by mail at most
    `most_reminders` times, `days_between` days apart, `per_run` letters at a time.
    """

    provider = models.OneToOneField(Node, on_delete=models.PROTECT, related_name="recheck_rule")
    active = models.BooleanField("自动提醒", default=False)
    months = models.PositiveSmallIntegerField("复核周期（月）", default=12)
    days_between = models.PositiveSmallIntegerField("提醒间隔（天）", default=15)
    most_reminders = models.PositiveSmallIntegerField("最多提醒次数", default=3)
    per_run = models.PositiveIntegerField("每次最多发信", default=500)

    def __str__(self) -> str:
        return f"{self.provider}: {self.months}"
