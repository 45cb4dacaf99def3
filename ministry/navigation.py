"""The entries of the ministry's navigation."""

from __future__ import annotations

from beian.web.navigation import Entry

NAVIGATION: tuple[Entry, ...] = (
    Entry("备案查询", "ministry:query"),
    Entry("自行备案导航", "ministry:providers"),
    Entry("运行情况", "ministry:desk"),
)
