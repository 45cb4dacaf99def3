"""The entries of the REST interface in the navigation."""

from __future__ import annotations

from beian.web.navigation import Entry

NAVIGATION: tuple[Entry, ...] = (Entry("系统接口", "enterprise:systems", also=("enterprise:webhook",)),)
