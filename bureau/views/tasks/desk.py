"""What the pages of supervision share: their tabs, the way to a page, the history of a thing."""

from __future__ import annotations

from collections.abc import Mapping

from beian.models import Event, Node, Role
from beian.web.access import who_may
from beian.web.components import Crumb, Moment, Tab, Tone
from beian.web.requests import NodeRequest
from bureau.views.interface.office import bureau_url

EVENTS_SHOWN = 50

PAGES = (
    ("check_tasks", "核实任务"),
    ("unfiled_websites", "未备案网站"),
    ("notices", "通知与核查"),
    ("blacklist", "黑名单"),
    ("closures", "责令关闭"),
)
Verbs = Mapping[str, tuple[str, Tone]]


def section_tabs(request: NodeRequest, current: str) -> list[Tab]:
    """Give the pages of supervision that are open to the person."""
    roles = request.membership_roles
    return [
        Tab(label, bureau_url(request.node, name), name == current)
        for name, label in PAGES
        if who_may()[f"bureau:{name}"].admits(roles, signed_in=True)
    ]


def supervises(request: NodeRequest) -> bool:
    """Tell whether the person may bar, cancel and order."""
    return Role.SUPERVISOR in request.membership_roles


def way(bureau: Node, name: str) -> list[Crumb]:
    """Give the way to a page below one of the lists."""
    return [Crumb(dict(PAGES)[name], bureau_url(bureau, name))]


def moments(subject_kind: str, subject: object, verbs: Verbs, bureau: Node) -> list[Moment]:
    """Give what happened to a thing at the bureau, the latest first."""
    rows = Event.objects.filter(subject_kind=subject_kind, subject=str(subject), node=bureau).order_by("-id")
    found = []
    for event in rows[:EVENTS_SHOWN]:
        title, tone = verbs.get(event.verb, (event.verb, "neutral"))
        found.append(Moment(event.at, title, event.actor_name, event.reason, tone))
    return found
