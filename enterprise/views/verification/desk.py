"""A person at the counter: at which provider, in which roles, and what may be reached from there."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from beian.models import Node, Role, User
from beian.web.requests import NodeRequest
from enterprise.models import Case, Verification
from enterprise.workflow import VERIFIERS


@dataclass(frozen=True, slots=True)
class Counter:
    """A person of the office, as far as verification goes."""

    provider: Node
    user: User
    roles: frozenset[str]

    @classmethod
    def of(cls, request: NodeRequest) -> Counter:
        """Read it from a request that the access table let through."""
        return cls(request.node, request.user, request.membership_roles)

    @property
    def verifies(self) -> bool:
        """Whether the person verifies; the others of the office read."""
        return bool(self.roles & VERIFIERS)

    @property
    def supervises(self) -> bool:
        """Whether the person may give cases up."""
        return Role.SUPERVISOR in self.roles

    def case(self, pk: int) -> Case:
        """Give a case of the office; 404 for any other."""
        found = Case.objects.at(self.provider).select_related("provider", "sponsor_account__user").filter(pk=pk).first()
        if found is None:
            raise Http404(f"no case {pk} at {self.provider.code}")
        return found

    def verification(self, pk: int) -> Verification:
        """Give a verification of the office; 404 for any other."""
        related = ("case__provider", "corrects", "opened_by")
        found = Verification.objects.at(self.provider).select_related(*related).filter(pk=pk).first()
        if found is None:
            raise Http404(f"no verification {pk} at {self.provider.code}")
        return found

    def url(self, name: str, **kwargs: object) -> str:
        """Give the URL of a page of this office."""
        return reverse(f"enterprise:{name}", kwargs={"isp": self.provider.isp_id, **kwargs})
