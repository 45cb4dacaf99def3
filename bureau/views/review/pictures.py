"""The attachments of a requested filing: what they are, and which contents belong to it."""

from __future__ import annotations

from dataclasses import dataclass

from beian.records import ContentRecord, FilingRecord
from bureau.names import Names

SPONSOR = 1
VERIFICATION_FORM = 1
"""Purpose of the verification form (真实性核验单), without which nothing is decided."""


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


def attachments(filing: FilingRecord, names: Names) -> list[Shown]:
    """Give all attachments of `filing`, then the scans of its prior approvals."""
    shown = [
        Shown(
            names.code("attachment_purpose", each.purpose),
            "主体" if each.owner_kind == SPONSOR else _website(filing, each.owner),
            each.content,
        )
        for each in filing.attachments
    ]
    for website in filing.websites:
        for approval in website.approvals:
            purpose = f"前置审批：{names.code('prior_approval', approval.kind)}"
            shown += [Shown(purpose, website.name, scan) for scan in approval.scans]
    return shown


def content_of(filing: FilingRecord, sha256: str) -> ContentRecord | None:
    """Find the content with this hash among all that belongs to `filing`."""
    contents = [each.content for each in filing.attachments]
    contents += [scan for site in filing.websites for approval in site.approvals for scan in approval.scans]
    return next((content for content in contents if content.sha256 == sha256), None)


def has_verification_form(filing: FilingRecord) -> bool:
    """Whether the verification form is attached."""
    return any(each.purpose == VERIFICATION_FORM for each in filing.attachments)


def _website(filing: FilingRecord, owner: str) -> str:
    """Name the website whose identifier was written as `owner`."""
    for website in filing.websites:
        if owner in (str(website.provider_id), str(website.number), website.filing_number):
            return website.name
    return f"网站 {owner}"
