"""The entry that leads to the bureau's supervision; its pages are tabs of each other."""

from __future__ import annotations

from beian.web.navigation import Entry
from bureau.access_tasks import WHO_MAY

FIRST, OF_PROVIDERS = "bureau:check_tasks", "bureau:provider_send_again"
NAVIGATION = (Entry("监督检查", FIRST, also=tuple(name for name in WHO_MAY if name not in (FIRST, OF_PROVIDERS))),)
