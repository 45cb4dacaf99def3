"""The entries of the provider's navigation."""

from __future__ import annotations

from beian.web.navigation import Entry
from enterprise import (
    navigation_api,
    navigation_connection,
    navigation_holdings,
    navigation_office,
    navigation_portal,
    navigation_tasks,
    navigation_verification,
)

NAVIGATION: tuple[Entry, ...] = (
    *navigation_portal.NAVIGATION,
    *navigation_office.NAVIGATION,
    *navigation_verification.NAVIGATION,
    *navigation_tasks.NAVIGATION,
    *navigation_holdings.NAVIGATION,
    *navigation_connection.NAVIGATION,
    *navigation_api.NAVIGATION,
    *navigation_portal.OF_THE_OFFICE,
)
