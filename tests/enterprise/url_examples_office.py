"""Rows for the office's URLs, so that `test_access` can call every view."""

from __future__ import annotations

from typing import Any

from beian.models import Membership, Node, Role, User
from enterprise.models import Agent, ImportRun
from enterprise.services import cases
from enterprise.services.cases import Beginning
from enterprise.workflow import Kind, Origin
from tests.beian.url_examples import example


def _case(provider: Node) -> dict[str, Any]:
    return {"pk": cases.begin(provider, Beginning(kind=Kind.NEW_FILING, origin=Origin.OFFICE), None).pk}


for _name in ("case_corrections", "case_act", "case_send_back", "case_assign"):
    example(f"enterprise:{_name}")(_case)


def _person(provider: Node) -> dict[str, Any]:
    user = User.objects.get_or_create(username="office-example", defaults={"name": "示例"})[0]
    Membership.objects.get_or_create(user=user, node=provider, role=Role.CLERK)
    return {"user_id": user.pk}


example("enterprise:office_person")(_person)


@example("enterprise:office_person_act")
def _person_act(provider: Node) -> dict[str, Any]:
    return {**_person(provider), "act": "deactivate"}


def _agent(provider: Node) -> dict[str, Any]:
    return {"agent_id": Agent.objects.get_or_create(provider=provider, name="示例代理商")[0].pk}


for _name in ("agent", "agent_sponsors"):
    example(f"enterprise:{_name}")(_agent)


@example("enterprise:case_begin")
def _begin(provider: Node) -> dict[str, Any]:
    return {"kind": "new_filing"}


@example("enterprise:import")
def _import(provider: Node) -> dict[str, Any]:
    user = User.objects.get_or_create(username="office-example", defaults={"name": "示例"})[0]
    return {"run_id": ImportRun.objects.create(provider=provider, by=user, file_name="a.xlsx").pk}
