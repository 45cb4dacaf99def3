"""Decisions: recommend, send back, approve, refuse, withdraw."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from beian.models import Node, User
from beian.services.refusals import Invalid, MovedOn, NotAllowed, ServiceError
from bureau.models import Application, RefusalReason
from bureau.services import approval, claims
from bureau.services.guard import check_claim, check_version, find_change, lock
from bureau.services.overtaken import return_overtaken
from bureau.services.refusal import tell_refusal
from bureau.services.story import tell
from bureau.workflow import Kind, State

OPINION_LIMIT = 1024
TAKES_ALONG = frozenset({Kind.CANCEL_SPONSOR, Kind.CANCEL_WEBSITE})
"""What may leave other applications without an object."""


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one application of a bulk decision."""

    application_id: int
    done: bool
    message: str


def recommend(
    application_id: int, user: User, verdict: str, reasons: list[str], text: str, version: int | None
) -> Application:
    """First of two reviews: recommend to approve or to refuse (`verdict`), then hand on.

    Raises `MovedOn`, `ClaimedByOther`, `NotAllowed`, `Invalid`.
    """
    opinion = compose_opinion(reasons, text, needed=verdict == "refuse")
    with transaction.atomic():
        application = _ready(application_id, user, "recommend", version)
        if not application.holder.two_stages:
            raise NotAllowed("本局为一级审核，请直接作出决定。")
        application.state = State.RECOMMENDED
        application.recommended_by, application.recommended_at = user, timezone.now()
        application.recommendation = {"verdict": verdict, "reasons": reasons, "text": text}
        _change(application, "state", "recommended_by", "recommended_at", "recommendation")
        tell(application, "recommend", user, reason=opinion, data={"verdict": verdict})
        return application


def send_back(application_id: int, user: User, reason: str, version: int | None) -> Application:
    """Second of two reviews: send back to the queue for another first review, with a reason."""
    if not reason.strip():
        raise Invalid({"reason": ["请填写退回初审的原因。"]})
    with transaction.atomic():
        application = _ready(application_id, user, "send_back", version)
        application.state, application.recommendation = State.PENDING, None
        application.recommended_by = application.recommended_at = None
        _change(application, "state", "recommendation", "recommended_by", "recommended_at")
        tell(application, "send_back", user, reason=reason)
        return application


def approve(application_id: int, user: User, version: int | None, opinion: str = "") -> Application:
    """Approve: what was asked for becomes rows, everyone concerned is told.

    The rules about conflicts are applied again. Where one shows, the application ends as returned
    instead, and the provider is told why; look at the state of what is given back. Raises `MovedOn`
    where somebody else changed the same things after the reviewer looked.
    """
    if len(opinion) > OPINION_LIMIT:
        raise Invalid({"text": [f"审核意见最多{OPINION_LIMIT}个字，现有{len(opinion)}个。"]})
    password = approval.new_password() if _is_new_filing(application_id) else None
    application = _approve_or_return(application_id, user, version, password, opinion)
    if application.state == State.APPROVED and application.kind in TAKES_ALONG and application.target is not None:
        return_overtaken(application.holder, application.target)
    return application


def _approve_or_return(
    application_id: int, user: User, version: int | None, password: approval.NewPassword | None, opinion: str
) -> Application:
    with transaction.atomic():
        application = _ready(application_id, user, "approve", version)
        _check_stage(application, user)
        considered = approval.consider(application)
        if considered.findings:
            approval.return_for_conflict(application, considered.findings)
            return application
        if not considered.unseen:
            _approve(application, user, considered, password, opinion)
            return application
        approval.show_again(application, considered)
    raise MovedOn("他人在此期间也变更了这件申请要变更的内容，请核对新的差异后再作决定。")


def _approve(
    application: Application,
    user: User,
    considered: approval.Considered,
    password: approval.NewPassword | None,
    opinion: str,
) -> None:
    application.state, application.opinion = State.APPROVED, opinion
    application.decided_by, application.decided_at = user, timezone.now()
    approval.put_on_file(application, user, considered, password)
    _change(application, "state", "opinion", "decided_by", "decided_at", "sponsor_number", "filing_number")
    tell(application, "approve", user, reason=opinion, data={"filing_number": application.filing_number})


