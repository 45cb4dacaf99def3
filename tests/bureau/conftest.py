"""A provider's reader at the bureau of Guangdong, and the pages as that person sees them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from beian.models import Membership, Role, User
from interface.models import ProviderAccount


@pytest.fixture
def reader(account: ProviderAccount) -> User:
    """Wei reads for the provider of Guangdong."""
    user = User.objects.create(username="reader", name="示例查询员")
    Membership.objects.create(user=user, node=account.provider, role=Role.PROVIDER_READER)
    return user


@pytest.fixture
def page(reader: User, signed_in: Callable[[User], Client]) -> Callable[[str], str]:
    """Give one of the provider's own pages: `page("records/")`."""
    client = signed_in(reader)

    def get(path: str) -> str:
        response = client.get(f"/bureaus/440000/mine/{path}")
        assert response.status_code == 200, path
        return response.content.decode()

    return get
