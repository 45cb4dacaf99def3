"""Who may see the pages of tasks and stock verification."""

from __future__ import annotations

from beian.web.access import Who

WHO_MAY: dict[str, Who] = {}
