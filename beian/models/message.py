"""Messages between systems: the outbox of the sender, the inbox of the receiver."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from beian.models.node import Node


class MessageKind(models.TextChoices):
    """What a message carries."""

    APPLICATION = "application", "备案申请"
    OUTCOME = "outcome", "审核结果"
    FILING = "filing", "备案数据"
    DIRECTORY = "directory", "目录数据"
    CONTENT = "content", "附件内容"
    MATERIAL = "material", "核验材料"
    ANSWER = "answer", "自动处理结果"


class MessageState(models.TextChoices):
    """Where a message in the outbox stands."""

    WAITING = "waiting", "待确认"
    ACKNOWLEDGED = "acknowledged", "已确认"
    STOPPED = "stopped", "已停发"


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages of the outboxes that this process looks after."""

    def served(self) -> MessageQuerySet:
        """Keep those in the outboxes of the nodes that this process serves."""
        return self.filter(holder__in=Node.objects.served())

    def waiting(self) -> MessageQuerySet:
        """Keep those that are to be sent until they are acknowledged."""
        return self.filter(state=MessageState.WAITING)

    def unacknowledged(self) -> MessageQuerySet:
        """Keep those that nobody has confirmed, whether they are still being sent or not."""
        return self.exclude(state=MessageState.ACKNOWLEDGED)

    def due(self) -> MessageQuerySet:
        """Keep those whose time to be sent (again) has come."""
        return self.waiting().filter(due_at__lte=timezone.now())


class Message(models.Model):
    """A message in the outbox of `holder`, on its way from `source` to `destination`.

    `hop` is the system it is handed to next: the ministry where the destination is another bureau.
    There the message stands a second time, with the same `uid`, in the ministry's own outbox.
    `serial` grows with each message of the source. `body` is sealed with the network key and
    removed once the next hop has taken it over; `size` is its length in bytes. `copies` counts how
    often it may lie in the broker now.
    """

    uid = models.UUIDField(default=uuid.uuid4)
    serial = models.BigIntegerField()
    holder = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    hop = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("类型", max_length=20, choices=MessageKind.choices)
    about = models.CharField("对象", max_length=80, blank=True)
    correlation = models.UUIDField()
    body = models.BinaryField(null=True)
    size = models.PositiveIntegerField()
    state = models.CharField("状态", max_length=12, choices=MessageState.choices, default=MessageState.WAITING)
    written_at = models.DateTimeField("写入时间", auto_now_add=True)
    tries = models.PositiveIntegerField("发送次数", default=0)
    copies = models.PositiveIntegerField(default=0)
    last_sent_at = models.DateTimeField("最近发送", null=True)
    due_at = models.DateTimeField("下次发送", default=timezone.now)
    stop_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField("确认时间", null=True)
    problem = models.CharField("对方答复", max_length=255, default="")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["holder", "uid"], name="message_once")]
        indexes = [
            models.Index(fields=["hop", "due_at"], name="message_due", condition=models.Q(state="waiting")),
            models.Index(fields=["hop"], name="message_in_flight", condition=models.Q(copies__gt=0)),
            models.Index(fields=["id"], name="message_open", condition=~models.Q(state="acknowledged")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}".strip()


class Receipt(models.TextChoices):
    """What the receiver did with a message."""

    HANDLED = "handled", "已处理"
    SUPERSEDED = "superseded", "已有更新数据"
    RELAYED = "relayed", "已转发"


class ReceivedMessage(models.Model):
    """A message in the inbox of `holder`, which was dealt with: the row commits with what it caused.

    A second delivery of the same `uid` finds this row and does nothing.
    """

    uid = models.UUIDField()
    serial = models.BigIntegerField()
    holder = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=MessageKind.choices)
    about = models.CharField(max_length=80, blank=True)
    correlation = models.UUIDField()
    receipt = models.CharField(max_length=12, choices=Receipt.choices)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["holder", "uid"], name="received_once")]
        indexes = [models.Index(fields=["holder", "source", "kind", "about", "serial"], name="received_about")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}".strip()
