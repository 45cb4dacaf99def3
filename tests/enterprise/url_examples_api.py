"""Rows for the URLs of the interface's pages, so that `test_access` can call every view."""

from __future__ import annotations

from typing import Any

from beian.models import Node, User
from enterprise.models import Delivery, Webhook
from enterprise.services import api_tokens
from tests.beian.url_examples import example


def _administrator() -> User:
    return User.objects.get_or_create(username="example-administrator", defaults={"name": "示例"})[0]


@example("enterprise:revoke_token")
def token(provider: Node) -> dict[str, Any]:
    return {"pk": api_tokens.make(provider, "示例系统", ["cases:read"], _administrator())[0].pk}


def _webhook(provider: Node) -> Webhook:
    return Webhook.objects.create(provider=provider, url="http://127.0.0.1:9/", secret="x", made_by=_administrator())


@example("enterprise:webhook")
@example("enterprise:switch_webhook")
def webhook(provider: Node) -> dict[str, Any]:
    return {"pk": _webhook(provider).pk}


@example("enterprise:send_delivery_again")
def delivery(provider: Node) -> dict[str, Any]:
    return {"pk": Delivery.objects.create(webhook=_webhook(provider), event=1, body={}).pk}
