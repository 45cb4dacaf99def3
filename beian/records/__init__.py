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
from beian.records.requests import (
    CancellationRecord,
    Cancelled,
    ChangeRecord,
    CheckResultRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    Request,
    UnfiledHandlingRecord,
)
from beian.records.results import CodeRecord, OpinionRecord, ResultRecord
from beian.records.serialise import as_json, from_json

__all__ = [
    "AccessRecord",
    "AddressRecord",
    "AttachmentRecord",
    "CancellationRecord",
    "Cancelled",
    "CertificateRecord",
    "ChangeRecord",
    "CheckResultRecord",
    "CodeRecord",
    "ContentRecord",
    "DomainRecord",
    "FilingRecord",
    "NameRecord",
    "NewAccessRecord",
    "NewWebsitesRecord",
    "OpinionRecord",
    "PersonRecord",
    "PriorApprovalRecord",
    "RangeRecord",
    "Request",
    "ResultRecord",
    "SponsorRecord",
    "UnfiledHandlingRecord",
    "WebsiteRecord",
    "as_json",
    "from_json",
]
