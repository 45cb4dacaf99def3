"""What the code tables are called, for the pages that list them."""

from __future__ import annotations

TITLES: dict[str, str] = {
    "access_method": "接入方式",
    "administrative_level": "行政级别",
    "attachment_format": "附件格式",
    "attachment_purpose": "附件用途",
    "cancellation_reason": "注销原因",
    "certificate_type": "证件类型",
    "check_opinion": "核实意见",
    "domain_type": "域名类型",
    "feedback_class": "反馈类别",
    "industry": "行业",
    "language": "语言类别",
    "organisation_nature": "单位性质",
    "prior_approval": "前置审批类型",
    "province": "省级行政区",
    "region": "行政区划",
    "server_location": "服务器放置地点",
    "service_content": "服务内容",
    "unfiled_handling": "未备案处理结果",
    "unit": "报备单位",
    "unit_class": "单位分类",
}
