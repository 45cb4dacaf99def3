"""The life of a case at the office: begun, submitted, sent back, checked, verified, queued, given up.

What the gateway and the bureau's answers do to cases stands in `enterprise.gateway` and
`enterprise.applying`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from beian import numbers
from beian.calendar import add_working_days, shanghai_day
from beian.checks import Finding
from beian.models import Node, User
from beian.records import (
    AttachmentRecord,
    ChangeRecord,
    FilingRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    as_json,
)
from beian.services.refusals import Invalid, MovedOn
from enterprise.models import Agent, Case, SponsorAccount
from enterprise.services import judging, notices
from enterprise.services.contents import CaseRequest, address_of, request_of, searchable
from enterprise.services.drafts import draft_of, record_of
from enterprise.services.guard import check_version, find_change, lock, move, tell, update
from enterprise.services.identifiers import with_ids
from enterprise.services.verifying import needs_verification
from enterprise.services.writing import problems
from enterprise.workflow import EDITABLE, Kind, Origin, State, Team

PRECHECK_DAYS = 5
"""Working days in which the office looks at what was submitted (work plan 64, 2010)."""


class Defective(Invalid):
    """What was filled in breaks rules (`findings` has all of them), or lacks something (`missing`, by path)."""

    def __init__(self, findings: Sequence[Finding], missing: dict[str, list[str]] | None = None) -> None:
        errors = {path: list(messages) for path, messages in (missing or {}).items()}
        for finding in findings:
            errors.setdefault(finding.about, []).append(f"{finding.detail}（{finding.code}）")
        super().__init__(errors)
        self.findings = list(findings)


@dataclass(frozen=True, slots=True)
class Correction:
    """What has to be put right: `about` is a path as in findings, "" for the whole; `note` says what."""

    about: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a case begins with. `reference` is its number in the system it came from (an order's, say)."""

    kind: Kind
    origin: Origin = Origin.PORTAL
    account: SponsorAccount | None = None
    agent: Agent | None = None
    team: Team = Team.NEW
    draft: dict[str, Any] | None = None
    base: Any = None
    sponsor_name: str = ""
    sponsor_number: int | None = None
    filing_number: str = ""
    reference: str = ""


def begin(provider: Node, beginning: Beginning, actor: User | None) -> Case:
    """Open a case as a draft. A repeated `reference` of one origin gives the case that is there."""
    return begin_once(provider, beginning, actor)[0]


def begin_once(provider: Node, beginning: Beginning, actor: User | None) -> tuple[Case, bool]:
    """Do the same; says too whether it was this call that opened the case, also where the same came twice at once."""
    if beginning.reference and (found := _begun(provider, beginning)):
        return found, False
    try:
        with transaction.atomic():
            return _opened(provider, beginning, actor), True
    except IntegrityError:
        # Somebody else's of the same reference, committed while this one waited for it.
        if not beginning.reference or (found := _begun(provider, beginning)) is None:
            raise
        return found, False


def save_draft(provider: Node, case_id: int, draft: dict[str, Any], *, version: int | None = None) -> Case:
    """Keep what was typed so far, as it is. Raises `MovedOn` where the case is no longer the applicant's."""
    with transaction.atomic():
        case = lock(provider, case_id)
        check_version(case, version)
        if case.state not in EDITABLE:
            raise MovedOn(f"这件申请现在是“{case.get_state_display()}”，不能再修改。")
        update(case, draft=draft, **_known_by(case, draft))
        return case


def submit(
    provider: Node, case_id: int, request: CaseRequest, actor: User | None, *, leaves_access: bool = False
) -> Case:
    """Hand in what was filled in. Raises `Defective` with everything that the rules find.

    Objects that are new get the provider's own ids, kept when a corrected request comes again; the draft
    becomes the request as a form shows it. `leaves_access`: what is missing of accesses, the office fills in
    before it passes the case; sponsors do not know the provider's addresses.
    """
    with transaction.atomic():
        case = lock(provider, case_id)
        find_change(case, "submit", None)
        request = with_ids(provider, request)
        found = judging.findings(provider, request)
        if leaves_access:
            found = [each for each in found if not of_access(each.about)]
        if found:
            raise Defective(found)
        now = timezone.now()
        due = add_working_days(shanghai_day(now), PRECHECK_DAYS)
        return move(
            case,
            "submit",
            actor,
            **_said(case, request),
            corrections=[],
            submitted_at=now,
            precheck_due=due,
        )


def send_back(
    provider: Node,
    case_id: int,
    corrections: Sequence[Correction],
    actor: User,
    reason: str = "",
    *,
    version: int | None = None,
) -> Case:
    """Send a case back to who filled it in, saying field by field what to correct. Raises `Invalid` without any."""
    if not corrections and not reason.strip():
        raise Invalid({"corrections": ["请指出需要修改的内容。"]})
    wanted = [*corrections, *([Correction("", reason.strip())] if reason.strip() else [])]
    with transaction.atomic():
        case = lock(provider, case_id)
        check_version(case, version)
        said = [{"about": each.about, "note": each.note} for each in wanted]
        fields = {"fields": [each.about for each in wanted]}
        sent_back = move(case, "send_back", actor, reason=reason, data=fields, corrections=said)
        notices.tell_sent_back(sent_back)
        return sent_back


