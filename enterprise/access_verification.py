"""Who may see the pages of verification in person."""

from __future__ import annotations

from beian.web.access import Who

WHO_MAY: dict[str, Who] = {}
