"""The systems of the network: the ministry's, the bureaus', the providers'."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class NodeKind(models.TextChoices):
    """Which tier a system belongs to."""

    MINISTRY = "ministry", "部级系统"
    BUREAU = "bureau", "省级系统"
    PROVIDER = "provider", "企业级系统"


class NodeQuerySet(models.QuerySet["Node"]):
    """Nodes, and which of them this process serves."""

    def served(self) -> NodeQuerySet:
        """Keep the nodes that this process serves (`BEIAN_NODES`, all where it is empty)."""
        return self.filter(code__in=settings.ENV.nodes) if settings.ENV.nodes else self

    def bureaus(self) -> NodeQuerySet:
        """Keep the bureaus."""
        return self.filter(kind=NodeKind.BUREAU)


class Node(models.Model):
    """A system: `ministry`, `bureau:440000`, `provider:440000000001` (its `code`).

    `province` is the six-digit region code where the system is at home; 0 for the ministry.
    `two_stages` says that a bureau's decisions need a first and a second reviewer;
    `refuses_unregistered` that it returns a record whose addresses are registered otherwise (1063),
    instead of showing the reviewer.
    """

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=NodeKind.choices)
    name = models.CharField("名称", max_length=255)
    province = models.PositiveIntegerField("所在省", default=0)
    two_stages = models.BooleanField("两级审核", default=False)
    refuses_unregistered = models.BooleanField("IP地址与登记不符时退回", default=False)
    telephone = models.CharField("联系电话", max_length=32, blank=True)
    system_url = models.CharField("系统网址", max_length=255, blank=True)
    open = models.BooleanField("启用", default=True)

    objects = NodeQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_served(self) -> bool:
        """Whether this process serves the node (`BEIAN_NODES`)."""
        return not settings.ENV.nodes or self.code in settings.ENV.nodes

    @property
    def isp_id(self) -> int:
        """The provider's identifier on the wire, from the code `provider:<isp_id>`."""
        return int(self.code.removeprefix("provider:"))
