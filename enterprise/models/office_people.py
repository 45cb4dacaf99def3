"""Which team of the office a person works in."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from beian.models import Node
from enterprise.workflow import Team


class TeamMember(models.Model):
    """A person of the office is in a team. Who is in none sees the cases of both; so does who is in both."""

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="teams")
    team = models.CharField("小组", max_length=8, choices=Team.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "user", "team"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_team_display()}"
