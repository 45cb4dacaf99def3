"""What has to be verified before a case may be uploaded, and why."""

from __future__ import annotations

from django.utils import timezone

from beian.checks import shipped_facts
from beian.checks.verification import Level, Reason, Verification, verification
from beian.records import AttachmentRecord, CheckResultRecord, NewWebsitesRecord, UnfiledHandlingRecord
from beian.records.applied import NotOnFile, applied
from beian.records.filing import FilingRecord
from enterprise.models import Case
from enterprise.queries.on_file import filing_named_by
from enterprise.services.contents import CaseRequest, request_of

NOTHING = Verification(Level.KEEP_TRUE, ())


def needs_verification(case: Case) -> bool:
    """Whether somebody has to come in person before this case is uploaded (work plan 64, 2010)."""
    return bool(what_to_verify(case).required)


def what_to_verify(case: Case) -> Verification:
    """Say what a submitted case needs verified, and why, against our copy of the filing.

    Where our copy does not hold the filing, new websites need their persons all the same.
    """
    return _of(case, request_of(case))


def _of(case: Case, request: CaseRequest) -> Verification:
    if isinstance(request, AttachmentRecord | CheckResultRecord | UnfiledHandlingRecord):
        return NOTHING
    facts = shipped_facts(timezone.localdate())
    if isinstance(request, FilingRecord):
        return verification(None, request, facts)
    before = filing_named_by(case.provider, request)
    if before is None:
        return _of_strangers(request)
    try:
        return verification(before, applied(before, request, case.provider.isp_id), facts)
    except NotOnFile:
        return NOTHING


def _of_strangers(request: CaseRequest) -> Verification:
    """What a request about a filing of others needs: there is nothing to compare it with."""
    if not isinstance(request, NewWebsitesRecord):
        return NOTHING
    return Verification(
        Level.REQUIRED,
        tuple(
            Reason(
                Level.REQUIRED, f"网站“{website.name}”", ("websites", str(index), "person"), "新增网站，核验网站负责人"
            )
            for index, website in enumerate(request.websites)
        ),
    )
