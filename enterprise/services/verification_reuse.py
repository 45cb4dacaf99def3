"""An earlier verification that still counts: a case was corrected where nobody has to come again for."""

from __future__ import annotations

from django.db import transaction

from beian.checks.keys import compact
from beian.models import Node, User
from beian.services.refusals import MovedOn
from enterprise.models import Case, Verification, VerificationState
from enterprise.services import cases
from enterprise.services.guard import lock, tell
from enterprise.services.verification_closing import material
from enterprise.services.verification_sheet import Sheet, Subject, sheet_of
from enterprise.services.verification_standing import Standing, standing
from enterprise.services.verifications import check_role
from enterprise.verification_form import Of
from enterprise.workflow import State

_IDENTITY = {
    Of.SPONSOR: ("name", "certificate.type", "certificate.address"),
    Of.PERSON: ("name", "certificate_type"),
}
"""What says who somebody is, beside the number: where it changes, the person comes again (seed, Q&A 3.2)."""


def reusable(case: Case) -> Verification | None:
    """Give the last passed verification of a case that waits for one, where it saw the same people and domains."""
    found = _last_passed(case)
    return found[0] if found else None


def reuse(provider: Node, case_id: int, actor: User) -> Case:
    """Let the last passed verification count again, with the form that was signed then.

    Raises `MovedOn` where there is none, or somebody or something else has to be seen now; `NotAllowed`.
    """
    check_role(provider, actor)
    with transaction.atomic():
        case = lock(provider, case_id)
        found = _last_passed(case)
        if case.state != State.CHECKED or found is None:
            raise MovedOn("主体、负责人身份或域名已变更，此前的核验不能沿用，请重新当面核验。")
        verification, then = found
        tell(case, "reuse_verification", actor, data={"verification": verification.pk})
        return cases.verify(provider, case_id, actor, material(provider, then))


def _last_passed(case: Case) -> tuple[Verification, Standing] | None:
    done = case.verifications.filter(state=VerificationState.PASSED, removed_at=None, corrections=None)
    verification = done.order_by("-id").first()
    if verification is None or case.verifications.filter(state=VerificationState.OPEN).exists():
        return None
    then = standing(verification)
    return (verification, then) if _same_people(then.sheet, sheet_of(case)) else None


def _same_people(then: Sheet, now: Sheet) -> bool:
    """Whether all whom somebody has to see now were seen then, and the form that was signed names the same."""
    named = (then.sponsor_name, sorted(then.domains)) == (now.sponsor_name, sorted(now.domains))
    seen = {_identity(subject) for subject in then.subjects if subject.kind in _IDENTITY}
    return named and {_identity(subject) for subject in now.subjects if subject.kind in _IDENTITY} <= seen


def _identity(subject: Subject) -> tuple[str, ...]:
    fields = _IDENTITY[subject.kind]
    return (subject.kind, compact(subject.number), *("".join(subject.fact(field).split()) for field in fields))