def pass_check(provider: Node, case_id: int, actor: User, *, version: int | None = None) -> Case:
    """Pass what was submitted: on to the verification in person, or past it where none is required.

    Raises `Defective` while something is missing or wrong that the sponsor left to the office.
    """
    with transaction.atomic():
        case = lock(provider, case_id)
        check_version(case, version)
        find_change(case, "pass_check", actor)
        _refuse_defects(provider, case)
        after = State.CHECKED if needs_verification(case) else State.VERIFIED
        return move(case, "pass_check", actor, after=after)


def verify(provider: Node, case_id: int, actor: User, attachments: Sequence[AttachmentRecord] = ()) -> Case:
    """Take note that the verification in person is closed and passed; its material joins the request."""
    with transaction.atomic():
        case = lock(provider, case_id)
        return move(case, "verify", actor, **_with_material(case, attachments))


def queue(provider: Node, case_id: int, actor: User | None, *, alone: bool = False, version: int | None = None) -> Case:
    """Put a case into the upload queue; `alone` asks for a document of its own.

    So does a case whose document came back as a whole, until it has an answer of its own.

    Raises `Invalid` where its record does not fit the schema: it would take the others of its document along.
    """
    with transaction.atomic():
        case = lock(provider, case_id)
        check_version(case, version)
        find_change(case, "queue", actor)
        if found := problems(provider, case):
            raise Invalid({"": found})
        alone = alone or case.alone
        return move(case, "queue", actor, queued_at=timezone.now(), alone=alone, held_because="", document=None)


def unqueue(provider: Node, case_id: int, actor: User) -> Case:
    """Take a case out of the queue again, unless it is on its way."""
    with transaction.atomic():
        return move(lock(provider, case_id), "unqueue", actor, queued_at=None)


def abandon(provider: Node, case_id: int, actor: User | None, reason: str) -> Case:
    """Give a case up. Raises `Invalid` without a reason, `MovedOn` once it is with the bureau."""
    if not reason.strip():
        raise Invalid({"reason": ["请填写原因。"]})
    with transaction.atomic():
        return move(lock(provider, case_id), "abandon", actor, reason=reason.strip())


def _known_by(case: Case, draft: dict[str, Any]) -> dict[str, str]:
    """What lists call a case by while it is filled in."""
    sponsor = draft.get("sponsor")
    websites = draft.get("websites")
    domains = websites[0].get("domains") if isinstance(websites, list) and websites else None
    name = sponsor.get("name") if isinstance(sponsor, dict) else None
    first = domains[0].get("name") if domains else None
    return {
        "sponsor_name": str(name or case.sponsor_name).strip()[:255],
        "first_domain": str(first or "").strip()[:128],
    }


def restate(case: Case, request: CaseRequest) -> None:
    """Let a locked case ask for something else than it was handed in with, with all that follows from it."""
    update(case, **_said(case, request))


def of_access(path: str) -> bool:
    """Whether a path is about an access: what a sponsor may leave to the office."""
    return path.startswith("access.") or ".accesses" in path


def _refuse_defects(provider: Node, case: Case) -> None:
    request = request_of(case)
    missing = record_of(case.kind, draft_of(request))[1]
    found = judging.findings(provider, request)
    if missing or found:
        raise Defective(found, missing)


def _opened(provider: Node, beginning: Beginning, actor: User | None) -> Case:
    case = Case.objects.create(
        provider=provider,
        reference=numbers.issue_reference(provider, timezone.localdate().year),
        kind=beginning.kind,
        origin=beginning.origin,
        origin_reference=beginning.reference,
        sponsor_account=beginning.account,
        agent=beginning.agent or (beginning.account.agent if beginning.account else None),
        team=beginning.team,
        draft=beginning.draft,
        base=beginning.base,
        sponsor_name=beginning.sponsor_name,
        sponsor_number=beginning.sponsor_number,
        filing_number=beginning.filing_number,
    )
    tell(case, "begin", actor)
    return case


def _begun(provider: Node, beginning: Beginning) -> Case | None:
    same = Case.objects.at(provider).filter(origin=beginning.origin, origin_reference=beginning.reference)
    return same.first()


def _said(case: Case, request: CaseRequest) -> dict[str, Any]:
    """The columns of a case that follow from its request; what the request does not say stays as it is."""
    found, address = searchable(request), address_of(request)
    return {
        "request": as_json(request),
        "draft": draft_of(request),
        "subject": address.subject,
        "answered_as": address.answered_as,
        "opinion_ids": list(address.opinion_ids),
        "sponsor_name": found.sponsor_name or case.sponsor_name,
        "certificate_index": found.certificate_index or case.certificate_index,
        "telephones": list(found.telephones),
        "domains": list(found.domains),
        "first_domain": next(iter(found.domains), "")[:128],
    }


def _with_material(case: Case, attachments: Sequence[AttachmentRecord]) -> dict[str, Any]:
    """The request with material, in the place of an earlier verification's; one that takes none stays as it is."""
    request = request_of(case)
    if not attachments or not isinstance(request, FilingRecord | NewWebsitesRecord | NewAccessRecord | ChangeRecord):
        return {}
    new = {(each.purpose, each.owner_kind, each.owner) for each in attachments}
    others = (each for each in request.attachments if (each.purpose, each.owner_kind, each.owner) not in new)
    more = with_ids(case.provider, replace(request, attachments=(*others, *attachments)))
    return {"request": as_json(more), "draft": draft_of(more)}
