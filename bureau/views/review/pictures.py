"""The attachments of a request: what they are, and which contents belong to it."""

from __future__ import annotations

from dataclasses import dataclass

from beian.records import ContentRecord
from beian.records.requests import Request
from beian.web.filing.names import Names
from bureau.queries.matter import Matter
from bureau.services.requests import attachments_of, contents_of
from bureau.views.review.content import asked_websites

SPONSOR = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """An attachment: its purpose in words, what it belongs to, and its content."""

    purpose: str
    owner: str
    content: ContentRecord

    @property
    def label(self) -> str:
        """What stands over the picture."""
        return f"{self.purpose} · {self.owner}"


def attachments(matter: Matter, names: Names) -> list[Shown]:
    """Give all attachments of a request, then the scans of the prior approvals in it."""
    shown = [
        Shown(
            names.code("attachment_purpose", each.purpose),
            "主体" if each.owner_kind == SPONSOR else _website(matter, each.owner),
            each.content,
        )
        for each in attachments_of(matter.request)
    ]
    for website in asked_websites(matter):
        for approval in website.approvals:
            purpose = f"前置审批：{names.code('prior_approval', approval.kind)}"
            shown += [Shown(purpose, website.name, scan) for scan in approval.scans]
    return shown


def content_of(request: Request, sha256: str) -> ContentRecord | None:
    """Find the content with this hash among all that belongs to `request`."""
    return next((content for content in contents_of(request) if content.sha256 == sha256), None)


def _website(matter: Matter, owner: str) -> str:
    """Name the website whose identifier was written as `owner`."""
    filed = matter.before.websites if matter.before else ()
    for website in (*asked_websites(matter), *filed):
        if owner in (str(website.provider_id), str(website.number), website.filing_number):
            return website.name
    return f"网站 {owner}"
