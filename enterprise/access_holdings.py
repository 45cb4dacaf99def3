"""Who may see the pages of holdings."""

from __future__ import annotations

from beian.web.access import Who

WHO_MAY: dict[str, Who] = {}
