"""Cases through the interface: begun, repeated, corrected, handed in, followed."""

from __future__ import annotations

import copy
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from beian.models import Node, User
from enterprise.models import Case, Scope
from enterprise.services import cases
from enterprise.services.cases import Correction
from enterprise.services.contents import request_of
from enterprise.workflow import State
from tests import builders
from tests.conftest import make_account
from tests.enterprise.calling_api import System, filled_in
from tests.enterprise.conftest import case_in


@pytest.fixture
def ordering(isp: Node, office_administrator: User) -> System:
    """The provider's ordering system."""
    return System(isp, office_administrator, Scope.CASES_READ, Scope.CASES_WRITE, Scope.FILES_WRITE)


@pytest.fixture
def sha256(ordering: System) -> str:
    return str(ordering.hand_in(builders.jpeg_bytes()).json()["sha256"])


def begin(system: System, sha256: str, key: str = "", **more: Any) -> Any:
    return system.post("cases", {"kind": "new_filing", "draft": filled_in(sha256), **more}, key)


def test_a_complete_order_is_handed_in_at_once(ordering: System, sha256: str, isp: Node) -> None:
    answer = begin(ordering, sha256, order="order-7", submit=True)
    assert answer.status_code == 201, answer.json()
    said = answer.json()
    assert (said["kind"], said["state"], said["order"], said["domains"]) == (
        "new_filing", State.SUBMITTED, "order-7", ["example1.cn"],
    )  # fmt: skip
    request = request_of(Case.objects.at(isp).get())
    assert request.sponsor.address.county == 440305
    assert request.attachments[0].content.sha256 == sha256


def test_the_same_order_is_one_case(ordering: System, sha256: str) -> None:
    first = begin(ordering, sha256, order="order-7", submit=True)
    second = begin(ordering, sha256, order="order-7", submit=True)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("code_tables")
@pytest.mark.parametrize("whole", [False, True])
def test_the_same_order_at_once_is_one_case(ordering: System, sha256: str, whole: bool) -> None:
    """One call makes it, whoever waits for whom; the others are given what is there."""
    together = threading.Barrier(6)

    def call(_: int) -> Any:
        try:
            together.wait(10)
            system = copy.copy(ordering)
            system.client = Client(headers={"authorization": f"Bearer {ordering.text}"}, raise_request_exception=False)
            return begin(system, sha256, order="order-7", submit=whole)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(call, range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert {answer.json()["id"] for answer in answers} == {Case.objects.get().pk}


def test_a_call_whose_answer_was_lost_is_answered_again(ordering: System, sha256: str) -> None:
    first, second = begin(ordering, sha256, key="k1"), begin(ordering, sha256, key="k1")
    assert first.json() == second.json()
    assert (first.headers.get("Idempotent-Replayed"), second.headers["Idempotent-Replayed"]) == (None, "true")
    assert Case.objects.count() == 1


def test_a_key_belongs_to_one_call(ordering: System, sha256: str) -> None:
    begin(ordering, sha256, key="k1")
    other = begin(ordering, sha256, key="k1", order="order-8")
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["errors"]


def test_a_refused_call_may_come_again_corrected_under_its_key(ordering: System, sha256: str) -> None:
    wrong = filled_in(sha256)
    wrong["sponsor"]["person"]["mobile"] = "12"
    body = {"kind": "new_filing", "draft": wrong, "submit": True}
    refused = ordering.post("cases", body, "k1")
    assert refused.status_code == 422
    assert Case.objects.count() == 0
    assert begin(ordering, sha256, key="k1", submit=True).status_code == 201


def test_every_field_that_is_wrong_is_named(ordering: System, sha256: str) -> None:
    wrong = filled_in(sha256)
    wrong["sponsor"]["person"]["mobile"] = "12"
    wrong["websites"][0]["person"]["email"] = "nobody"
    answer = ordering.post("cases", {"kind": "new_filing", "draft": wrong, "submit": True})
    assert answer.status_code == 422
    assert {"sponsor.person.mobile", "websites.0.person.email"} <= set(answer.json()["errors"])


def test_what_is_no_draft_is_told_by_place(ordering: System) -> None:
    body = {"kind": "new_filing", "draft": {"websites": [{"accesses": [{"ranges": [{"first": "1.2.3"}]}]}]}}
    answer = ordering.post("cases", body)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["websites.0.accesses.0.ranges.0.first"]


def test_what_nobody_can_read_is_told_and_not_our_fault(ordering: System) -> None:
    answer = ordering.get("cases", order="a\x00")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["order"])
    nested = "[" * 100_000 + "]" * 100_000
    assert ordering.client.post(f"{ordering.root}/cases", nested, content_type="application/json").status_code == 400


