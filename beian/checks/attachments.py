"""Rules of attachments and of scans of prior approvals."""

from __future__ import annotations

from collections.abc import Iterator

from beian import filing_numbers
from beian.checks.base import Defect, Facts, Scope, quoted, rule
from beian.checks.operations import WITH_ATTACHMENTS
from beian.checks.places import Spot, websites
from beian.records import AttachmentRecord, ContentRecord, FilingRecord

KB = 1_024
SCAN_MAX_KB = 100
"""Size of a scan, and of an attachment whose purpose is unknown, before base64."""

_OWNER_SPONSOR, _OWNER_WEBSITE = 1, 2
_OWNERS = {_OWNER_SPONSOR: "主体", _OWNER_WEBSITE: "网站"}
_IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG"}
_NOT_BASE64 = "invalid"


def _attachments(filing: FilingRecord) -> Iterator[Spot[AttachmentRecord]]:
    for index, attachment in enumerate(filing.attachments):
        yield Spot(attachment, f"附件{index + 1}", f"attachments.{index}")


@rule(1056, "File format code is wrong", scope=Scope.FORM, source="interface, code table", operations=WITH_ATTACHMENTS)
def format_unknown(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """The format code of an attachment is in the table."""
    for attachment in _attachments(filing):
        if facts.entry("attachment_format", attachment.value.format) is None:
            yield attachment.wrong(f"附件格式类型代码{attachment.value.format}不存在", "format")


@rule(1057, "Purpose code is wrong", scope=Scope.FORM, source="interface, code table", operations=WITH_ATTACHMENTS)
def purpose_unknown(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """The purpose code of an attachment is in the table."""
    for attachment in _attachments(filing):
        if facts.entry("attachment_purpose", attachment.value.purpose) is None:
            yield attachment.wrong(f"附件用途类型代码{attachment.value.purpose}不存在", "purpose")


@rule(
    5010,
    "Attachment is not as specified",
    scope=Scope.FORM,
    source="interface, field rules; work plan No. 64",
    operations=WITH_ATTACHMENTS,
)
def attachment_malformed(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """An attachment is base64 of a JPEG or PNG image, as its format code says, small enough, of an object filed here.

    * Size before base64, 1 KB being 1,024 bytes: the verification form 150 KB, all others 100 KB.
    * A scan of a prior approval is a JPEG of at most 100 KB.
    * The owner is the sponsor or a website of this filing: in a new filing by the provider's own id, so
      also a new website; else by the bureau's id or filing number (1055 is for material on its own).
    """
    for attachment in _attachments(filing):
        yield from _content_faults(attachment, facts)
        if fault := _owner_fault(attachment.value, filing, facts):
            yield attachment.wrong(fault, "owner")
    for website in websites(filing):
        for approval in website.each(website.value.approvals, "前置审批", "approvals"):
            for scan in approval.each(approval.value.scans, "扫描件", "scans"):
                yield from (scan.wrong(fault) for fault in _image_faults(scan.value, "image/jpeg", SCAN_MAX_KB))


def _content_faults(attachment: Spot[AttachmentRecord], facts: Facts) -> Iterator[Defect]:
    purpose = facts.entry("attachment_purpose", attachment.value.purpose)
    said = facts.entry("attachment_format", attachment.value.format)
    limit = purpose.extra["max_kb"] if purpose else SCAN_MAX_KB
    for fault in _image_faults(attachment.value.content, said.extra["media_type"] if said else None, limit):
        yield attachment.wrong(fault, "content")


def _image_faults(content: ContentRecord, expected: str | None, max_kb: int) -> Iterator[str]:
    if content.media_type == _NOT_BASE64:
        yield "内容不是合法的base64编码"
        return
    if content.media_type not in _IMAGES:
        yield "内容不是JPEG或PNG图片"
    elif expected and content.media_type != expected:
        yield f"内容是{_IMAGES[content.media_type]}图片，应为{_IMAGES.get(expected, expected)}"
    if content.size > max_kb * KB:
        yield f"大小为{content.size}字节，最大{max_kb}KB（{max_kb * KB}字节）"


def _owner_fault(attachment: AttachmentRecord, filing: FilingRecord, facts: Facts) -> str | None:
    """Say that an attachment names no object of the request; of what is on file elsewhere nothing can be said."""
    if attachment.owner_kind not in _OWNERS:
        return f"所属对象类型{attachment.owner_kind}不是主体（1）或网站（2）"
    owners = _own_names(filing) if facts.owners is None else facts.owners
    names = owners.get(attachment.owner_kind)
    if names is None or _owner_name(attachment.owner) in names:
        return None
    return f"所属对象标识{quoted(attachment.owner)}不是本备案的{_OWNERS[attachment.owner_kind]}"


def _own_names(filing: FilingRecord) -> dict[int, frozenset[str]]:
    """Give the provider's own ids of the objects of a new filing, by kind of owner."""
    websites = (website.provider_id for website in filing.websites)
    return {
        _OWNER_SPONSOR: frozenset({str(filing.sponsor.provider_id)}),
        _OWNER_WEBSITE: frozenset(str(own) for own in websites if own is not None),
    }


def _owner_name(owner: str) -> str:
    parsed = filing_numbers.parse(owner)
    return str(parsed) if parsed else owner.strip()
