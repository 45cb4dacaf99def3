"""A reviewer at a bureau's desk: whose page it is, and which applications that person may work on."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, QueryDict
from django.urls import reverse

from beian.models import Node, Role, User
from beian.web.requests import NodeRequest
from bureau.models import Application
from bureau.workflow import APPROVERS, DECIDERS, REVIEWERS, State

QUEUE_PARAMETERS = (
    "text", "kind", "provider", "city", "due", "claimed", "received_from", "received_to", "state", "sort", "size",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """A person at a bureau, and the roles held there."""

    bureau: Node
    user: User
    roles: frozenset[Role]

    @classmethod
    def of(cls, request: NodeRequest) -> Desk:
        """Read it from a request that the access table let through."""
        return cls(request.node, request.user, frozenset(Role(role) for role in request.membership_roles))

    @property
    def supervises(self) -> bool:
        """Whether the person may take over, withdraw, and edit the list of reasons."""
        return Role.SUPERVISOR in self.roles

    def workable(self) -> Q:
        """Match what this person may take: for a first review, a decision, or the second of two reviews."""
        first = self.roles & (REVIEWERS if self.bureau.two_stages else DECIDERS)
        found = Q(pk__in=[])
        if first:
            found |= Q(state__in=[State.PENDING, State.CLAIMED])
        if self.roles & APPROVERS:
            found |= Q(state=State.RECOMMENDED) & ~Q(recommended_by=self.user)
        return found

    def application(self, pk: int) -> Application:
        """Give the application `pk` of this bureau; 404 for any other, which it need not know of."""
        found = (
            Application.objects.at(self.bureau)
            .select_related("holder", "received_by", "claimed_by", "recommended_by", "decided_by")
            .filter(pk=pk)
            .first()
        )
        if found is None:
            raise Http404(f"no application {pk} at {self.bureau.code}")
        return found

    def url(self, name: str, query: str = "", **kwargs: object) -> str:
        """Give the URL of a page of this bureau, with the queue's filter behind it."""
        path = reverse(f"bureau:{name}", kwargs={"province": self.bureau.province, **kwargs})
        return f"{path}?{query}" if query else path


def queue_query(query: QueryDict) -> str:
    """Give the part of a query string that says how the queue is shown, in a fixed order."""
    return urlencode([(name, query[name]) for name in QUEUE_PARAMETERS if query.get(name)])
