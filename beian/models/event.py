"""Everything that happened, append-only."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from beian.models.node import Node


class Event(models.Model):
    """Someone did something to a thing, at a node. Never changed, never deleted by the application.

    `correlation` ties together what one upload or one click caused, across nodes. `data` holds no
    personal data; `reason` is what the person wrote.
    """

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", null=True)
    subject_kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=64)
    verb = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    actor_name = models.CharField(max_length=128, default="系统")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(default="")
    data = models.JSONField(default=dict)
    correlation = models.UUIDField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject", "id"]),
            models.Index(fields=["correlation"]),
            models.Index(fields=["node", "at"], name="event_of_cases", condition=models.Q(subject_kind="case")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject}: {self.verb}"
