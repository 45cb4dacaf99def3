"""The office puts right what a case asks for, in the applicant's place; the event says which fields."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from beian.checks import shipped_facts
from beian.checks.verification import verification
from beian.models import Node, Role, User
from beian.records import (
    AddressRecord,
    CertificateRecord,
    ChangeRecord,
    FilingRecord,
    NewWebsitesRecord,
    PersonRecord,
    SponsorRecord,
)
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from beian.services.staff import roles_at
from enterprise.forms.filing_fields import field_at
from enterprise.models import Case
from enterprise.services import judging
from enterprise.services.cases import Defective, of_access, restate, save_draft
from enterprise.services.contents import CaseRequest, request_of
from enterprise.services.drafting import PAGES
from enterprise.services.drafts import Draft, draft_of, read
from enterprise.services.guard import check_version, lock, tell
from enterprise.services.identifiers import with_ids
from enterprise.workflow import AT_OFFICE, CLERKS, EDITABLE, State

WRITERS = CLERKS | {Role.AGENT}
"""Who fills in for sponsors; what is submitted only clerks change."""

NOBODY = SponsorRecord(
    name="",
    certificate=CertificateRecord(type=0, number="", address=""),
    address=AddressRecord(province=0),
    person=PersonRecord(),
)

AFTER_VERIFICATION = frozenset({State.VERIFIED, State.HELD})
"""States that a case reaches with its verification done: whom it concerned stays as he was seen."""


def editable_draft(case: Case) -> Draft:
    """Give what an edit starts from: the draft while it is being filled in, else what was submitted."""
    return case.typed if case.state in EDITABLE or case.request is None else draft_of(request_of(case))


def edit(
    provider: Node, case_id: int, change: Callable[[Draft], Draft], actor: User, *, version: int | None = None
) -> Case:
    """Change what a case asks for. `change` gives the draft as it shall be.

    A draft is kept as it is typed. What was submitted must stay readable and keep the rules, but for accesses,
    which are complete only when the case passes: raises `Defective` with everything else, by path. Raises
    `NotAllowed`, `MovedOn`, and `Invalid` for what would need another verification in person.
    """
    with transaction.atomic():
        case = lock(provider, case_id)
        check_version(case, version)
        _refuse_strangers(case, actor)
        before = copy.deepcopy(editable_draft(case))
        after = change(copy.deepcopy(before))
        fields = sorted(set(_named(_changed(before, after))))
        if not fields:
            return case
        if case.state in EDITABLE:
            save_draft(provider, case_id, after)
            case = lock(provider, case_id)
        else:
            _restate(case, after)
        if case.state != State.DRAFT or case.sponsor_account_id is not None:
            tell(case, "edit", actor, data={"fields": fields})
        return case


def _refuse_strangers(case: Case, actor: User) -> None:
    roles = roles_at(actor, case.provider)
    if case.state not in EDITABLE | AT_OFFICE:
        raise MovedOn(f"这件申请现在是“{case.get_state_display()}”，不能再修改；需要时先撤出队列或退回。")
    if not roles & (WRITERS if case.state in EDITABLE else CLERKS):
        raise NotAllowed("您的角色不能修改这件申请。")


def _restate(case: Case, draft: Draft) -> None:
    reading = read(case.kind, draft)
    missing = {path: said for path, said in reading.errors.items() if not of_access(path)}
    if missing or reading.request is None:
        raise Defective([], missing or {"": ["填写的内容不能识别。"]})
    request = with_ids(case.provider, reading.request)
    found = [each for each in judging.findings(case.provider, request) if not of_access(each.about)]
    if found:
        raise Defective(found)
    if case.state in AFTER_VERIFICATION:
        _refuse_other_people(request_of(case), request)
    restate(case, request)


def _refuse_other_people(before: CaseRequest, after: CaseRequest) -> None:
    """Refuse, after a verification in person, what would need another one (the rule that asked for it)."""
    old, new = _as_filing(before), _as_filing(after)
    if old is None or new is None:
        return
    reasons = verification(old, new, shipped_facts(timezone.localdate())).required
    if reasons:
        errors = {".".join(each.field): [f"{each}。已当面核验，请退回修改后重新核验。"] for each in reasons}
        raise Invalid(errors)


def _as_filing(request: CaseRequest) -> FilingRecord | None:
    """Give a request as a filing to compare; new websites stand beside a sponsor that is not theirs to change."""
    match request:
        case FilingRecord():
            return request
        case ChangeRecord():
            return FilingRecord(sponsor=request.sponsor, websites=request.websites)
        case NewWebsitesRecord():
            return FilingRecord(sponsor=NOBODY, websites=request.websites)
    return None


def _changed(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Give the paths at which two drafts differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after} - {PAGES}):
            yield from _changed(before.get(name), after.get(name), f"{path}.{name}" if path else name)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _changed(old, new, f"{path}.{index}" if path else str(index))
    elif _plain(before) != _plain(after):
        yield path


def _plain(value: Any) -> Any:
    return None if value in ("", [], {}) else value


def _named(paths: Iterator[str]) -> Iterator[str]:
    """Give the fields that paths belong to, as forms name them."""
    for path in paths:
        found = field_at(path)
        if found is None:
            yield path
            continue
        above, owner = found
        yield f"{above}.{owner.name}" if above else owner.name
