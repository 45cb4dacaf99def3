"""The documents of the gateway: those sent to the bureau, and those fetched from it."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from beian.models import Node


class OutgoingState(models.TextChoices):
    """Where an upload stands. While one is `sending`, whether the bureau has it may be unknown."""

    SENDING = "sending", "发送中"
    ACCEPTED = "accepted", "已接收"
    REFUSED = "refused", "被拒收"
    REPLACED = "replaced", "已拆分重报"
    FORGOTTEN = "forgotten", "管局已无记录"


class Outgoing(models.Model):
    """A document for the bureau, under its number.

    Written, with its number, before anything is sent; at most one of a provider is `sending`. `content`
    names its bytes in the store (`beian.store`), which stay there for three months at least. A refused
    document never used up its number: the next one bears it, so `sequence` is unique among the accepted
    and the one being sent only. `payload_hash` is what the bureau is asked about when an answer was lost:
    base64(MD5(zip)), as last sent.

    `tries` is counted, and `code` emptied, before each send: `sending` with tries and without a code means
    that nobody knows whether it arrived. `in_doubt` stays set once an answer was lost: from then on only
    the bureau's own word settles what became of it. A bureau that lost its records has `forgotten` it.
    `faults` counts answers that may be the document's fault or the bureau's; `accused` says that it failed
    before, and another got through since.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    sequence = models.BigIntegerField("上报序号")
    state = models.CharField("状态", max_length=10, choices=OutgoingState.choices, default=OutgoingState.SENDING)
    content = models.CharField(max_length=64)
    size = models.PositiveIntegerField("字节数")
    records = models.PositiveIntegerField("记录数")
    payload_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField("生成时间", auto_now_add=True)
    tries = models.PositiveIntegerField("发送次数", default=0)
    in_doubt = models.BooleanField(default=False)
    faults = models.PositiveIntegerField(default=0)
    accused = models.BooleanField(default=False)
    sent_at = models.DateTimeField("最近发送", null=True)
    settled_at = models.DateTimeField("得到结论", null=True)
    code = models.PositiveIntegerField("返回码", null=True)
    message = models.CharField("返回信息", max_length=1024, blank=True, default="")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "sequence"],
                name="outgoing_number_once",
                condition=models.Q(state__in=["sending", "accepted"]),
            ),
            models.UniqueConstraint(
                fields=["provider"], name="outgoing_one_at_a_time", condition=models.Q(state="sending")
            ),
        ]
        indexes = [models.Index(fields=["provider", "-id"])]
        triggers = [
            pgtrigger.FSM(
                name="outgoing_settles_once",
                field="state",
                transitions=[
                    ("sending", "accepted"),
                    ("sending", "refused"),
                    ("sending", "replaced"),
                    ("accepted", "forgotten"),
                ],
            ),
            pgtrigger.Protect(name="outgoing_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}"


class PortionState(models.TextChoices):
    """What is known of a part of a document that did not get through."""

    PART = "part", "待单独上报"
    SUSPECT = "suspect", "待其他文件通过后重试"
    ACCUSED = "accused", "待再次核实"


class Portion(models.Model):
    """Cases that go out in a document of their own, because the one they were in did not get through.

    A `part` belongs to a document that the bureau called bad. A `suspect` failed without a reason that
    names it: it may be the bureau that fails, so others go first. Once one of them got through it is
    `accused`: if it fails once more, it is to blame. `cases` holds ids in the order of the document;
    those that left the queue meanwhile are passed over.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Outgoing, on_delete=models.PROTECT, related_name="portions")
    state = models.CharField(max_length=8, choices=PortionState.choices, default=PortionState.PART)
    cases = ArrayField(models.BigIntegerField())
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["provider", "state", "id"])]

    def __str__(self) -> str:
        return f"{self.document}: {len(self.cases)}"


class IncomingState(models.TextChoices):
    """Where a fetched document stands."""

    STORED = "stored", "已保存"
    APPLIED = "applied", "已处理"
    FAILED = "failed", "处理失败"
    HELD = "held", "待处置后确认"
    ACKNOWLEDGED = "acknowledged", "已确认"


class Incoming(models.Model):
    """A document from the bureau's mailbox, kept as it came before anything is done with it.

    `content` names the XML in the store where it could be unpacked, else the bytes as they came
    (`readable` false). One that cannot be applied is `failed`, with `problem` in words, is acknowledged
    all the same (`acknowledged_at`), and can be applied again. `held` ones wait until what they order is
    done. `summary` counts what it holds: `{"results": 3, "filings": 1}`. The same name with other bytes
    is another document: another bureau's system may use a name again.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField("文件名", max_length=255)
    state = models.CharField("状态", max_length=12, choices=IncomingState.choices, default=IncomingState.STORED)
    content = models.CharField(max_length=64)
    readable = models.BooleanField(default=True)
    size = models.PositiveIntegerField("字节数")
    fetched_at = models.DateTimeField("取回时间", auto_now_add=True)
    applied_at = models.DateTimeField("处理时间", null=True)
    acknowledged_at = models.DateTimeField("确认时间", null=True)
    summary = models.JSONField(default=dict)
    problem = models.TextField("问题", default="")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "file_name", "content"], name="incoming_once")]
        indexes = [models.Index(fields=["provider", "-id"])]

    def __str__(self) -> str:
        return self.file_name
