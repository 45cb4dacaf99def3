"""The shapes of what a bureau tells unasked: cancelled data, the blacklist, inspections, notices to correct."""

from __future__ import annotations

from beian.records import Cancelled
from beian.records.notices import (
    AccessInspection,
    BlacklistedSponsor,
    BlacklistedWebsite,
    CancelledNotice,
    Concerned,
    CorrectionNotice,
    ListedDomain,
    ListedSponsor,
    Listing,
    LivenessInspection,
    Misreported,
    Shell,
    ShellInspection,
    SponsorInspection,
)
from interface.documents.fields import Field, Group, Inside, Many, Number, Shape, Text
from interface.documents.more_fields import Enumerated

_REMARK = Text("Bz", "remark")

CANCELLED = Shape(
    CancelledNotice,
    (
        Enumerated("Zxlb", "what", Cancelled),
        Number("Jlid", "number"),
        _REMARK,
    ),
)

_CERTIFICATE: tuple[Field, ...] = (Number("Zjlx", "certificate_type"), Text("Zjhm", "certificate_number"))

_LISTED_SPONSOR = Shape(
    ListedSponsor,
    (
        Text("Dwmc", "name"),
        Number("Dwxz", "nature"),
        Inside("Zj", _CERTIFICATE),
    ),
)

BLACKLISTED_SPONSOR = Shape(
    BlacklistedSponsor,
    (
        Group("Zt_xx", "sponsor", _LISTED_SPONSOR),
        Enumerated("Czlx", "operation", Listing),
        _REMARK,
    ),
)

BLACKLISTED_WEBSITE = Shape(
    BlacklistedWebsite,
    (
        Inside(
            "Wz_xx",
            (
                Text("Wzmc", "name"),
                Many("Ym_xx", "domains", Shape(ListedDomain, (Text("Ym", "name"),))),
                Text("Syurl", "home_page"),
            ),
        ),
        Enumerated("Czlx", "operation", Listing),
        _REMARK,
    ),
)

SPONSOR_INSPECTION = Shape(
    SponsorInspection,
    (
        Number("Ztid", "number"),
        Text("Dwmc", "name"),
        *_CERTIFICATE,
        Text("Cwyy", "fault"),
        _REMARK,
    ),
)

_WEBSITE: tuple[Field, ...] = (Number("Wzid", "number"), Text("Wz_Baxh", "filing_number"))
_HOME_PAGE, _INSPECTED = Text("Syurl", "home_page"), Text("Hcsj", "inspected")

ACCESS_INSPECTION = Shape(
    AccessInspection,
    (
        *_WEBSITE,
        Text("Ym", "domain"),
        Number("Jxip", "resolved"),
        Number("Bbisp", "provider"),
        Enumerated("Hcjg", "result", Misreported),
        _INSPECTED,
        Number("Jrid", "access"),
        _REMARK,
    ),
)

SHELL_INSPECTION = Shape(
    ShellInspection,
    (*_WEBSITE, Enumerated("Hcjg", "result", Shell), _INSPECTED, _HOME_PAGE, _REMARK),
)

LIVENESS_INSPECTION = Shape(LivenessInspection, (*_WEBSITE, _HOME_PAGE, _INSPECTED, _REMARK))

CORRECTION = Shape(
    CorrectionNotice,
    (
        Enumerated("Tzlb", "what", Concerned),
        Text("Baxh", "filing_number"),
        Number("Jlid", "number"),
        Text("Tznr", "text"),
        _REMARK,
    ),
)
