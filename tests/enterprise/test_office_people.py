"""The office's people and agents: who is let in, with what, and who is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from beian.models import Event, Membership, Node, Role, User
from beian.services.refusals import Invalid, NotAllowed
from enterprise.models import Agent, TeamMember
from enterprise.services import agents, people
from enterprise.services.people import Profile
from enterprise.workflow import State, Team
from tests.enterprise.conftest import case_in, make_sponsor


def test_a_new_person_signs_in_with_a_password_shown_once(
    isp: Node, office_administrator: User, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(office_administrator)
    address = reverse("enterprise:office_person_new", kwargs={"isp": isp.isp_id})
    data = {"username": "new.clerk", "name": "新人", "roles": ["clerk"], "teams": ["legacy"]}
    shown = client.post(address, data)
    password = shown.context["password"]
    assert password in shown.content.decode()
    user = User.objects.get(username="new.clerk")
    assert user.check_password(password)
    assert (people.STAFF.roles_of(user, isp), people.teams_of(user, isp)) == ([Role.CLERK], {Team.LEGACY})
    again = client.get(reverse("enterprise:office_person", kwargs={"isp": isp.isp_id, "user_id": user.pk}))
    assert password not in again.content.decode()
    assert client.post(address, {**data, "username": "NEW.clerk"}).status_code == 422
    assert Event.objects.filter(subject_kind="user", verb="create", actor=office_administrator).count() == 1


def test_the_last_administrator_stays(isp: Node, office_administrator: User, clerk: User) -> None:
    as_clerk = Profile(name="Wei", roles=frozenset({Role.CLERK}))
    with pytest.raises(NotAllowed):
        people.change(isp, office_administrator.pk, office_administrator, as_clerk, "调岗")
    with pytest.raises(NotAllowed):
        people.STAFF.deactivate(isp, office_administrator.pk, clerk, "离职")


def test_an_agents_person_is_nothing_else(isp: Node, office_administrator: User, clerk: User) -> None:
    both = Profile(name="Feng", roles=frozenset({Role.CLERK, Role.AGENT}))
    with pytest.raises(Invalid):
        people.change(isp, clerk.pk, office_administrator, both, "兼任")


def test_who_works_elsewhere_too_keeps_his_name(isp: Node, office_administrator: User, agent_person: User) -> None:
    elsewhere = Node.objects.create(code="provider:440000000099", kind="provider", name="别家", province=440000)
    Membership.objects.create(user=agent_person, node=elsewhere, role=Role.AGENT)
    own = Profile(name=agent_person.name, telephone=agent_person.telephone, roles=frozenset({Role.CLERK}))
    people.change(isp, agent_person.pk, office_administrator, own, "调岗")
    with pytest.raises(NotAllowed):
        people.change(isp, agent_person.pk, office_administrator, replace(own, name="另一名"), "更名")
    assert User.objects.get(pk=agent_person.pk).name == agent_person.name
    assert people.STAFF.roles_of(agent_person, elsewhere) == [Role.AGENT]


def test_whoever_is_deactivated_gets_no_work(isp: Node, office_administrator: User, clerk: User) -> None:
    people.STAFF.deactivate(isp, clerk.pk, office_administrator, "离职")
    assert clerk not in people.office_people(isp)
    people.STAFF.activate(isp, clerk.pk, office_administrator, "返岗")
    assert clerk in people.office_people(isp)


def test_strangers_and_sponsors_are_none_of_the_offices_people(
    isp: Node, office_administrator: User, reviewer: User, signed_in: Callable[..., Client]
) -> None:
    sponsor = make_sponsor(isp, "s@example9.cn", "孙示例").user
    client = signed_in(office_administrator)
    for stranger in (reviewer, sponsor):
        address = reverse("enterprise:office_person", kwargs={"isp": isp.isp_id, "user_id": stranger.pk})
        assert client.get(address).status_code == 404


def test_every_page_of_people_and_agents_shows(
    isp: Node, office_administrator: User, clerk: User, agent_person: User, signed_in: Callable[..., Client]
) -> None:
    client, agent = signed_in(office_administrator), Agent.objects.get()
    TeamMember.objects.create(provider=isp, user=clerk, team=Team.NEW)
    pages = [
        ("office_people", {}), ("office_person_new", {}), ("office_person", {"user_id": clerk.pk}),
        ("office_person_act", {"user_id": clerk.pk, "act": "reset-password"}), ("agents", {}), ("agent_new", {}),
        ("agent", {"agent_id": agent.pk}), ("figures", {}), ("figures_csv", {}),
    ]  # fmt: skip
    for name, kwargs in pages:
        response = client.get(reverse(f"enterprise:{name}", kwargs={"isp": isp.isp_id, **kwargs}))
        assert response.status_code == 200, name


def test_a_sponsor_taken_over_by_an_agent_brings_his_cases(
    isp: Node, office_administrator: User, agent_person: User, signed_in: Callable[..., Client]
) -> None:
    account, agent = make_sponsor(isp, "Own@example9.cn".lower(), "孙示例"), Agent.objects.get()
    case = case_in(isp, State.SUBMITTED, 1, account)
    queue = reverse("enterprise:queue", kwargs={"isp": isp.isp_id})
    client = signed_in(agent_person)
    assert client.get(queue).context["page"].objects == []
    agents.adopt(isp, agent.pk, office_administrator, " OWN@example9.cn ")
    assert client.get(queue).context["page"].objects == [case]
    other = agents.create(isp, office_administrator, "另一代理商", "")
    with pytest.raises(Invalid):
        agents.adopt(isp, other.pk, office_administrator, "own@example9.cn")
    with pytest.raises(Invalid):
        agents.create(isp, office_administrator, "另一代理商", "")
    with pytest.raises(Invalid):
        agents.adopt(isp, other.pk, office_administrator, "nobody@example9.cn")
