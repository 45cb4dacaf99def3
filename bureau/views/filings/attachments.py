"""The attachments of a filing on file: which there are, and one of them for those who may look at scans."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from beian import events, store
from beian.models import Attachment, Node, PriorApproval, Sponsor
from beian.web.filing.names import Names
from beian.web.requests import NodeRequest
from bureau.queries.filings import on_file
from bureau.views.review.attachments import ONE_NOTE_IN, as_it_is


@dataclass(frozen=True, slots=True)
class Kept:
    """An attachment: its content, and in words its purpose and what it belongs to."""

    sha256: str
    label: str


def kept(bureau: Node, sponsor: Sponsor, names: Names) -> list[Kept]:
    """Give the attachments of a filing, the latest first, then the scans of its prior approvals. Two queries."""
    rows = Attachment.objects.held_by(bureau).filter(sponsor=sponsor).select_related("website").order_by("-id")
    found: dict[str, str] = {}
    for row in rows:
        owner = row.website.name if row.website else "主体"
        found.setdefault(row.content_id, f"{names.code('attachment_purpose', row.purpose)} · {owner}")
    approvals = PriorApproval.objects.held_by(bureau).filter(website__sponsor=sponsor).select_related("website")
    for approval in approvals:
        purpose = f"前置审批：{names.code('prior_approval', approval.kind)} · {approval.website.name}"
        found.update((scan["sha256"], purpose) for scan in approval.scans)
    return [Kept(sha256, label) for sha256, label in found.items()]


@require_safe
def filing_attachment(request: NodeRequest, province: int, number: int, sha256: str) -> HttpResponse:
    """Give a content of the filing `number` by its hash; 404 for any other content, whoever has it."""
    sponsor = on_file(request.node).filter(number=number).first()
    if sponsor is None or sha256 not in {each.sha256 for each in kept(request.node, sponsor, Names([]))}:
        raise Http404("not an attachment of this filing")
    try:
        data = store.get(sha256)
    except store.Missing as error:
        raise Http404("removed after its time") from error
    if cache.add(f"filing-attachments-read:{number}:{request.user.pk}", 1, ONE_NOTE_IN):
        events.record("sponsor", number, "read_attachments", node=request.node, actor=request.user)
    return as_it_is(data, store.media_type(data))
