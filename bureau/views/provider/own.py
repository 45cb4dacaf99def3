"""Whose data these pages show: one provider's, found from the person who is signed in."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse

from beian.web.requests import NodeRequest
from bureau.queries.provider import account_for
from interface.models import ProviderAccount


def own_account(request: NodeRequest) -> ProviderAccount:
    """Give the account that the person reads for; 404 where its provider has none at this bureau."""
    account = account_for(request.user, request.node)
    if account is None:
        raise Http404(f"no provider of {request.user} at {request.node.code}")
    return account


def own_url(request: NodeRequest, name: str, **kwargs: object) -> str:
    """Give the URL of one of these pages."""
    return reverse(f"bureau:{name}", kwargs={"province": request.node.province, **kwargs})
