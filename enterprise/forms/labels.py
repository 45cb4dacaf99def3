"""What the parts of a filing are called: the path of any field, in the field's own terms.

    label("sponsor.person.mobile")      主体负责人·手机号码
    label("websites.0.domains.1.name")  网站1·域名2

Findings, corrections, the office's forms and the REST interface use the same words.
"""

from __future__ import annotations

from enterprise.forms.filing_fields import SECTIONS, place_of

WHOLE = "整件申请"

_PARTS: dict[str, str] = {
    "sponsor": "主体",
    "sponsor.person": "主体负责人",
    "sponsor.certificate": "主体·证件",
    "sponsor.address": "主体·通信地址",
    "sponsor.number": "主体·备案系统编号",
    "sponsor.provider_id": "主体·本单位编号",
    "sponsor.filing_number": "主体·备案号",
    "sponsor.reported_by": "主体·报备方式",
    "website": "网站",
    "website.number": "网站·备案系统编号",
    "website.filing_number": "网站·备案号",
    "websites": "网站",
    "websites.*": "网站{0}",
    "websites.*.number": "网站{0}·备案系统编号",
    "websites.*.provider_id": "网站{0}·本单位编号",
    "websites.*.filing_number": "网站{0}·备案号",
    "websites.*.person": "网站{0}·负责人",
    "websites.*.domains": "网站{0}·域名",
    "websites.*.domains.*": "网站{0}·域名{1}",
    "websites.*.domains.*.name": "网站{0}·域名{1}",
    "websites.*.approvals": "网站{0}·前置审批",
    "websites.*.approvals.*": "网站{0}·前置审批{1}",
    "websites.*.approvals.*.scans": "网站{0}·前置审批{1}·扫描件",
    "websites.*.approvals.*.scans.*": "网站{0}·前置审批{1}·扫描件{2}",
    "websites.*.accesses": "网站{0}·接入",
    "websites.*.accesses.*": "网站{0}·接入{1}",
    "websites.*.accesses.*.ranges": "网站{0}·接入{1}·IP地址段",
    "websites.*.accesses.*.ranges.*": "网站{0}·接入{1}·IP段{2}",
    "websites.*.accesses.*.ranges.*.first": "网站{0}·接入{1}·IP段{2}",
    "websites.*.accesses.*.ranges.*.last": "网站{0}·接入{1}·IP段{2}的终止IP",
    "access": "接入",
    "access.ranges": "接入·IP地址段",
    "access.ranges.*": "接入·IP段{0}",
    "access.ranges.*.first": "接入·IP段{0}",
    "access.ranges.*.last": "接入·IP段{0}的终止IP",
    "attachments": "附件",
    "attachments.*": "附件{0}",
    "attachments.*.format": "附件{0}·格式",
    "attachments.*.purpose": "附件{0}·用途",
    "attachments.*.content": "附件{0}·文件",
    "attachments.*.owner": "附件{0}·所属对象",
    "attachments.*.owner_kind": "附件{0}·所属对象类型",
    "attachments.*.remark": "附件{0}·备注",
    "filing_password": "备案密码",
    "what": "注销对象",
    "number": "备案系统编号",
    "reason": "注销原因",
    "remark": "备注",
    "documents": "证件材料",
    "documents.*": "证件材料",
}


def _all_labels() -> dict[str, str]:
    found: dict[str, str] = {}
    for section in SECTIONS:
        above = _PARTS.get(section.place, "")
        for field in section.fields:
            place = f"{section.place}.{field.name}" if section.place else field.name
            found[place] = f"{above}·{field.label}" if above else field.label
    return found | _PARTS


LABELS = _all_labels()
"""By place, `{0}`, `{1}` … being the numbers of the parts on the way, counted from 1."""


def label(path: str) -> str:
    """Name what stands at `path` of a record or draft; a path nobody gave a name takes that of what holds it."""
    if not path:
        return WHOLE
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        text = LABELS.get(place_of(".".join(parts[:length])))
        if text is not None:
            return text.format(*(int(part) + 1 for part in parts[:length] if part.isdecimal()))
    return path
