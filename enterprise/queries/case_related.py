"""What else the office has about the same certificate, domain or filing; and what happened to a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from beian.models import Domain, Event, Sponsor
from beian.web.components import Moment, Tone
from enterprise.forms.labels import label
from enterprise.models import Case, CaseQuerySet
from enterprise.queries.timeline import VERBS
from enterprise.queries.verification_events import VERIFICATION_VERBS
from enterprise.workflow import ENDED, Team

LIMIT = 10
EVENTS_SHOWN = 100

OFFICE_VERBS: Mapping[str, tuple[str, Tone]] = {
    **VERBS,
    **VERIFICATION_VERBS,
    "assign": ("分配", "neutral"),
    "edit": ("修改申请内容", "warn"),
    "reveal": ("查看个人信息", "neutral"),
    "read_attachments": ("查看附件", "neutral"),
}
"""What the office is told of each event of a case."""


@dataclass(frozen=True, slots=True)
class Kin:
    """Another case: `common` says what it shares, `is_open` that it is still under way."""

    case: Case
    common: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """A filing of our copy that shares something: its number, name and filing number."""

    number: int
    name: str
    filing_number: str
    common: str


def other_cases(case: Case, seen: CaseQuerySet) -> list[Kin]:
    """Find other cases of the same filing, certificate or domain, the newest first. Three queries at most.

    `seen` are those that the person may see: who fills in a certificate or domain learns of no other's case by it.
    """
    wanted = {
        "同一备案": Q(sponsor_number=case.sponsor_number) if case.sponsor_number else None,
        "同证件": Q(certificate_index=case.certificate_index) if case.certificate_index else None,
        "同域名": Q(domains__overlap=case.domains) if case.domains else None,
    }
    found: dict[int, tuple[Case, list[str]]] = {}
    for common, condition in wanted.items():
        if condition is None:
            continue
        rows = seen.light().filter(condition).exclude(pk=case.pk).order_by("-id")[:LIMIT]
        for row in rows:
            found.setdefault(row.pk, (row, []))[1].append(common)
    newest = sorted(found.values(), key=lambda each: -each[0].pk)
    return [Kin(row, "、".join(common), row.state not in ENDED) for row, common in newest]


def holdings_of(case: Case, seen: QuerySet[Sponsor]) -> list[Holding]:
    """Find filings of our copy with the same certificate or domain, or that the case is about. Three queries.

    `seen` are those that the person may see.
    """
    held = seen.only("number", "name", "filing_number")
    wanted = []
    if case.sponsor_number:
        wanted.append(("所属备案", held.filter(number=case.sponsor_number)))
    if case.certificate_index:
        wanted.append(("同证件", held.filter(certificate_index=case.certificate_index)))
    if case.domains:
        owners = Domain.objects.held_by(case.provider).filter(key__in=case.domains)
        wanted.append(("同域名", held.filter(pk__in=owners.values("website__sponsor"))))
    found: dict[int, tuple[Sponsor, list[str]]] = {}
    for common, rows in wanted:
        for row in rows.order_by("-id")[:LIMIT]:
            found.setdefault(row.pk, (row, []))[1].append(common)
    return [Holding(row.number, row.name, row.filing_number or "", "、".join(common)) for row, common in found.values()]


def history(case: Case) -> list[Moment]:
    """Give what happened to a case, the latest first, with who did it."""
    rows = Event.objects.filter(subject_kind="case", subject=str(case.pk)).order_by("-id")[:EVENTS_SHOWN]
    return [_moment(event) for event in rows]


def _moment(event: Event) -> Moment:
    words, tone = OFFICE_VERBS.get(event.verb, (event.verb, "neutral"))
    fields = "、".join(dict.fromkeys(label(about) for about in event.data.get("fields", ())))
    detail = "\n".join(part for part in (event.reason, fields) if part)
    team = event.data.get("team", "")
    to = "，".join(part for part in (event.data.get("to_name", ""), str(Team(team).label) if team else "") if part)
    return Moment(event.at, f"{words}：{to}" if to else words, event.actor_name, detail, tone)
