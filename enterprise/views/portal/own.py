"""Whose pages the portal's are: the account of who is signed in, and its own cases alone."""

from __future__ import annotations

from django.http import Http404

from beian.web.requests import NodeRequest
from enterprise.models import Case, SponsorAccount


def account_here(request: NodeRequest) -> SponsorAccount | None:
    """Give the account of who is signed in at this provider; None where he has the role but no account."""
    found = SponsorAccount.objects.filter(user=request.user, provider=request.node)
    return found.select_related("user", "provider").first()


def own_account(request: NodeRequest) -> SponsorAccount:
    """Give the account of who is signed in at this provider. Raises Http404 for who has none here."""
    account = account_here(request)
    if account is None:
        raise Http404("no sponsor's account at this provider")
    return account


def own_case(request: NodeRequest, pk: int) -> Case:
    """Give one of the account's cases; 404 for anybody else's."""
    found = Case.objects.at(request.node).of_sponsor(request.user).select_related("provider").filter(pk=pk).first()
    if found is None:
        raise Http404("none of this account's cases")
    return found
