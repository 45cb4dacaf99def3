"""Verification in person (当面核验): what was looked at, what was kept of it, by whom and when.

A closed record never changes: triggers refuse it, and let only the removal through that follows the
years for which material is kept. What turns out wrong is put right by a new record that names the one
it corrects.
"""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from beian.crypto import EncryptedJSONField, EncryptedTextField
from beian.models import Content, Node
from enterprise.models.case import Case

KEPT_YEARS = 5
"""For so long is the material of a verification kept at least (work plan 64, 2010)."""

_REMOVAL = f"""
    OLD.removed_at IS NULL AND NEW.removed_at >= OLD.closed_at + interval '{KEPT_YEARS} years'
    AND (NEW.id, NEW.case_id, NEW.provider_id, NEW.state, NEW.closed_at, NEW.closed_by_id)
      = (OLD.id, OLD.case_id, OLD.provider_id, OLD.state, OLD.closed_at, OLD.closed_by_id)
"""

_PIECE_STAYS = """
    SELECT state, removed_at INTO parent FROM enterprise_verification
     WHERE id = COALESCE(OLD.verification_id, NEW.verification_id);
    IF parent.state = 'open' AND TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSIF parent.state = 'open' THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND parent.removed_at IS NOT NULL AND OLD.removed_at IS NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'material of a closed verification never changes';
"""


class VerificationState(models.TextChoices):
    """Where a verification stands."""

    OPEN = "open", "核验中"
    PASSED = "passed", "核验通过"
    FAILED = "failed", "核验未通过"


class VerificationQuerySet(models.QuerySet["Verification"]):
    """Verifications of a provider."""

    def at(self, provider: Node) -> VerificationQuerySet:
        """Keep those of `provider`."""
        return self.filter(provider=provider)

    def closed(self) -> VerificationQuerySet:
        """Keep those that have an outcome."""
        return self.exclude(state=VerificationState.OPEN)


class Verification(models.Model):
    """One verification in person for a case.

    `answers` has what was answered to each item of the form: `{"website.0:name": {"answer": "yes", "note":
    "", "of": …, "at": …, "by": …}}`, `readings` the numbers read from originals: `{"person.0": {"agrees":
    true, "fault": "", "of": …}}`; `of` is a digest of what the case said then, so that an answer about what has
    changed since no longer counts. `sheet` is what was verified, as it was when the record was closed.
    `reason` says why it failed, or what the verifier remarked.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="verifications")
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    correction_reason = EncryptedTextField(null=True)
    state = models.CharField("状态", max_length=8, choices=VerificationState.choices, default=VerificationState.OPEN)
    answers = EncryptedJSONField(default=dict)
    readings = EncryptedJSONField(default=dict)
    sheet = EncryptedJSONField(null=True)
    reason = EncryptedTextField(null=True)
    opened_at = models.DateTimeField("开始时间", auto_now_add=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("完成时间", null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_by_name = models.CharField("核验人", max_length=64, blank=True, default="")
    removed_at = models.DateTimeField("清除时间", null=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="verification_one_open", condition=Q(state="open")),
            models.UniqueConstraint(fields=["corrects"], name="verification_corrected_once"),
            models.CheckConstraint(
                name="verification_closed_by_whom",
                condition=Q(state="open", closed_at=None)
                | (~Q(state="open") & ~Q(closed_at=None) & ~Q(closed_by=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "state", "-id"], name="verification_listed"),
            models.Index(fields=["case", "-id"], name="verification_of_case"),
            models.Index(fields=["closed_at"], name="verification_to_remove", condition=Q(removed_at=None)),
        ]
        triggers = [
            pgtrigger.FSM(
                name="verification_closes_once", field="state", transitions=[("open", "passed"), ("open", "failed")]
            ),
            pgtrigger.Protect(
                name="verification_closed_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.state <> 'open' AND ({_REMOVAL}) IS NOT TRUE"),
            ),
            pgtrigger.Protect(name="verification_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it is still going on."""
        return self.state == VerificationState.OPEN


class PieceKind(models.TextChoices):
    """What a piece of material shows."""

    PHOTO = "photo", "现场照片"
    FORM = "form", "核验单扫描件"
    SPONSOR_CERTIFICATE = "certificate", "主办者证件复印件"
    IDENTITY = "identity", "负责人证件复印件"
    AGREEMENT = "agreement", "书面协议"


class PieceSource(models.TextChoices):
    """How a piece came."""

    CAMERA = "camera", "设备摄像头"
    FILE = "file", "文件"
    CARRIED = "carried", "沿用"


class PieceQuerySet(models.QuerySet["Piece"]):
    """Pieces of material."""

    def kept(self) -> PieceQuerySet:
        """Keep those that were looked at and kept, and are still here."""
        return self.exclude(kept_at=None).filter(removed_at=None)


class Piece(models.Model):
    """A photo or a scan. It counts once somebody looked at it and kept it (`kept_at`).

    `place` is the subject on the sheet (`person.0`), `of` the digest of what the case said of it.
    `taken_at` is the server's time of taking, or of handing in a file. `curtain` says that the person
    stood in front of the curtain issued for it. `quality` is that of the JPEG, `original_size` bytes before.
    """

    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="pieces")
    kind = models.CharField("材料", max_length=20, choices=PieceKind.choices)
    place = models.CharField(max_length=20)
    of = models.CharField(max_length=64)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    source = models.CharField("来源", max_length=8, choices=PieceSource.choices)
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")
    quality = models.PositiveSmallIntegerField("图像质量")
    original_size = models.PositiveIntegerField("原大小")
    curtain = models.BooleanField("幕布前拍摄", default=False)
    taken_at = models.DateTimeField("采集时间")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_by_name = models.CharField("采集人", max_length=64)
    kept_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = PieceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["content"], name="piece_of_content", condition=Q(removed_at=None))]
        triggers = [
            pgtrigger.Trigger(
                name="piece_stays_with_its_record",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("parent", "record")],
                func=_PIECE_STAYS,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
