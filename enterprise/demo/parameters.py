"""What a bureau gives a provider: the entries of its `demo.json`, and the connections made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from beian.models import Node, NodeKind
from beian.numbers import province_of_provider
from enterprise.models import Connection

POLL_SECONDS = 3
NAMES = {
    440000000003: "岭南范例网络科技有限公司",
    110000000003: "京华演示数据科技有限公司",
    310000000002: "浦江试点网络技术有限公司",
}
"""The managed providers, for a system that no bureau's `demo.json` lies beside."""


@dataclass(frozen=True, slots=True)
class DemoProvider:
    """A provider that this process serves; `given` is what the bureau says of it, empty where it said nothing."""

    node: Node
    given: Mapping[str, Any]

    @property
    def last_sequence(self) -> int:
        """How many uploads the bureau had when the demo was made."""
        return int(self.given.get("last_sequence", 0))


def read(folder: Path) -> dict[str, Any]:
    """Read `demo.json`; a bare one where there is none."""
    path = folder / "demo.json"
    if not path.exists():
        return {"users": [], "providers": []}
    contents: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return contents


def load(contents: Mapping[str, Any]) -> list[DemoProvider]:
    """Give the managed providers that this process serves, their nodes and connections made where missing."""
    given = {each["isp_id"]: each for each in contents["providers"] if each["managed"]}
    found = []
    for isp_id in sorted({*given, *_alone()}, key=lambda each: (each not in NAMES, -each)):
        told = given.get(isp_id, {})
        node = _node(isp_id, told.get("name", NAMES.get(isp_id, f"示例接入商{isp_id}")))
        if node.is_served:
            if told:
                _connect(node, told)
            found.append(DemoProvider(node, told))
    return found


def _alone() -> list[int]:
    """The providers that this process was told to serve by name."""
    prefix = "provider:"
    return [int(code.removeprefix(prefix)) for code in settings.ENV.nodes if code.startswith(prefix)]


def _node(isp_id: int, name: str) -> Node:
    values = {"kind": NodeKind.PROVIDER, "name": name, "province": province_of_provider(isp_id)}
    return Node.objects.get_or_create(code=f"provider:{isp_id}", defaults=values)[0]


def _connect(node: Node, told: Mapping[str, Any]) -> None:
    """Enter the parameters; in a connection that is there only the address follows the server's."""
    values = {name: told[name] for name in ("endpoint", "user_name", "password", "aes_key", "aes_iv")}
    connection, created = Connection.objects.get_or_create(
        provider=node, defaults={**values, "poll_seconds": POLL_SECONDS}
    )
    if not created and connection.endpoint != told["endpoint"]:
        connection.endpoint = told["endpoint"]
        connection.save(update_fields=["endpoint"])
