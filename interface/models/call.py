"""Every call of the interface, with the reason of its answer in plain words."""

from __future__ import annotations

import uuid

from django.db import models

from beian.models import Node
from interface.models.account import ProviderAccount


class CallLog(models.Model):
    """One call: when, from which address, what, the answer's code and why. Holds no secrets.

    `isp_id` is what the caller said it is; `account` is set where that exists. `code` is null where
    the request was no call at all (a fault was answered).
    """

    # No indexes of their own: those below begin with them.
    bureau = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(
        ProviderAccount, null=True, on_delete=models.PROTECT, related_name="calls", db_index=False
    )
    isp_id = models.CharField(max_length=32, default="")
    operation = models.CharField(max_length=40, default="")
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    code = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(default="")
    request_size = models.BigIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    sequence = models.BigIntegerField(null=True)
    correlation = models.UUIDField(default=uuid.uuid4)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["bureau", "-id"]),
            models.Index(fields=["account", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.code}"
