"""The shapes of check tasks and of their results: a filing as it is to be checked, and as it was found."""

from __future__ import annotations

from beian.records import (
    AccessRecord,
    CheckResultRecord,
    DomainRecord,
    FilingRecord,
    RangeRecord,
    SponsorRecord,
    WebsiteRecord,
)
from beian.records.notices import CheckTask
from interface.documents import filings
from interface.documents.fields import Field, Group, Many, Number, Shape, Text
from interface.documents.more_fields import Spread

# Nobody's own ids stand in either of the two, only the bureau's.
_DOMAIN = Shape(DomainRecord, (Number("Ymid", "number"), Text("Ym", "name")))
_RANGE = Shape(RangeRecord, (Number("Ipid", "number"), Number("Qsip", "first"), Number("Zzip", "last")))

_FOUND_PERSON = filings.person("sjhm")


def _access(*said: Field) -> Shape[AccessRecord]:
    return Shape(
        AccessRecord,
        (
            Number("Jrid", "number"),
            *filings.PLACE_AND_METHOD,
            Many("Ip_xx", "ranges", _RANGE),
            *said,
        ),
    )


_SPONSOR = Shape(
    SponsorRecord,
    (
        Number("Ztid", "number"),
        Text("Dwmc", "name"),
        Number("Dwxz", "nature"),
        Group("Txdz", "address", filings.ADDRESS),
        Group("Zj", "certificate", filings.CERTIFICATE),
        Group("Fzr", "person", filings.PERSON),
        Text("Tzr", "superior"),
        Number("Bbyhlx", "reported_by"),
        *filings.REPORTED_TIMES,
        Text("Bz", "remark"),
    ),
)

_WEBSITE = Shape(
    WebsiteRecord,
    (
        Number("Wzid", "number"),
        Text("Wzmc", "name"),
        filings.APPROVALS,
        filings.SERVICES,
        filings.LANGUAGES,
        Many("Ym_xx", "domains", _DOMAIN),
        Many("Jr_xx", "accesses", _access(Number("Bbyhid", "provider"), Number("Bbyhlx", "reported_by"))),
        Group("Wz_Fzr", "person", filings.PERSON),
        Text("Syurl", "home_page"),
        Text("Wz_Bz", "remark"),
        *filings.REPORTED_TIMES,
    ),
)

CHECK_TASK = Shape(
    CheckTask,
    (
        Spread(
            "filing", Shape(FilingRecord, (Group("Zt_xx", "sponsor", _SPONSOR), Many("Wz_xx", "websites", _WEBSITE)))
        ),
        Text("Bz", "instruction"),
    ),
)
"""A filing as a provider is to check it: without filing numbers, each access with who reported it, and how."""

_FOUND_SPONSOR = Shape(
    SponsorRecord,
    (
        Number("Ztid", "number"),
        Text("Dwmc", "name"),
        Number("Dwxz", "nature"),
        Group("Txdz", "address", filings.ADDRESS),
        Text("Tzr", "superior"),
        Group("Zj", "certificate", filings.CERTIFICATE),
        Group("Fzr", "person", _FOUND_PERSON),
        Text("Bz", "remark"),
    ),
)

_FOUND_WEBSITE = Shape(
    WebsiteRecord,
    (
        Number("Wzid", "number"),
        Text("Wzmc", "name"),
        filings.APPROVALS,
        filings.SERVICES,
        Many("Ym_xx", "domains", _DOMAIN),
        Many("Jr_xx", "accesses", _access(Number("Bbfs", "reported_by"))),
        Group("Wz_Fzr", "person", _FOUND_PERSON),
        Text("Syurl", "home_page"),
        Text("Wz_Bz", "remark"),
    ),
)

_FOUND = Shape(
    FilingRecord,
    (
        Group("Zt_xx", "sponsor", _FOUND_SPONSOR),
        Many("Wz_xx", "websites", _FOUND_WEBSITE),
    ),
)

CHECK_RESULT = Shape(
    CheckResultRecord,
    (
        Number("Hsjg", "verdict"),
        Text("Hsrxm", "checker"),
        Text("Hssj", "checked"),
        Number("Bbdw", "provider"),
        Text("Hsyj", "opinion"),
        Text("Cwxx", "faults"),
        Group("Baxx", "filing", _FOUND),
    ),
)
