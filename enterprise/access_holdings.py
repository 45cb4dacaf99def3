"""Who may see the pages of holdings."""

from __future__ import annotations

from beian.models import Role
from beian.web.access import Who, at_provider
from enterprise.workflow import STAFF

_SEES = at_provider(*STAFF, Role.AGENT)
"""Agents see the filings of their own cases' sponsors only: `enterprise.queries.holdings.Reach` says which."""
_STAFF = at_provider(*STAFF)

WHO_MAY: dict[str, Who] = {
    "enterprise:holdings": _SEES,
    "enterprise:holdings_gone": _SEES,
    "enterprise:holding": _SEES,
    "enterprise:holding_reveal": _SEES,
    "enterprise:holdings_export": _STAFF,
    "enterprise:holdings_differences": _STAFF,
    "enterprise:blacklist": _STAFF,
    "enterprise:codes": _STAFF,
}
