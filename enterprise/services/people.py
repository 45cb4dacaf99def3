"""The provider's own people: accounts, roles, teams, temporary passwords."""

from __future__ import annotations

from django.db.models import QuerySet

from beian.models import Node, User
from enterprise.models import TeamMember
from enterprise.workflow import OFFICE, Team


def office_people(provider: Node) -> QuerySet[User]:
    """Give who works on cases and may sign in, by name."""
    roles = sorted(OFFICE)
    return (
        User.objects.filter(is_active=True, memberships__node=provider, memberships__role__in=roles)
        .distinct()
        .order_by("name", "pk")
    )


def teams_of(user: User, provider: Node) -> frozenset[Team]:
    """Give a person's teams at a provider; none where he is in none."""
    found = TeamMember.objects.filter(user=user, provider=provider).values_list("team", flat=True)
    return frozenset(Team(team) for team in found)
