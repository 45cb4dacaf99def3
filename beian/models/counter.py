"""Counters for numbers that are issued once and never again."""

from __future__ import annotations

from django.db import models

from beian.models.node import Node


class Counter(models.Model):
    """The last number given out of one series at one node. Gaps are allowed, repeats are not."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=40)
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "series"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.node} {self.series}: {self.value}"
