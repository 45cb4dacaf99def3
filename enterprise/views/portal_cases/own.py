"""Whose page it is: everything is reached through the person's own cases and filings; the rest is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import redis
import structlog
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from beian.models import Node, Sponsor, User
from beian.views.errors import too_many
from beian.web.client_address import client_address, client_network
from beian.web.requests import NodeRequest
from beian.web.throttle import Throttle
from enterprise.models import Case, SponsorAccount
from enterprise.queries.my_cases import Mine

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Own:
    """The person at a sponsor's page, and what is his."""

    provider: Node
    user: User
    mine: Mine

    @classmethod
    def of(cls, request: NodeRequest) -> Own:
        """Give whose request it is."""
        return cls(request.node, request.user, Mine(request.node, request.user))

    @property
    def account(self) -> SponsorAccount:
        """His account here; 404 for who has none."""
        account = SponsorAccount.objects.filter(provider=self.provider, user=self.user).select_related("user").first()
        if account is None:
            raise Http404("no sponsor's account here")
        return account

    def case(self, reference: str) -> Case:
        """Find one of his cases, or answer 404."""
        case = self.mine.case(reference)
        if case is None:
            raise Http404(f"no case {reference} of his")
        return case

    def filing(self, number: int) -> Sponsor:
        """Find one of his filings, or answer 404."""
        filing = self.mine.filing(number)
        if filing is None:
            raise Http404(f"no filing {number} of his")
        return filing

    def url(self, name: str, **kwargs: Any) -> str:
        """Give the address of a page of this provider's."""
        return reverse(f"enterprise:{name}", kwargs={"isp": self.provider.isp_id, **kwargs})


def network(request: NodeRequest) -> str:
    """Give where a person sits, as tries are counted."""
    return client_network(client_address(request))


def counted(request: NodeRequest, of_a_person: Throttle, of_an_address: Throttle) -> HttpResponse | None:
    """Count a question of this person from this address; gives the answer where there were too many.

    Without Redis nothing that must be counted is answered.
    """
    try:
        verdicts = [of_an_address.hit(network(request)), of_a_person.hit(str(request.user.pk))]
    except redis.RedisError:
        log.exception("questions cannot be counted")
        return too_many(request, 60)
    waits = [verdict.retry_after for verdict in verdicts if not verdict.allowed]
    return private(too_many(request, max(waits))) if waits else None


def private(response: HttpResponse) -> HttpResponse:
    """Let nobody keep the page."""
    patch_cache_control(response, no_store=True, private=True)
    return response
