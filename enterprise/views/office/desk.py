"""A person at the filing office: at which provider, with which roles and teams, and whose cases that opens."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse

from beian.models import Node, Role, Sponsor, User
from beian.web.requests import NodeRequest
from enterprise.models import Case, CaseQuerySet
from enterprise.queries.holdings import Reach
from enterprise.queries.queues import QUEUES, Queue
from enterprise.services.people import teams_of
from enterprise.workflow import CHANGES, CLERKS, STAFF, State, Team

QUEUE_PARAMETERS = (
    "queue", "text", "kind", "team", "assigned", "agent", "origin", "due", "submitted_from", "submitted_to", "sort",
    "size",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """A person at a provider's office. `teams` is empty for who sees the cases of both."""

    provider: Node
    user: User
    roles: frozenset[Role]
    teams: frozenset[Team]

    @classmethod
    def of(cls, request: NodeRequest) -> Desk:
        """Read it from a request that the access table let through."""
        roles = frozenset(Role(role) for role in request.membership_roles)
        return cls(request.node, request.user, roles, teams_of(request.user, request.node))

    @property
    def only_agent(self) -> bool:
        """Whether the person works for agents alone, and sees only their cases."""
        return not self.roles & STAFF

    @property
    def clerks(self) -> bool:
        """Whether the person passes, sends back and queues cases."""
        return bool(self.roles & CLERKS)

    @property
    def supervises(self) -> bool:
        """Whether the person hands out work."""
        return Role.SUPERVISOR in self.roles

    def cases(self) -> CaseQuerySet:
        """Give the cases that the person may see."""
        found = Case.objects.at(self.provider)
        return found.of_agents(self.user) if self.only_agent else found

    def holdings(self) -> QuerySet[Sponsor]:
        """Give the filings of our copy that the person may see."""
        return Reach.of(self.provider, self.user, self.roles).holdings()

    def case(self, pk: int) -> Case:
        """Give a case that the person may see; 404 for any other, which he need not know of."""
        related = ("provider", "sponsor_account__user", "agent", "assigned_to", "document")
        found = self.cases().select_related(*related).filter(pk=pk).first()
        if found is None:
            raise Http404(f"no case {pk} for this person at {self.provider.code}")
        return found

    def may(self, case: Case, verb: str) -> bool:
        """Whether the person's roles take a case this way from where it stands."""
        return any(way.before == case.state and way.verb == verb and way.roles & self.roles for way in CHANGES)

    def may_edit(self, case: Case) -> bool:
        """Whether the person may put right what a case asks for, in the applicant's place."""
        if case.state in (State.DRAFT, State.SENT_BACK):
            return bool(self.roles & (CLERKS | {Role.AGENT}))
        return self.clerks and case.state in (State.SUBMITTED, State.CHECKED, State.VERIFIED, State.HELD)

    def queues(self) -> tuple[Queue, ...]:
        """Give the queues that concern the person."""
        return tuple(queue for queue in QUEUES if not self.only_agent or Role.AGENT in queue.who)

    def url(self, name: str, query: str = "", **kwargs: object) -> str:
        """Give the URL of a page of this office, with the list's filter behind it."""
        path = reverse(f"enterprise:{name}", kwargs={"isp": self.provider.isp_id, **kwargs})
        return f"{path}?{query}" if query else path


def queue_query(query: QueryDict) -> str:
    """Give the part of a query string that says how the queue is shown, in a fixed order."""
    return urlencode([(name, query[name]) for name in QUEUE_PARAMETERS if query.get(name)])
