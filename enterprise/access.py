"""Who may see which page of a provider's system."""

from __future__ import annotations

from beian.web.access import Who
from enterprise import (
    access_api,
    access_connection,
    access_holdings,
    access_office,
    access_portal,
    access_tasks,
    access_verification,
)

WHO_MAY: dict[str, Who] = (
    access_portal.WHO_MAY
    | access_office.WHO_MAY
    | access_verification.WHO_MAY
    | access_tasks.WHO_MAY
    | access_holdings.WHO_MAY
    | access_connection.WHO_MAY
    | access_api.WHO_MAY
)
