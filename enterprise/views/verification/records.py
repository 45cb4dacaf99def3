"""Closed verifications: the list, and what was removed after its time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beian.web.components import Badge
from beian.web.filters import Filters, cases, days, text
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from enterprise.models import Verification, VerificationState
from enterprise.models.verification import KEPT_YEARS
from enterprise.services import retention
from enterprise.views.verification.desk import Counter
from enterprise.views.verification.shown import badge


def _notes(verification: Verification) -> Badge | None:
    if verification.removed_at is not None:
        return Badge("材料已清除", "neutral")
    return Badge(f"更正 {verification.corrects_id} 号", "warn") if verification.corrects_id else None


TABLE = Table(
    name="verifications",
    columns=(
        Column(name="sponsor", label="主办者", value="case.sponsor_name", lead=True),
        Column(name="reference", label="受理号", value="case.reference", kind="code"),
        Column(name="state", label="结论", value=badge, kind="badge"),
        Column(name="by", label="核验人", value="closed_by_name"),
        Column(name="closed", label="完成", value="closed_at", kind="moment", sort="closed_at"),
        Column(name="removed", label="清除", value="removed_at", kind="moment", sort="removed_at", nullable=True),
        Column(name="notes", label="说明", value=_notes, kind="badge"),
    ),
    order="-closed",
)
STATES: dict[str, Any] = {
    "passed": ("核验通过", lambda: Q(state=VerificationState.PASSED)),
    "failed": ("核验未通过", lambda: Q(state=VerificationState.FAILED)),
    "corrected": ("已被更正", lambda: Q(corrections__isnull=False)),
    "due": ("保存将满（90 天内）", lambda: Q(removed_at=None, closed_at__lt=retention.due_before(_in_90_days()))),
    "removed": ("材料已清除", lambda: Q(removed_at__isnull=False)),
}
FILTERS = (
    text(
        "q", "主办者、受理号或核验人", "case__sponsor_name__contains", "case__reference__startswith", "closed_by_name"
    ),
    cases("state", "结论", STATES),
    *days("closed", "完成日期", "closed_at"),
)


def _in_90_days() -> datetime:
    return timezone.now() + timedelta(days=90)


@require_safe
def records(request: NodeRequest, isp: int) -> HttpResponse:
    """List the closed verifications of the office."""
    counter = Counter.of(request)
    filters = Filters(FILTERS, request.GET)
    rows = filters.apply(Verification.objects.at(counter.provider).closed()).select_related("case")
    rows = rows.defer("answers", "readings", "sheet", "case__draft", "case__request", "case__base")
    page = TABLE.page(rows, request, row_url=lambda row: counter.url("counter", pk=row.pk))
    context = {
        "filters": filters,
        "page": page,
        "years": KEPT_YEARS,
        "back_url": counter.url("counter_today"),
    }
    return render(request, "enterprise/verification/records.html", context)
