"""The shapes of unfiled websites, of illegal accesses, and of what was done about the former."""

from __future__ import annotations

from beian.records import UnfiledHandlingRecord
from beian.records.notices import IllegalAccess, UnfiledWebsite
from interface.documents.fields import Number, Shape, Text
from interface.documents.filings import LANGUAGES

UNFILED_WEBSITE = Shape(
    UnfiledWebsite,
    (
        Number("Id", "number"),
        Text("Wzym_mc", "domain"),
        LANGUAGES,
        Number("IP", "address"),
        Text("Dqjcsj", "last_checked"),
        Number("Jccs", "times"),
        Number("Sssh", "province"),
        Text("Scjcsj", "first_checked"),
        Number("Jrs", "provider"),
        Number("Yys", "carrier"),
        Text("Bz", "remark"),
    ),
)

ILLEGAL_ACCESS = Shape(
    IllegalAccess,
    (
        Number("Id", "number"),
        Text("Ym", "domain"),
        Number("Ip", "address"),
        Number("Zjjrz", "provider"),
        Number("Szs", "province"),
        Text("Dqjcsj", "checked"),
        Text("Bz", "remark"),
    ),
)

UNFILED_HANDLING = Shape(
    UnfiledHandlingRecord,
    (
        Text("Ym", "domain"),
        Number("IP", "address"),
        Number("Yys", "carrier"),
        Number("Jrs", "provider"),
        Number("Shengid", "province"),
        Number("Cljg", "result"),
        Text("Clyj", "opinion"),
        Text("Rbsj", "listed"),
        Text("Clsx", "due"),
        Text("Sbrxm", "reporter"),
        Text("Sbrdh", "telephone"),
        Text("Sbrdzyj", "email"),
    ),
)
