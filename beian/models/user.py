"""The people who sign in, and what each of them may do where."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from beian.models.node import Node


class Role(models.TextChoices):
    """What a person does at a node."""

    REVIEWER = "reviewer", "审核员"
    APPROVER = "approver", "复核员"
    SUPERVISOR = "supervisor", "主管"
    PROVIDER_MANAGER = "provider_manager", "接入商管理员"
    ADMINISTRATOR = "administrator", "系统管理员"
    OPERATOR = "operator", "部级操作员"
    INSPECTOR = "inspector", "检查员"
    PROVIDER_READER = "provider_reader", "接入商查询员"
    CLERK = "clerk", "备案专员"
    VERIFIER = "verifier", "核验员"
    AGENT = "agent", "下属代理商"
    SPONSOR = "sponsor", "网站主办者"


class User(AbstractUser):
    """A person with an account. The person's roles are `Membership`s."""

    first_name = last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=64)
    telephone = models.CharField("办公电话", max_length=32, blank=True)

    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of one person at one node."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField("角色", max_length=20, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "node", "role"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} @ {self.node}"
