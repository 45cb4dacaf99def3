"""The shapes of what is asked of filings that stand already: new websites, new accesses, changes, cancellations."""

from __future__ import annotations

from beian.records import (
    AccessRecord,
    CancellationRecord,
    Cancelled,
    ChangeRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    SponsorRecord,
    WebsiteRecord,
)
from interface.documents import filings
from interface.documents.fields import Group, Many, Number, Shape, Text
from interface.documents.more_fields import AnyText, Enumerated, Odd, Spread

_FILING_PASSWORD = Text("ICPmm", "filing_password")


def _name(filing_number: str, number: str) -> Shape[NameRecord]:
    """What a request extends: named by one of two elements."""
    return Shape(NameRecord, (Text(filing_number, "filing_number"), Number(number, "number")))


NEW_WEBSITES = Shape(
    NewWebsitesRecord,
    (
        Group("Zt_xx", "sponsor", _name("Ztbah", "Ztid")),
        Many("Wz_xx", "websites", filings.NEW_WEBSITE),
        filings.ATTACHMENTS,
        _FILING_PASSWORD,
    ),
)

NEW_ACCESS = Shape(
    NewAccessRecord,
    (
        Group("Wz_xx", "website", _name("Wzbah", "Wzid")),
        Spread("access", filings.NEW_ACCESS),
        filings.ATTACHMENTS,
        _FILING_PASSWORD,
    ),
)

_CHANGED_SPONSOR = Shape(
    SponsorRecord,
    (
        Number("Ztid", "number"),
        Text("Dwmc", "name"),
        filings.FILING_NUMBER,
        Number("Dwxz", "nature"),
        Text("Tzr", "superior"),
        Group("Txdz", "address", filings.ADDRESS),
        Group("Zj", "certificate", filings.CERTIFICATE),
        Group("Fzr", "person", filings.PERSON),
        Text("Bz", "remark"),
    ),
)

# A change names accesses by the bureau's id alone; domains and ranges without one are new.
_CHANGED_ACCESS = Shape(
    AccessRecord,
    (
        Number("Jrid", "number"),
        *filings.PLACE_AND_METHOD,
        Many("Ip_xx", "ranges", filings.FILED_RANGE),
    ),
)

_CHANGED_WEBSITE = Shape(
    WebsiteRecord,
    (
        Number("Wzid", "number"),
        Text("Wzmc", "name"),
        filings.APPROVALS,
        filings.SERVICES,
        filings.LANGUAGES,
        Many("Ym_xx", "domains", filings.FILED_DOMAIN),
        Many("Jr_xx", "accesses", _CHANGED_ACCESS),
        Group("Wz_Fzr", "person", filings.PERSON),
        filings.FILING_NUMBER,
        Text("Syurl", "home_page"),
        AnyText("Wz_Bz", "remark"),
    ),
)

CHANGE = Shape(
    ChangeRecord,
    (
        Group("Zt_xx", "sponsor", _CHANGED_SPONSOR),
        Many("Wz_xx", "websites", _CHANGED_WEBSITE),
        filings.ATTACHMENTS,
        _FILING_PASSWORD,
        Odd("Wz_xx", "Wz_Bz", "Wzid", "odd_remarks"),
    ),
)

CANCELLATION = Shape(
    CancellationRecord,
    (
        Enumerated("Zxlb", "what", Cancelled),
        Number("Jlid", "number"),
        Number("Zxly", "reason"),
        Text("Zxlybz", "remark"),
        _FILING_PASSWORD,
    ),
)
