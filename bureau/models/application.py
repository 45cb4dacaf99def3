"""Applications: what providers ask a bureau for, and what became of it."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from beian.crypto import EncryptedJSONField
from beian.models import Node
from bureau.workflow import OPEN, PAIRS, Kind, State
from interface.models import Upload


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications at a bureau, and how they are looked for."""

    def at(self, bureau: Node) -> ApplicationQuerySet:
        """Keep the applications that `bureau` holds."""
        return self.filter(holder=bureau)

    def open(self) -> ApplicationQuerySet:
        """Keep those that wait for a decision here."""
        return self.filter(state__in=sorted(OPEN))

    def light(self) -> ApplicationQuerySet:
        """Leave what is long where it is: lists do not need it."""
        return self.defer("record", "base", "difference", "findings")

    def overdue(self) -> ApplicationQuerySet:
        """Keep open ones whose 20 working days are over."""
        return self.open().filter(deadline__lt=timezone.localdate())


class Application(models.Model):
    """One request of a provider, decided as a whole (spec: one new filing, addition or change).

    `record` holds the request whole and encrypted; what is searched stands beside it, personal data
    as blind indexes. `subject` ties the answer to the provider's case. `version` grows with every
    change, so that a stale page is noticed. `origin` is the same for an application and the pointer to
    it that the accepting bureau keeps. `received_by` is the bureau that accepted the upload;
    the 20-day clock starts at `received_at` there.

    A request about a filing that stands has a `target`, its sponsor's number (null where nothing on
    file is named by it). `base` is what the provider last acknowledged of that filing, as JSON of a
    `FilingRecord`; `difference` is what the request would change of what was on file when it came:
    `{"changes": [Delta], "both": [Delta]}` (`beian.records.differences`), where `both` is what others
    changed as well since the base.
    """

    holder = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="applications")
    received_by = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    kind = models.PositiveSmallIntegerField("申请类型", choices=Kind.choices)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.PENDING)
    isp_id = models.BigIntegerField("接入商标识")
    provider_name = models.CharField("接入商", max_length=255)
    upload = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="applications")
    sequence = models.BigIntegerField("上报序号", null=True)
    ordinal = models.PositiveIntegerField("文件内序号", default=1)
    subject = models.CharField(max_length=255)
    record = EncryptedJSONField()
    target = models.BigIntegerField("主体编号", null=True)
    base = EncryptedJSONField(null=True)
    difference = EncryptedJSONField(null=True)

    sponsor_name = models.CharField("主办者名称", max_length=255)
    nature = models.PositiveSmallIntegerField(null=True)
    certificate_type = models.PositiveSmallIntegerField(null=True)
    certificate_index = models.CharField(max_length=64, null=True)
    address_index = models.CharField(max_length=64, null=True)
    telephones = ArrayField(models.CharField(max_length=64), default=list)
    domains = ArrayField(models.CharField(max_length=255), default=list)
    first_domain = models.CharField("首个域名", max_length=128, default="")
    province = models.PositiveIntegerField(null=True)
    city = models.PositiveIntegerField(null=True)
    websites = models.PositiveSmallIntegerField("网站数", default=0)

    findings = models.JSONField(default=list)
    received_at = models.DateTimeField("受理时间")
    deadline = models.DateField("办结期限")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    recommended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recommended_at = models.DateTimeField(null=True)
    recommendation = models.JSONField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("办结时间", null=True)
    reasons = models.JSONField(default=list)
    opinion = models.TextField("审核意见", default="")
    sponsor_number = models.BigIntegerField(null=True)
    filing_number = models.CharField("备案号", max_length=128, default="")
    version = models.PositiveIntegerField(default=1)
    correlation = models.UUIDField(default=uuid.uuid4)
    origin = models.UUIDField(default=uuid.uuid4)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "upload", "kind", "ordinal"],
                name="application_once",
                condition=models.Q(upload__isnull=False),
            ),
            models.UniqueConstraint(fields=["holder", "origin"], name="application_origin_once"),
        ]
        indexes = [
            models.Index(fields=["holder", "state", "deadline", "id"]),
            models.Index(fields=["holder", "state", "received_at", "id"]),
            models.Index(fields=["holder", "certificate_index"]),
            models.Index(fields=["holder", "address_index"]),
            models.Index(fields=["holder", "isp_id", "id"]),
            models.Index(fields=["isp_id", "subject"], name="application_case"),
            models.Index(fields=["holder", "target", "id"], name="application_about"),
            GinIndex(fields=["domains"], name="application_domains"),
            GinIndex(fields=["telephones"], name="application_telephones"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="state_follows_workflow",
                field="state",
                transitions=sorted((str(before), str(after)) for before, after in PAIRS),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sponsor_name}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision here."""
        return self.state in OPEN

    def claimed_now(self) -> bool:
        """Whether somebody's claim on it still runs."""
        return self.claimed_until is not None and self.claimed_until > timezone.now()
