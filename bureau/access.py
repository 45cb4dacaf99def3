"""Who may see which page of the bureau."""

from __future__ import annotations

from beian.web.access import Who
from bureau import access_interface, access_provider, access_review, access_tasks

WHO_MAY: dict[str, Who] = (
    access_review.WHO_MAY | access_tasks.WHO_MAY | access_interface.WHO_MAY | access_provider.WHO_MAY
)
