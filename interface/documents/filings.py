"""The shapes of filings: sponsors, websites, accesses, attachments.

What is asked for and what is on file differ in little: on file there are the bureau's ids beside
the provider's, times and filing numbers. Each name is paired once; `filed` chooses.
"""

from __future__ import annotations

from beian.records import (
    AccessRecord,
    AddressRecord,
    AttachmentRecord,
    CertificateRecord,
    DomainRecord,
    FilingRecord,
    PersonRecord,
    PriorApprovalRecord,
    RangeRecord,
    SponsorRecord,
    WebsiteRecord,
)
from interface.documents.fields import Digits, Field, File, Files, Group, Inside, Many, Number, Numbers, Shape, Text
from interface.documents.more_fields import IdOrNumber


def person(mobile: str) -> Shape[PersonRecord]:
    """A responsible person; `mobile` is what the element calls the mobile telephone."""
    return Shape(
        PersonRecord,
        (
            Text("Fzr_xm", "name"),
            Text("Fzr_dhhm", "telephone"),
            Text(mobile, "mobile"),
            Text("Fzr_dzyj", "email"),
            Text("Msn", "msn"),
            Text("Qq", "qq"),
            Number("Fzr_zjlx", "certificate_type"),
            Text("Fzr_zjhm", "certificate_number"),
        ),
    )


PERSON = person("Fzr_sjhm")

ADDRESS = Shape(
    AddressRecord,
    (
        Number("Shengid", "province"),
        Number("Shiid", "city"),
        Number("Xianid", "county"),
        Text("Xxdz", "detail"),
    ),
)

CERTIFICATE = Shape(
    CertificateRecord,
    (
        Number("Zjlx", "type"),
        Text("Zjhm", "number"),
        Text("Zjzs", "address"),
    ),
)

APPROVAL = Shape(
    PriorApprovalRecord,
    (
        Number("Nrlx_id", "kind"),
        Text("Qzsph", "approval_number"),
        Files("Spwj", "scans"),
    ),
)


def _attachment(owner: Field) -> Shape[AttachmentRecord]:
    return Shape(
        AttachmentRecord,
        (
            Number("Fjwjgs", "format"),
            Number("Fjyt", "purpose"),
            File("Fjnr", "content"),
            Inside("Fjssdx", (Number("Ssdxlx", "owner_kind"), owner)),
            Text("Bz", "remark"),
        ),
    )


NEW_ATTACHMENT = _attachment(Digits("Ssdxbs", "owner"))
"""An attachment of a new filing: its owner is one of the provider's own ids."""

ATTACHMENT = _attachment(IdOrNumber("Ssdxbs", "Jlid", "Baxh", "owner"))
"""An attachment of anything else: its owner is named by an id or by a filing number."""

ATTACHMENTS = Many("Fjxx", "attachments", ATTACHMENT, envelope="Fj")
APPROVALS = Many("Nrlx_xx", "approvals", APPROVAL, wrapper="Nrlx")
SERVICES = Numbers("Fwnr", "Fwnr_id", "services")
LANGUAGES = Numbers("Yylb", "Yylb_id", "languages")
PLACE_AND_METHOD = (Numbers("Wzfb", "Fbdd", "locations"), Numbers("Wzjrfs", "Jrfs", "methods"))

REPORTED_TIMES = (Text("Scbbsj", "first_reported"), Text("Zjxgsj", "last_modified"))
FILING_NUMBER = Text("Baxh", "filing_number")


def _ids(own: str, issued: str, *, filed: bool) -> tuple[Field, ...]:
    return (Number(own, "provider_id"), *((Number(issued, "number"),) if filed else ()))


def _domain(*, filed: bool) -> Shape[DomainRecord]:
    return Shape(DomainRecord, (*_ids("IspYmid", "Ymid", filed=filed), Text("Ym", "name")))


def _range(*, filed: bool) -> Shape[RangeRecord]:
    return Shape(
        RangeRecord,
        (*_ids("IspIpid", "Ipid", filed=filed), Number("Qsip", "first"), Number("Zzip", "last")),
    )


NEW_DOMAIN, FILED_DOMAIN = _domain(filed=False), _domain(filed=True)
NEW_RANGE, FILED_RANGE = _range(filed=False), _range(filed=True)


def _access(*, filed: bool) -> Shape[AccessRecord]:
    return Shape(
        AccessRecord,
        (
            *_ids("IspJrid", "Jrid", filed=filed),
            *((Number("Ispid", "provider"),) if filed else ()),
            *PLACE_AND_METHOD,
            Many("Ip_xx", "ranges", FILED_RANGE if filed else NEW_RANGE),
        ),
    )


def _website(*, filed: bool) -> Shape[WebsiteRecord]:
    return Shape(
        WebsiteRecord,
        (
            *_ids("IspWzid", "Wzid", filed=filed),
            Text("Wzmc", "name"),
            APPROVALS,
            SERVICES,
            LANGUAGES,
            Many("Ym_xx", "domains", FILED_DOMAIN if filed else NEW_DOMAIN),
            Many("Jr_xx", "accesses", _access(filed=filed)),
            Group("Wz_Fzr", "person", PERSON),
            Text("Syurl", "home_page"),
            Text("Wz_Bz", "remark"),
            *((*REPORTED_TIMES, FILING_NUMBER) if filed else ()),
        ),
    )


def _sponsor(*, filed: bool) -> Shape[SponsorRecord]:
    return Shape(
        SponsorRecord,
        (
            *_ids("IspZtid", "Ztid", filed=filed),
            Text("Dwmc", "name"),
            Number("Dwxz", "nature"),
            Text("Tzr", "superior"),
            Group("Txdz", "address", ADDRESS),
            Group("Zj", "certificate", CERTIFICATE),
            Group("Fzr", "person", PERSON),
            Number("Bbyhlx" if filed else "Bbfs", "reported_by"),
            *((FILING_NUMBER, *REPORTED_TIMES, *_ONLY_FILED) if filed else ()),
            Text("Bz", "remark"),
        ),
    )


_ONLY_FILED = (
    Text("Zsyxq", "certificate_expires"),
    Text("Zslj", "certificate_path"),
    Text("Zsxh", "certificate_serial"),
    Text("Shrxm", "reviewer"),
    Text("Shsj", "reviewed"),
)

NEW_ACCESS = _access(filed=False)
"""An access as a provider asks for it: the caller gives it."""

NEW_WEBSITE = _website(filed=False)
"""A website as a provider asks for it, in a new filing or for a sponsor already filed."""

NEW_FILING = Shape(
    FilingRecord,
    (
        Group("Zt_xx", "sponsor", _sponsor(filed=False)),
        Many("Wz_xx", "websites", NEW_WEBSITE),
        Many("Fjxx", "attachments", NEW_ATTACHMENT, envelope="Fj"),
    ),
)

FILED = Shape(
    FilingRecord,
    (
        Group("Zt_xx", "sponsor", _sponsor(filed=True)),
        Many("Wz_xx", "websites", _website(filed=True)),
        Text("Bz", "remark"),
    ),
)
"""A filing as it stands. Attachments are not handed down."""
