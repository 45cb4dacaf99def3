"""The shapes of unfiled websites, of illegal accesses, and of what was done about the former."""

from __future__ import annotations

from beian.records import UnfiledHandlingRecord
from interface.documents.fields import Number, Shape, Text

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
