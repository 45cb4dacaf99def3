"""What an application changes, in a few words."""

from __future__ import annotations

from beian.web.filing.spots import spot, words
from bureau.models import Application
from bureau.queries.matter import stored_difference


def brief(application: Application, most: int = 3) -> str:
    """Name what differs in a few words, for a line of a list: `姓名、手机号码、域名等5项`."""
    changes, _ = stored_difference(application)
    labels = dict.fromkeys(place.field.label for delta in changes if (place := spot(delta)) and place.field)
    shown = "、".join(list(labels)[:most])
    return f"{shown}等{len(labels)}项" if len(labels) > most else shown


def concerns_others(application: Application) -> bool:
    """Tell whether a request takes away accesses that other providers give."""
    changes, _ = stored_difference(application)
    removed = (delta.old for delta in changes if delta.kind == "removed" and isinstance(delta.old, dict))
    providers = {access.get("provider") for gone in removed for access in gone.get("accesses", [gone])}
    return bool(providers - {None, application.isp_id})


def summary(application: Application) -> str:
    """Say in one line what a request about a filing that stands changes; "" for a new filing."""
    changes, _ = stored_difference(application)
    return words(changes)
