"""The provider's people in `demo.json`, beside those whom a bureau entered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import NoReverseMatch, reverse

from beian.models import Node
from beian.web.navigation import kwargs_of
from enterprise.demo.people import DemoPerson


def add(contents: dict[str, Any], base_url: str, node: Node, people: Sequence[DemoPerson]) -> None:
    """Put the people of a provider into `contents`, in place of what is said of them."""
    base_url = base_url.rstrip("/")
    contents.setdefault("base_url", base_url)
    contents.setdefault("login_url", f"{base_url}/login")
    names = {person.username for person in people}
    users = [user for user in contents["users"] if user["username"] not in names]
    contents["users"] = users + [_user(base_url, node, person) for person in people]


def _user(base_url: str, node: Node, person: DemoPerson) -> dict[str, Any]:
    told = {"role": str(person.role), "node": node.code, "username": person.username, "password": person.password}
    if not person.email:
        return told
    return {**told, "email": person.email, "login_url": f"{base_url}{_portal(node)}"}


def _portal(node: Node) -> str:
    """Give where sponsors sign in."""
    try:
        return reverse("enterprise:sign_in", kwargs=kwargs_of(node))
    except NoReverseMatch:
        return reverse("login")
