"""A sponsor hands in what he has written: the draft read, what must be proved put to it, then submitted.

The page of every kind ends here, first time and corrected: a change is narrowed to what differs, a request
that needs the filing password takes it along.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction

from beian.models import User
from beian.records import ChangeRecord
from beian.services.refusals import Invalid
from enterprise.models import Case
from enterprise.services import cases, checking
from enterprise.services.changing import Changed, changed, refuse_nothing, with_own_ids
from enterprise.services.completing import completed
from enterprise.services.contents import CaseRequest
from enterprise.services.drafts import read
from enterprise.services.guard import check_version, lock
from enterprise.services.proving_password import NEEDED

WRONG_PASSWORD = 1018


@dataclass(frozen=True, slots=True)
class Ready:
    """A draft as it would be handed in. `errors` is what is missing, by path; `change` what a change comes to."""

    request: CaseRequest | None
    errors: dict[str, list[str]]
    change: Changed | None = None


def ready(case: Case, *, filing_password: str | None = None) -> Ready:
    """Read the draft of a case as it would be handed in; what is left to the provider is not missing."""
    draft = completed(case.provider, case.kind, case.typed)
    reading = read(case.kind, draft, filing_password=filing_password)
    errors = checking.problems(case.provider, case.kind, draft, leaves_access=True)
    if errors or not isinstance(reading.request, ChangeRecord) or case.base is None:
        return Ready(reading.request, errors)
    try:
        found = changed(case, reading.request)
        refuse_nothing(found)
    except Invalid as error:
        return Ready(reading.request, error.errors)
    return Ready(found.request, {}, found)


def hand_in(case: Case, actor: User, *, filing_password: str | None = None) -> Case:
    """Submit the draft of a case. Raises `Invalid` with all that is missing or breaks a rule, by path, and
    `MovedOn` where somebody typed on meanwhile: what was read is not put over it.

    Without a `filing_password` the one that was proved before goes along again.
    """
    password = filing_password or kept_password(case)
    if case.kind in NEEDED and not password:
        raise Invalid({"filing_password": ["请填写备案密码。"]})
    found = ready(case, filing_password=password)
    if found.errors or found.request is None:
        raise Invalid(found.errors)
    with transaction.atomic():
        check_version(lock(case.provider, case.pk), case.version)
        request = found.request
        if isinstance(request, ChangeRecord):
            request = with_own_ids(case.provider, replace(request, filing_password=None))
        return cases.submit(case.provider, case.pk, request, actor, leaves_access=True)


def kept_password(case: Case) -> str | None:
    """Give the filing password that a case was handed in with before, unless the bureau said that it is wrong."""
    if any(each["code"] == WRONG_PASSWORD for each in case.codes):
        return None
    return (case.request or {}).get("filing_password") or None
