"""The provider's people in `demo.json`, beside those whom a bureau entered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from beian.models import Node
from beian.web.navigation import kwargs_of
from enterprise.demo.people import DemoPerson


def add(contents: dict[str, Any], base_url: str, node: Node, people: Sequence[DemoPerson]) -> None:
    """Put the people of a provider into `contents`, in place of what is said of them."""
    base_url = base_url.rstrip("/")
    contents.setdefault("base_url", base_url)
    contents.setdefault("login_url", f"{base_url}/login")
    told = [_user(base_url, node, person) for person in people]
    names = {user["username"] for user in told}
    contents["users"] = [user for user in contents["users"] if user["username"] not in names] + told


def _user(base_url: str, node: Node, person: DemoPerson) -> dict[str, Any]:
    """Say what somebody types where: sponsors their e-mail address, at their provider's own door."""
    told = {"role": str(person.role), "node": node.code, "password": person.password}
    if not person.email:
        return {**told, "username": person.username}
    door = reverse("enterprise:sign_in", kwargs=kwargs_of(node))
    return {**told, "username": person.email, "login_url": f"{base_url}{door}"}
