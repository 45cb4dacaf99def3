"""Cases: the provider's side of an application."""

from __future__ import annotations

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from beian.bigrams import Bigrams, ChineseOrder, Searched
from beian.crypto import EncryptedJSONField
from beian.models import Node, User
from enterprise.models.documents import Outgoing
from enterprise.models.sponsor import Agent, SponsorAccount
from enterprise.workflow import OUTSTANDING, PAIRS, Kind, Origin, State, Team


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases of a provider, and who may see which."""

    def at(self, provider: Node) -> CaseQuerySet:
        """Keep the cases of `provider`."""
        return self.filter(provider=provider)

    def of_sponsor(self, user: User) -> CaseQuerySet:
        """Keep a sponsor's own."""
        return self.filter(sponsor_account__user_id=user.pk)

    def of_agents(self, user: User) -> CaseQuerySet:
        """Keep those of the agents that `user` works for."""
        return self.filter(agent__people=user.pk, agent__open=True)

    def light(self) -> CaseQuerySet:
        """Leave what is long where it is: lists do not need it."""
        return self.defer("draft", "request", "base", "corrections", "codes", "opinions")


class Case(models.Model):
    """One request, from the first word typed to the bureau's answer.

    `draft` is what was typed so far, as it was typed (`enterprise.services.drafts`); `request` the record
    made of it when it was submitted, as JSON whose class follows from `kind`
    (`enterprise.services.contents`). `base` is the filing as our copy had it when a change began.

    `subject` is under what the bureau's answer comes back, `answered_as` the kind on the wire (material
    comes back as a change), `opinion_ids` the ids that reviewers' opinions may bear. Two outstanding
    cases never share kind and subject: the second waits in the queue, so an answer is always one case's.

    `corrections` is what has to be put right: `[{"about": "websites.0.name", "note": "…"}]`, where
    `about` is a path as in findings, "" for the whole. `codes` and `opinions` are the bureau's last
    answer: `[{"code", "description"}]`, `[{"verdict", "opinion", "reviewer", "telephone", "reviewed"}]`.
    `alone` asks for a document of its own. `precheck_due` is five working days after submission,
    `decision_due` twenty after the bureau's acknowledgement.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField("受理号", max_length=20)
    kind = models.PositiveSmallIntegerField("申请类型", choices=Kind.choices)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.DRAFT)
    team = models.CharField("小组", max_length=8, choices=Team.choices, default=Team.NEW)
    origin = models.CharField("来源", max_length=8, choices=Origin.choices, default=Origin.PORTAL)
    origin_reference = models.CharField("来源编号", max_length=128, blank=True, default="")
    sponsor_account = models.ForeignKey(SponsorAccount, null=True, on_delete=models.PROTECT, related_name="cases")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="cases")
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    draft = EncryptedJSONField(null=True)
    request = EncryptedJSONField(null=True)
    base = EncryptedJSONField(null=True)
    corrections = EncryptedJSONField(default=list)
    sponsor_name = models.CharField("主办者名称", max_length=255, blank=True, default="")
    certificate_index = models.CharField(max_length=64, null=True)
    telephones = ArrayField(models.CharField(max_length=64), default=list)
    domains = ArrayField(models.CharField(max_length=255), default=list)
    first_domain = models.CharField("首个域名", max_length=128, blank=True, default="")
    sponsor_number = models.BigIntegerField("主体编号", null=True)
    filing_number = models.CharField("备案号", max_length=128, blank=True, default="")

    subject = models.CharField(max_length=255, blank=True, default="")
    answered_as = models.PositiveSmallIntegerField(null=True)
    opinion_ids = ArrayField(models.BigIntegerField(), default=list)
    document = models.ForeignKey(Outgoing, null=True, on_delete=models.PROTECT, related_name="cases")
    ordinal = models.PositiveIntegerField("文件内序号", null=True)
    alone = models.BooleanField(default=False)
    held_because = models.TextField("受阻原因", blank=True, default="")
    codes = EncryptedJSONField(default=list)
    opinions = EncryptedJSONField(default=list)
    answer_remark = models.TextField(blank=True, default="")

    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    changed_at = models.DateTimeField("最近变化", auto_now=True)
    submitted_at = models.DateTimeField("提交时间", null=True)
    precheck_due = models.DateField("初审期限", null=True)
    queued_at = models.DateTimeField("排队时间", null=True)
    uploaded_at = models.DateTimeField("发出时间", null=True)
    acknowledged_at = models.DateTimeField("管局接收时间", null=True)
    decision_due = models.DateField("管局办结期限", null=True)
    answered_at = models.DateTimeField("结果取回时间", null=True)
    version = models.PositiveIntegerField(default=1)
    correlation = models.UUIDField(default=uuid.uuid4)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "reference"], name="case_reference_once"),
            models.UniqueConstraint(
                fields=["provider", "answered_as", "subject"],
                name="case_outstanding_once",
                condition=Q(state__in=sorted(OUTSTANDING)),
            ),
            models.UniqueConstraint(
                fields=["provider", "origin", "origin_reference"],
                name="case_origin_once",
                condition=~Q(origin_reference=""),
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "state", "id"]),
            models.Index(fields=["provider", "assigned_to", "state", "id"], name="case_of_person"),
            models.Index(fields=["provider", "-changed_at", "-id"], name="case_changed"),
            models.Index(fields=["provider", "subject"], name="case_subject"),
            models.Index(fields=["provider", "sponsor_number"], name="case_about"),
            models.Index(fields=["provider", "certificate_index"], name="case_certificate"),
            models.Index(fields=["sponsor_account", "-id"], name="case_of_sponsor"),
            models.Index(fields=["agent", "-id"], name="case_of_agent"),
            models.Index(fields=["provider", "state", "precheck_due", "id"], name="case_precheck_due"),
            models.Index(
                fields=["provider", "decision_due", "id"],
                name="case_decision_due",
                condition=Q(state__in=sorted(OUTSTANDING)),
            ),
            models.Index(fields=["provider", "state", "changed_at", "id"], name="case_standing_since"),
            models.Index("provider", "state", ChineseOrder("sponsor_name"), "id", name="case_by_name"),
            models.Index(fields=["provider", "filing_number"], name="case_filing_number"),
            GinIndex(Bigrams(Searched("sponsor_name", "first_domain")), name="case_search"),
            GinIndex(fields=["domains"], name="case_domains"),
            GinIndex(fields=["opinion_ids"], name="case_opinions"),
            GinIndex(fields=["telephones"], name="case_telephones"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="case_follows_workflow",
                field="state",
                transitions=sorted((str(before), str(after)) for before, after in PAIRS),
            ),
            pgtrigger.Protect(name="case_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.get_kind_display()} {self.sponsor_name}".strip()

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed so far; empty before the first word."""
        return self.draft or {}
