"""The sponsors who apply here, and the agents (下属代理商) some of them come through."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from beian.crypto import EncryptedTextField
from beian.models import Node


class Agent(models.Model):
    """An agent (下属代理商): its people see its own sponsors and cases, and nobody else's."""

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=255)
    contact = models.CharField("联系人", max_length=64, blank=True)
    open = models.BooleanField("启用", default=True)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="agents")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "name"], name="agent_once")]

    def __str__(self) -> str:
        return self.name


class SponsorAccount(models.Model):
    """A sponsor's account at a provider. Its user has the role `sponsor` there and the name
    `<isp id>/<e-mail in lower case>`, so that one person may have accounts at several providers.

    `second_factor` is the secret of the one-time passwords, null where none is set up;
    `last_step` is the last time step a one-time password was taken for. `recovery_codes` has the hashes of
    the codes that still stand in for one, each once. `email_proved_at` is when the address was proved.
    """

    provider = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sponsor_account")
    email = EncryptedTextField()
    mobile = EncryptedTextField(null=True)
    email_proved_at = models.DateTimeField(null=True)
    second_factor = EncryptedTextField(null=True)
    last_step = models.BigIntegerField(default=0)
    recovery_codes = models.JSONField(default=list)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="sponsors")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.user)
