"""The entries of the bureau's navigation."""

from __future__ import annotations

from beian.web.navigation import Entry
from bureau import navigation_interface, navigation_provider, navigation_tasks

NAVIGATION: tuple[Entry, ...] = (
    Entry("备案审核", "bureau:queue", also=("bureau:application", "bureau:bulk")),
    Entry("备案库", "bureau:filings", also=("bureau:filings_cancelled", "bureau:filing")),
    Entry("拒绝理由", "bureau:reasons", also=("bureau:edit_reason", "bureau:add_reason")),
    *navigation_tasks.NAVIGATION,
    *navigation_interface.NAVIGATION,
    *navigation_provider.NAVIGATION,
)
