"""Tokens open what their scopes say, at their provider, until they are stopped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from beian.models import Node, User
from enterprise.access_api import FOR_TOKENS
from enterprise.models import ApiToken, Scope
from enterprise.services import api_tokens
from enterprise.urls_api import api_patterns
from enterprise.workflow import State
from tests.conftest import make_account
from tests.enterprise.calling_api import System
from tests.enterprise.conftest import case_in


def test_every_view_of_the_interface_names_a_scope_for_each_method() -> None:
    assert {each.name for each in api_patterns} == set(FOR_TOKENS)
    for each in api_patterns:
        view = each.callback.view_class
        methods = {name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)}
        assert set(view.scopes) == methods, each.name
        assert set(view.scopes.values()) <= set(Scope.values)


@pytest.mark.parametrize("each", api_patterns, ids=lambda each: each.name)
def test_a_token_without_the_scope_is_refused(each: object, isp: Node, office_administrator: User) -> None:
    view = each.callback.view_class  # type: ignore[attr-defined]
    for method, scope in view.scopes.items():
        others = [one for one in Scope.values if one != scope]
        system = System(isp, office_administrator, *others)
        kwargs = dict.fromkeys(each.pattern.converters, 1)  # type: ignore[attr-defined]
        path = reverse(f"enterprise:{each.name}", kwargs={**kwargs, "isp": isp.isp_id})  # type: ignore[attr-defined]
        answer = getattr(system.client, method.lower())(path, content_type="application/json")
        assert answer.status_code == 403
        assert scope in answer.json()["message"]


def test_no_token_a_wrong_one_and_a_stopped_one(isp: Node, office_administrator: User) -> None:
    system = System(isp, office_administrator, Scope.CASES_READ)
    path = f"{system.root}/cases"
    assert system.client.get(path).status_code == 200
    assert Client().get(path).status_code == 401
    assert Client(headers={"authorization": "Bearer beian_wrong"}).get(path).status_code == 401
    assert Client(headers={"authorization": "Bearer"}).get(path).status_code == 401
    api_tokens.revoke(isp, system.token.pk, office_administrator)
    assert system.client.get(path).status_code == 401


def test_a_token_is_good_at_its_provider_only(isp: Node, office_administrator: User, guangdong: Node) -> None:
    other = make_account(guangdong, 440000000009, "示例接入商九").provider
    system = System(other, office_administrator, Scope.CASES_READ)
    assert system.client.get(f"/isp/{isp.isp_id}/api/v1/cases").status_code == 401


def test_a_session_opens_nothing_here(isp: Node, clerk: User, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(clerk).get(f"/isp/{isp.isp_id}/api/v1/cases").status_code == 401


def test_only_its_digest_is_kept(isp: Node, office_administrator: User) -> None:
    token, text = api_tokens.make(isp, "订购系统", [Scope.CASES_READ], office_administrator)
    stored = ApiToken.objects.values().get(pk=token.pk)
    assert text not in str(stored)
    assert text.startswith(stored["start"])


def test_personal_data_has_a_scope_of_its_own(isp: Node, office_administrator: User) -> None:
    case = case_in(isp, State.DRAFT)
    reader = System(isp, office_administrator, Scope.CASES_READ)
    assert reader.get(f"cases/{case.pk}/draft").status_code == 403
    trusted = System(isp, office_administrator, Scope.PERSONAL_READ)
    assert trusted.get(f"cases/{case.pk}/draft").status_code == 200
