"""Who may see the pages of the connection to the bureau."""

from __future__ import annotations

from beian.web.access import Who

WHO_MAY: dict[str, Who] = {}
