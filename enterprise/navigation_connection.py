"""The entries of the connection to the bureau in the navigation."""

from __future__ import annotations

from beian.web.navigation import Entry
from enterprise.access_connection import WHO_MAY

NAVIGATION: tuple[Entry, ...] = (
    Entry("对接配置", "enterprise:connection", also=tuple(name for name in WHO_MAY if name != "enterprise:connection")),
)
