"""What the provider adds to a sponsor's draft: its own data, which a sponsor need not know."""

from __future__ import annotations

import copy
from typing import Any

from beian.models import Node
from enterprise.models import OfficeSettings
from enterprise.workflow import Kind

Draft = dict[str, Any]
ON_BEHALF = "1"
"""A filing that goes through a provider's system is reported on the sponsor's behalf (接入商代为报备)."""
_DEFAULTS = {"ranges": "default_ranges", "locations": "default_locations", "methods": "default_methods"}


def completed(provider: Node, kind: int, draft: Draft) -> Draft:
    """Give a draft with the office's usual data where accesses have gaps, and how it is reported.

    What no setting fills is left for the office. Parts of a change that say nothing of accesses stay so.
    """
    usual = OfficeSettings.objects.filter(provider=provider).first()
    found = copy.deepcopy(draft)
    for website in found.get("websites") or []:
        if "accesses" in website or kind != Kind.CHANGE:
            website["accesses"] = [_filled(each, usual) for each in website.get("accesses") or [{}]]
    if kind == Kind.NEW_ACCESS:
        found["access"] = _filled(found.get("access") or {}, usual)
    if kind == Kind.NEW_FILING:
        found["sponsor"] = {"reported_by": ON_BEHALF, **(found.get("sponsor") or {})}
    return found


def _filled(access: dict[str, Any], usual: OfficeSettings | None) -> dict[str, Any]:
    if usual is None:
        return access
    gaps = {name: copy.deepcopy(getattr(usual, source)) for name, source in _DEFAULTS.items() if not access.get(name)}
    return {**access, **gaps}
