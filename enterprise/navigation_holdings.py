"""The entries of holdings in the navigation."""

from __future__ import annotations

from beian.web.navigation import Entry

NAVIGATION: tuple[Entry, ...] = (
    Entry(
        "备案数据",
        "enterprise:holdings",
        (
            "enterprise:holding",
            "enterprise:holdings_gone",
            "enterprise:holdings_differences",
            "enterprise:holdings_export",
            "enterprise:blacklist",
            "enterprise:codes",
        ),
    ),
)
