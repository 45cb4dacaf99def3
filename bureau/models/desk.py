"""What reviewers keep at their desks: reasons for refusal, saved filters."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from beian.models import Node


class RefusalReason(models.Model):
    """An entry of the bureau's list of reasons for refusing; edited by its supervisors."""

    bureau = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="refusal_reasons")
    title = models.CharField("简称", max_length=64)
    text = models.CharField("告知接入商的内容", max_length=500)
    position = models.PositiveIntegerField("顺序", default=0)
    active = models.BooleanField("启用", default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["bureau", "title"], name="reason_once")]

    def __str__(self) -> str:
        return self.title


class SavedFilter(models.Model):
    """A reviewer's filter of the queue, kept under a name. `query` is the query string."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    bureau = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=64)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "bureau", "name"], name="saved_filter_once")]

    def __str__(self) -> str:
        return self.name
