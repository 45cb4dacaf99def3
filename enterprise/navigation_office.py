"""The entries of the filing office in the navigation."""

from __future__ import annotations

from beian.web.navigation import Entry

NAVIGATION: tuple[Entry, ...] = (Entry("备案办理", "enterprise:queue", ("enterprise:case", "enterprise:bulk")),)
