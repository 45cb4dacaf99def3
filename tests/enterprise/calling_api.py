"""A provider's own system, as the tests have it call the interface."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from beian.models import Node, User
from enterprise.services import api_tokens
from tests import builders


class System:
    """Calls the interface of one provider with a token of some scopes."""

    def __init__(self, provider: Node, actor: User, *scopes: str) -> None:
        self.root = f"/isp/{provider.isp_id}/api/v1"
        self.token, self.text = api_tokens.make(provider, "订购系统", scopes, actor)
        self.client = Client(headers={"authorization": f"Bearer {self.text}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{self.root}/{path}", query)

    def send(self, method: str, path: str, body: Any = None, key: str = "") -> Any:
        headers = {"idempotency-key": key} if key else {}
        call = getattr(self.client, method)
        return call(f"{self.root}/{path}", json.dumps(body), content_type="application/json", headers=headers)

    def post(self, path: str, body: Any = None, key: str = "") -> Any:
        return self.send("post", path, body, key)

    def hand_in(self, data: bytes, purpose: str = "photo", media_type: str = "image/jpeg", key: str = "") -> Any:
        headers = {"idempotency-key": key} if key else {}
        path = f"{self.root}/files?purpose={purpose}"
        return self.client.post(path, data, content_type=media_type, headers=headers)


def filled_in(sha256: str, n: int = 1) -> dict[str, Any]:
    """A new filing as a system says it."""
    person = {
        "name": f"示例人{n}",
        "certificate_type": 2,
        "certificate_number": builders.identity_number(n),
        "telephone": f"020-{n:08d}",
        "mobile": f"1600{n:07d}",
        "email": f"person{n}@example{n}.cn",
    }
    return {
        "sponsor": {
            "name": f"示例科技有限公司{n}",
            "nature": 4,
            "superior": f"示例集团{n}",
            "certificate": {"type": 1, "number": builders.credit_code(n), "address": f"广东省深圳市示例路{n}号"},
            "address": {"province": 440000, "city": 440300, "county": 440305, "detail": f"示例路{n}号"},
            "person": person,
        },
        "websites": [
            {
                "name": f"示例网站{n}",
                "person": person,
                "domains": [{"name": f"example{n}.cn"}],
                "accesses": [
                    {"locations": [5], "methods": [3], "ranges": [{"first": "198.18.0.1", "last": "198.18.0.1"}]}
                ],
                "services": [8],
                "languages": [1],
                "home_page": f"http://www.example{n}.cn/",
            }
        ],
        "attachments": [
            {"format": 1, "purpose": 1, "owner_kind": 1, "owner": "sponsor", "content": {"sha256": sha256}}
        ],
    }
