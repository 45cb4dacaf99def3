"""Records: what filings, results and requests say, without Django and without XML."""

from beian.records.filing import (
    AccessRecord,
    AddressRecord,
    AttachmentRecord,
    CertificateRecord,
    ContentRecord,
    DomainRecord,
    FilingRecord,
    PersonRecord,
    PriorApprovalRecord,
    RangeRecord,
    SponsorRecord,
    WebsiteRecord,
)
from beian.records.results import CodeRecord, OpinionRecord, ResultRecord
from beian.records.serialise import as_json, from_json

__all__ = [
    "AccessRecord",
    "AddressRecord",
    "AttachmentRecord",
    "CertificateRecord",
    "CodeRecord",
    "ContentRecord",
    "DomainRecord",
    "FilingRecord",
    "OpinionRecord",
    "PersonRecord",
    "PriorApprovalRecord",
    "RangeRecord",
    "ResultRecord",
    "SponsorRecord",
    "WebsiteRecord",
    "as_json",
    "from_json",
]