def _is_new_filing(application_id: int) -> bool:
    return Application.objects.filter(pk=application_id, kind=Kind.NEW_FILING).exists()


def refuse(application_id: int, user: User, reasons: list[str], text: str, version: int | None) -> Application:
    """Refuse with reasons; the provider gets 1002 with the opinion."""
    opinion = compose_opinion(reasons, text, needed=True)
    with transaction.atomic():
        application = _ready(application_id, user, "refuse", version)
        _check_stage(application, user)
        application.state, application.opinion, application.reasons = State.REFUSED, opinion, reasons
        application.decided_by, application.decided_at = user, timezone.now()
        _change(application, "state", "opinion", "reasons", "decided_by", "decided_at")
        approval.give_back(application)
        tell_refusal(application, user)
        tell(application, "refuse", user, reason=opinion)
        return application


def withdraw(application_id: int, user: User, reason: str, version: int | None) -> Application:
    """End an open application at its provider's request, with a reason (the wire has no element for it)."""
    if not reason.strip():
        raise Invalid({"reason": ["请填写撤回原因。"]})
    with transaction.atomic():
        application = lock(application_id)
        check_version(application, version)
        find_change(application, "withdraw", user)
        application.state, application.opinion = State.WITHDRAWN, reason
        application.decided_by, application.decided_at = user, timezone.now()
        _change(application, "state", "opinion", "decided_by", "decided_at")
        approval.give_back(application)
        tell_refusal(application, user)
        tell(application, "withdraw", user, reason=reason)
        return application


def decide_many(
    bureau: Node, ids: list[int], user: User, verdict: str, reasons: list[str], text: str
) -> list[RowReport]:
    """Decide several at once, each in a transaction of its own; a claim is taken on the way.

    In two stages a pending one is recommended and a recommended one decided. Gives one report a row.
    """
    reports = []
    for pk in ids:
        try:
            message = _decide_one(bureau, pk, user, verdict, reasons, text)
        except ServiceError as error:
            reports.append(RowReport(pk, False, error.message))
        else:
            reports.append(RowReport(pk, True, message))
    return reports


def compose_opinion(reasons: list[str], text: str, *, needed: bool) -> str:
    """Join reasons and text into the opinion that travels (1,024 characters at most, spec, filing results)."""
    parts = [part.strip() for part in [*reasons, text] if part.strip()]
    if needed and not parts:
        raise Invalid({"reasons": ["请至少选择一条理由或填写意见。"]})
    opinion = "\n".join(parts)
    if len(opinion) > OPINION_LIMIT:
        raise Invalid({"text": [f"理由与意见合计最多{OPINION_LIMIT}个字，现有{len(opinion)}个。"]})
    return opinion


def active_reasons(bureau: Node) -> list[RefusalReason]:
    """Give the bureau's list of reasons in its order."""
    return list(bureau.refusal_reasons.filter(active=True))


def _decide_one(bureau: Node, pk: int, user: User, verdict: str, reasons: list[str], text: str) -> str:
    if not Application.objects.at(bureau).filter(pk=pk).exists():
        raise ServiceError("这件申请不在本局。")
    application = claims.claim(pk, user)
    if bureau.two_stages and application.state == State.CLAIMED:
        application = recommend(pk, user, verdict, reasons, text, None)
    elif verdict == "approve":
        application = approve(pk, user, None, text)
    else:
        application = refuse(pk, user, reasons, text, None)
    return str(application.get_state_display())


def _ready(application_id: int, user: User, verb: str, version: int | None) -> Application:
    """Lock the application and see that this person may take this step on it now."""
    application = lock(application_id)
    find_change(application, verb, user)
    check_claim(application, user)
    check_version(application, version)
    return application


def _check_stage(application: Application, user: User) -> None:
    """In two stages the first review comes first, and the second is another person's."""
    if not application.holder.two_stages:
        return
    if application.state == State.CLAIMED:
        raise NotAllowed("本局为两级审核，请先提交初审意见，由另一人复核。")
    if application.recommended_by_id == user.pk:
        raise NotAllowed("初审由您完成，复核须由另一人进行。")


def _change(application: Application, *fields: str) -> None:
    """Save the fields of a decision; the claim ends with it."""
    application.claimed_by = application.claimed_until = None
    application.version += 1
    application.save(update_fields=["claimed_by", "claimed_until", "version", *fields])
