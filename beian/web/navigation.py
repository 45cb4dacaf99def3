"""The entries of each portal's navigation, and the desk where a person begins.

Every portal has a module `navigation` with `NAVIGATION`, in the order shown. Who sees an entry
follows from the table of URLs (`beian.web.access`): nobody is shown a door that is closed to him.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.apps import apps
from django.urls import reverse
from django.utils.module_loading import module_has_submodule

from beian.models import Membership, Node, NodeKind, Role, User
from beian.web.access import who_may


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: what it says, the view it leads to, and other views it stands for (`"bureau:application"`)."""

    label: str
    view: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one page shows it."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a person works at one node: the first page open to him, and his roles there in words."""

    node: Node
    roles: str
    url: str


# Entries of these kinds of nodes are found by the first part of the view's name.
PORTALS = {
    NodeKind.BUREAU: ("bureau", "interface"),
    NodeKind.MINISTRY: ("ministry",),
    NodeKind.PROVIDER: ("enterprise",),
}


@cache
def entries() -> tuple[Entry, ...]:
    """Give all portals' entries."""
    found: list[Entry] = []
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "navigation"):
            found += getattr(import_module(f"{config.name}.navigation"), "NAVIGATION", ())
    return tuple(found)


def navigation(node: Node, roles: frozenset[str], *, signed_in: bool, current: str = "") -> list[Link]:
    """Give the entries at `node` for a person with `roles` there; `current` is the name of the view shown."""
    return [
        Link(entry.label, url_at(entry.view, node), current == entry.view or current in entry.also)
        for entry in _open(node, roles, signed_in=signed_in)
    ]


def desks(user: User) -> list[Desk]:
    """Give the desks of `user` at the nodes that this process serves, bureaus by province first."""
    memberships = list(Membership.objects.filter(user=user).select_related("node").order_by("node__code"))
    bureaus = _bureaus_of(membership.node for membership in memberships if _reads(membership))
    roles: dict[Node, set[str]] = {}
    for membership in memberships:
        node = bureaus.get(membership.node.province) if _reads(membership) else membership.node
        if node is not None and node.is_served:
            roles.setdefault(node, set()).add(membership.role)
    return [desk for node, held in roles.items() if (desk := _desk(node, frozenset(held)))]


def url_at(view: str, node: Node) -> str:
    """Give the URL of a portal's view at `node`."""
    return reverse(view, kwargs=kwargs_of(node))


def kwargs_of(node: Node) -> dict[str, int]:
    """Give the parts of URLs that say which node's page is meant."""
    if node.kind == NodeKind.BUREAU:
        return {"province": node.province}
    return {"isp": node.isp_id} if node.kind == NodeKind.PROVIDER else {}


def _reads(membership: Membership) -> bool:
    """Whether it is about a provider's data at the bureau of its province."""
    return membership.role == Role.PROVIDER_READER


def _bureaus_of(nodes: Iterable[Node]) -> dict[int, Node]:
    """Give the bureaus, by province, whose pages the readers of the providers among `nodes` use."""
    provinces = {node.province for node in nodes}
    if not provinces:
        return {}
    return {bureau.province: bureau for bureau in Node.objects.bureaus().filter(province__in=provinces)}


def _open(node: Node, roles: frozenset[str], *, signed_in: bool) -> Iterator[Entry]:
    for entry in entries():
        if entry.view.partition(":")[0] not in PORTALS.get(NodeKind(node.kind), ()):
            continue
        who = who_may().get(entry.view)
        if who and who.admits(roles, signed_in=signed_in):
            yield entry


def _desk(node: Node, roles: frozenset[str]) -> Desk | None:
    # A page that anybody may read is no desk.
    entry = next((each for each in _open(node, roles, signed_in=True) if not who_may()[each.view].public), None)
    if entry is None:
        return None
    return Desk(node, role_names(roles), url_at(entry.view, node))


def role_names(roles: Iterable[str]) -> str:
    """Give the roles in words, in the order of their declaration."""
    held = set(roles)
    return "、".join(str(role.label) for role in Role if role in held)
