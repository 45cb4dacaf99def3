"""Agents (下属代理商): opened, changed, closed; their people; the sponsors who come through them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from beian import events
from beian.models import Membership, Node, Role, User
from beian.services.refusals import Invalid
from enterprise.models import Agent, SponsorAccount

SUBJECT = "agent"


def agents_of(provider: Node) -> QuerySet[Agent]:
    """Give the agents of a provider, the open ones first."""
    return Agent.objects.filter(provider=provider).order_by("-open", "name")


def find(provider: Node, agent_id: int) -> Agent:
    """Give an agent of a provider. Raises `Agent.DoesNotExist` for another's."""
    return Agent.objects.get(provider=provider, pk=agent_id)


def possible_people(provider: Node) -> QuerySet[User]:
    """Give who may work for an agent: the holders of that role here."""
    held = Membership.objects.filter(node=provider, role=Role.AGENT)
    return User.objects.filter(pk__in=held.values("user")).order_by("name", "pk")


def create(provider: Node, actor: User, name: str, contact: str, people: Iterable[User] = ()) -> Agent:
    """Open an agent. Raises `Invalid` where there is one of that name."""
    with transaction.atomic():
        agent = _save(Agent(provider=provider, name=name.strip(), contact=contact.strip()))
        agent.people.set(people)
        _tell(agent, "create", actor, data=_said(agent))
        return agent


def change(
    provider: Node, agent_id: int, actor: User, *, name: str, contact: str, people: Iterable[User], is_open: bool
) -> Agent:
    """Change an agent. Closed, its people see nothing any more; its cases stay."""
    with transaction.atomic():
        agent = Agent.objects.select_for_update().get(provider=provider, pk=agent_id)
        before = _said(agent)
        agent.name, agent.contact, agent.open = name.strip(), contact.strip(), is_open
        _save(agent)
        agent.people.set(people)
        after = _said(agent)
        _tell(agent, "change", actor, data={**after, "before": before})
        return agent


def adopt(provider: Node, agent_id: int, actor: User, email: str) -> SponsorAccount:
    """Let a sponsor come through an agent: its people see his cases from now on. Raises `Invalid`."""
    name = f"{provider.isp_id}/{email.strip().lower()}"
    with transaction.atomic():
        agent = find(provider, agent_id)
        account = (
            SponsorAccount.objects.select_for_update(of=("self",))
            .filter(provider=provider, user__username=name)
            .first()
        )
        if account is None:
            raise Invalid({"email": ["没有这个主办者账号。"]})
        if account.agent_id not in (None, agent.pk):
            raise Invalid({"email": ["这个主办者属于另一代理商，请先在那里移出。"]})
        _belong(account, agent)
        _tell(agent, "adopt", actor, data={"account": account.pk})
        return account


def release(provider: Node, agent_id: int, actor: User, account_id: int) -> None:
    """Let a sponsor come through the agent no longer; cases that began there stay the agent's."""
    with transaction.atomic():
        agent = find(provider, agent_id)
        account = SponsorAccount.objects.select_for_update(of=("self",)).filter(agent=agent, pk=account_id).first()
        if account is None:
            raise Invalid({"": ["这个主办者已不属于该代理商。"]})
        _belong(account, None)
        _tell(agent, "release", actor, data={"account": account.pk})


def _belong(account: SponsorAccount, agent: Agent | None) -> None:
    account.agent = agent
    account.save(update_fields=["agent"])
    if agent is not None:
        account.cases.filter(agent=None).update(agent=agent)


def _save(agent: Agent) -> Agent:
    try:
        with transaction.atomic():
            agent.save()
    except IntegrityError:
        raise Invalid({"name": ["已有同名的代理商。"]}) from None
    return agent


def _said(agent: Agent) -> dict[str, Any]:
    people = sorted(agent.people.values_list("pk", flat=True))
    return {"name": agent.name, "open": agent.open, "people": people}


def _tell(agent: Agent, verb: str, actor: User, *, data: dict[str, Any]) -> None:
    events.record(SUBJECT, agent.pk, verb, node=agent.provider, actor=actor, data=data)