def test_a_draft_is_put_and_handed_in_later(ordering: System, sha256: str) -> None:
    pk = ordering.post("cases", {"kind": "new_filing"}).json()["id"]
    missing = ordering.post(f"cases/{pk}/submit", {})
    assert missing.status_code == 422
    assert missing.json()["errors"]
    assert ordering.send("put", f"cases/{pk}/draft", filled_in(sha256)).status_code == 200
    assert ordering.post(f"cases/{pk}/submit", {}).json()["state"] == State.SUBMITTED


def test_what_was_sent_back_says_what_to_correct(ordering: System, sha256: str, isp: Node, clerk: User) -> None:
    pk = begin(ordering, sha256, submit=True).json()["id"]
    cases.send_back(isp, pk, [Correction("websites.0.name", "请写全称")], clerk)
    said = ordering.get(f"cases/{pk}").json()
    assert said["state"] == State.SENT_BACK
    assert said["corrections"] == [{"about": "websites.0.name", "note": "请写全称"}]
    corrected = filled_in(sha256)
    corrected["websites"][0]["name"] = "示例网站全称"
    ordering.send("put", f"cases/{pk}/draft", corrected)
    assert ordering.post(f"cases/{pk}/submit", {}).json()["corrections"] == []


def test_a_case_is_given_up_until_it_is_with_the_bureau(ordering: System, isp: Node) -> None:
    case = case_in(isp, State.QUEUED)
    assert ordering.post(f"cases/{case.pk}/abandon", {"reason": "客户退订"}).status_code == 409
    other = case_in(isp, State.SUBMITTED, n=2)
    assert ordering.post(f"cases/{other.pk}/abandon", {"reason": "客户退订"}).json()["state"] == State.ABANDONED


def test_cases_are_listed_page_by_page(ordering: System, isp: Node) -> None:
    made = [case_in(isp, State.DRAFT, n).pk for n in range(1, 6)]
    seen, after = [], ""
    while True:
        said = ordering.get("cases", limit=2, **({"after": after} if after else {})).json()
        seen += [item["id"] for item in said["items"]]
        after = said["next"]
        if after is None:
            break
    assert seen == made[::-1]


def test_a_list_is_asked_for_in_words_that_fit(ordering: System, isp: Node) -> None:
    case = case_in(isp, State.SUBMITTED)
    assert [item["id"] for item in ordering.get("cases", state="submitted").json()["items"]] == [case.pk]
    assert ordering.get("cases", state="elsewhere").status_code == 422
    assert ordering.get("cases", limit="all").status_code == 422
    assert ordering.get("cases", changed_since="yesterday").status_code == 422
    assert ordering.get("cases", changed_since="2020-01-01T00:00:00+08:00").json()["items"]


def test_a_draft_names_only_files_of_its_own_provider(ordering: System, isp: Node, guangdong: Node) -> None:
    other = make_account(guangdong, 440000000009, "示例接入商九").provider
    stranger = System(other, ordering.token.made_by, Scope.FILES_WRITE)
    foreign = stranger.hand_in(builders.jpeg_bytes(6)).json()["sha256"]
    answer = begin(ordering, foreign)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["attachments.0.content"]


def test_a_case_of_another_provider_is_not_there(ordering: System, guangdong: Node) -> None:
    other = make_account(guangdong, 440000000009, "示例接入商九").provider
    case = case_in(other, State.SUBMITTED)
    for method, path in (("get", ""), ("put", "/draft"), ("post", "/submit"), ("post", "/abandon")):
        answer = (
            ordering.get(f"cases/{case.pk}") if method == "get" else ordering.send(method, f"cases/{case.pk}{path}", {})
        )
        assert answer.status_code == 404
