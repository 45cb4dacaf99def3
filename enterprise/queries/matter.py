"""What a case is about: what it asks, the filing as our copy has it, and what would become of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from beian.checks import Finding
from beian.models import Node
from beian.records import (
    AttachmentRecord,
    CancellationRecord,
    ChangeRecord,
    CheckResultRecord,
    ContentRecord,
    FilingRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    UnfiledHandlingRecord,
    WebsiteRecord,
    from_json,
)
from beian.records.applied import NotOnFile, applied
from beian.records.asking import attachments_of
from beian.records.differences import Difference, difference
from beian.records.merging import merged
from enterprise.models import Case
from enterprise.queries.on_file import filing_named_by
from enterprise.services import judging
from enterprise.services.contents import CaseRequest, request_of
from enterprise.services.drafts import Errors, read
from enterprise.workflow import State

NO_REQUESTS = (AttachmentRecord, CheckResultRecord, UnfiledHandlingRecord)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A case with what surrounds it.

    `request` is what was submitted, or as much of a draft as can be read (then `typed`, with what it lacks
    in `errors`). `before` is the filing in our copy, None for a new one or where we hold none; `after` what
    would become of it; `changes` the difference, `both` what others changed as well since the case began.
    """

    request: CaseRequest | None
    typed: bool = False
    errors: Errors = field(default_factory=dict)
    before: FilingRecord | None = None
    after: FilingRecord | None = None
    changes: Difference = ()
    both: Difference = ()


def matter(case: Case) -> Matter:
    """Read what `case` is about."""
    if case.request is None or (case.state == State.DRAFT and case.draft):
        reading = read(case.kind, case.typed)
        return Matter(request=reading.request, typed=True, errors=reading.errors)
    request = request_of(case)
    if isinstance(request, NO_REQUESTS):
        return Matter(request=request)
    if isinstance(request, FilingRecord):
        return Matter(request=request, after=request)
    return _beside(case, request)


def findings_of(provider: Node, it: Matter) -> tuple[list[Finding], list[Finding]]:
    """Judge the request of a matter: what the bureau would certainly refuse, and what our copy says against it."""
    if it.request is None:
        return [], []
    return judging.findings(provider, it.request), judging.warnings(provider, it.request)


def websites_of(request: CaseRequest | None) -> tuple[WebsiteRecord, ...]:
    """Give the websites that a request itself describes."""
    if isinstance(request, FilingRecord | NewWebsitesRecord | ChangeRecord):
        return request.websites
    return request.filing.websites if isinstance(request, CheckResultRecord) else ()


def files_of(request: CaseRequest | None) -> tuple[AttachmentRecord, ...]:
    """Give the attachments of a request, in its order."""
    match request:
        case None | UnfiledHandlingRecord():
            return ()
        case AttachmentRecord():
            return (request,)
        case CheckResultRecord():
            return request.filing.attachments
    return attachments_of(request)


def content_named(request: CaseRequest | None, sha256: str) -> ContentRecord | None:
    """Find a content of a request by its hash, among attachments and scans of prior approvals."""
    scans = (scan for site in websites_of(request) for approval in site.approvals for scan in approval.scans)
    contents = (*(each.content for each in files_of(request)), *scans)
    return next((content for content in contents if content.sha256 == sha256), None)


def _beside(case: Case, request: NewWebsitesRecord | NewAccessRecord | ChangeRecord | CancellationRecord) -> Matter:
    before, isp_id = filing_named_by(case.provider, request), case.provider.isp_id
    if before is None:
        return Matter(request=request)
    if isinstance(request, ChangeRecord):
        base = None if case.base is None else from_json(case.base, FilingRecord)
        merge = merged(base, before, request, isp_id)
        after, both = merge.as_asked, merge.both
    else:
        try:
            after, both = applied(before, request, isp_id), ()
        except NotOnFile:
            return Matter(request=request, before=before)
    return Matter(request=request, before=before, after=after, changes=difference(before, after), both=both)
