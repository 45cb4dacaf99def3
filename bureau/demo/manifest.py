"""What a bureau puts into `demo.json`: addresses, its people, its providers with their parameters."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from bureau.demo.people import DemoPerson
from interface.models import ProviderAccount


def describe(base_url: str, people: list[DemoPerson], accounts: list[ProviderAccount]) -> dict[str, Any]:
    """Give the contents of `demo.json`."""
    base_url = base_url.rstrip("/")
    return {
        "base_url": base_url,
        "login_url": f"{base_url}/login",
        "users": [
            {"role": str(person.role), "node": person.node, "username": person.username, "password": person.password}
            for person in people
        ],
        "providers": [_provider(base_url, account) for account in accounts],
    }


def _provider(base_url: str, account: ProviderAccount) -> dict[str, Any]:
    return {
        "isp_id": account.isp_id,
        "name": account.provider.name,
        "user_name": account.user_name,
        "password": account.password,
        "aes_key": account.aes_key,
        "aes_iv": account.aes_iv,
        "bureau": str(account.bureau.province),
        "endpoint": endpoint(base_url, account),
        "managed": account.managed,
        "last_sequence": account.last_sequence,
    }


def endpoint(base_url: str, account: ProviderAccount) -> str:
    """Give what `/ISPWebService/upDownLoad` is appended to: without prefix where the bureau has the host alone."""
    alone = settings.ENV.nodes == (account.bureau.code,)
    return base_url if alone else f"{base_url}/bureaus/{account.bureau.province}"
