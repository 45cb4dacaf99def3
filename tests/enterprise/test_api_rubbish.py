"""What no system should send: answered so that its developer finds the place, never as a fault of ours."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from beian.models import Node, User
from enterprise.models import Scope
from enterprise.workflow import State
from tests.enterprise.calling_api import System
from tests.enterprise.conftest import case_in

pytestmark = pytest.mark.django_db

HALF = "\ud800"
"""Half of a character: JSON can say it, UTF-8 cannot."""


@pytest.fixture
def ordering(isp: Node, office_administrator: User) -> System:
    """The provider's ordering system; what goes wrong with us is answered, as for it, and not raised."""
    scopes = (Scope.CASES_READ, Scope.CASES_WRITE, Scope.FILES_WRITE, Scope.VERIFICATIONS_WRITE, Scope.HOLDINGS_READ)
    system = System(isp, office_administrator, *scopes)
    system.client.raise_request_exception = False
    return system


@pytest.mark.parametrize("offset", ["+23:59", "-23:59"])
@pytest.mark.parametrize("day", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_a_moment_at_the_end_of_time_has_an_answer(ordering: System, isp: Node, day: str, offset: str) -> None:
    """What is beyond all years is told; an offset that no clock has is a moment all the same."""
    case_in(isp, State.DRAFT)
    answer = ordering.get("cases", changed_since=f"{day}{offset}")
    beyond = (day.startswith("0001"), offset[0] == "+") in ((True, True), (False, False))
    assert answer.status_code == (422 if beyond else 200)
    if beyond:
        assert list(answer.json()["errors"]) == ["changed_since"]


def test_an_offset_that_no_clock_has_is_counted_with(ordering: System, isp: Node) -> None:
    case = case_in(isp, State.DRAFT)
    answer = ordering.get("cases", changed_since="2020-01-01T00:00:00+23:59")
    assert [item["id"] for item in answer.json()["items"]] == [case.pk]


@pytest.mark.parametrize("digit", ["9", "0", "٣"])
def test_a_limit_beyond_counting_is_named(ordering: System, digit: str) -> None:
    answer = ordering.get("cases", limit=digit * 5000)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["limit"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": HALF}, "kind"),
        ({"kind": "new_filing", "team": HALF}, "team"),
        ({"kind": "new_filing", "order": HALF}, "order"),
        ({"kind": "new_filing", "draft": {"sponsor": {"name": HALF}}}, "sponsor.name"),
        ({"kind": "new_filing", "draft": {"websites": [{"services": [HALF]}]}}, "websites.0.services.0"),
    ],
)
def test_half_a_character_is_told_at_its_field(ordering: System, body: Any, field: str) -> None:
    answer = ordering.post("cases", body)
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == [field]


@pytest.mark.usefixtures("verifier", "code_tables")
def test_half_a_character_closes_no_verification(ordering: System, isp: Node) -> None:
    case = case_in(isp, State.CHECKED)
    pk = ordering.post(f"cases/{case.pk}/verification", {"verifier": "chen"}).json()["id"]
    for name in ("then", "outcome"):
        body = {"verifier": "chen", "outcome": "passed", name: HALF}
        answer = ordering.post(f"verifications/{pk}/close", body)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


def test_too_large_a_body_is_told_as_everything_else(ordering: System, settings: Any) -> None:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    for kind, path in (("application/json", "cases"), ("image/jpeg", "files")):
        answer = ordering.client.post(f"{ordering.root}/{path}", b" " * (most + 1), content_type=kind)
        assert answer.status_code == 413
        assert answer.headers["Content-Type"] == "application/json"
        assert "5 MB" in answer.json()["message"]


def test_who_may_not_call_is_told_that_first(ordering: System, settings: Any) -> None:
    body = b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = Client().post(f"{ordering.root}/cases", body, content_type="application/json")
    assert answer.status_code == 401
