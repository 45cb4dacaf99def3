"""The search: what each spelling finds, for whom, and what is written down about looking for a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from beian.models import Event, Node, User
from beian.records.rows import store_filings
from enterprise.models import Case, Outgoing
from enterprise.workflow import State
from tests import builders
from tests.enterprise.conftest import case_in, new_filing
from tests.on_file import on_file


@pytest.fixture
def desk(clerk: User, signed_in: Callable[[User], Client]) -> Client:
    """The clerk at work."""
    return signed_in(clerk)


def found(client: Client, isp: Node, text: str) -> Any:
    response = client.get(reverse("enterprise:case_search", kwargs={"isp": isp.isp_id}), {"text": text})
    assert response.status_code == 200
    return response.context["found"]


def test_every_way_to_name_a_case_finds_it(isp: Node, desk: Client) -> None:
    case, other = case_in(isp, State.SUBMITTED, 1), case_in(isp, State.SUBMITTED, 2)
    document = Outgoing.objects.create(
        provider=isp, sequence=4711, state="accepted", content="0" * 64, size=1, records=1, payload_hash="x"
    )
    Case.objects.filter(pk=case.pk).update(filing_number="粤ICP备2026000007号", document=document)
    for text in (case.reference, case.sponsor_name[2:], case.first_domain, f"www.{case.first_domain}",
                 "粤icp备 2026000007号", "4711"):  # fmt: skip
        assert [each.pk for each in found(desk, isp, text).cases] == [case.pk], text
    assert {each.pk for each in found(desk, isp, "示例科技").cases} == {case.pk, other.pk}
    assert found(desk, isp, "没有的名称").cases == []


def test_filings_of_our_copy_are_found_beside_cases(isp: Node, guangdong: Node, desk: Client) -> None:
    filing = on_file(guangdong, builders.filing(3), isp.isp_id)
    store_filings(isp, [filing], isp_id=isp.isp_id)
    site = filing.websites[0]
    for text in (filing.sponsor.filing_number, site.filing_number, site.domains[0].name, filing.sponsor.name,
                 str(filing.sponsor.number), str(site.number)):  # fmt: skip
        assert [each.number for each in found(desk, isp, text or "").holdings] == [filing.sponsor.number], text


def test_looking_for_a_person_is_written_down_without_the_number(isp: Node, desk: Client, clerk: User) -> None:
    case = case_in(isp, State.SUBMITTED, 1)
    address = reverse("enterprise:case_search", kwargs={"isp": isp.isp_id})
    person, number = new_filing().sponsor.person, new_filing().sponsor.certificate.number
    assert desk.post(address, {"number": number, "why": ""}).status_code == 422
    for asked in (number, person.mobile):
        shown = desk.post(address, {"number": asked, "why": "核实来电"})
        assert [each.pk for each in shown.context["found"].cases] == [case.pk]
    events = Event.objects.filter(verb="search_personal", actor=clerk)
    assert [(event.reason, event.data["cases"]) for event in events] == [("核实来电", 1)] * 2
    assert number not in str(list(events.values()))


def test_what_no_database_can_look_for_is_left_out(isp: Node, desk: Client) -> None:
    case = case_in(isp, State.SUBMITTED, 1)
    assert [each.pk for each in found(desk, isp, f"\x00{case.reference}").cases] == [case.pk]


def test_an_agents_people_find_neither_others_cases_nor_filings(
    isp: Node, guangdong: Node, agent_person: User, signed_in: Callable[..., Client]
) -> None:
    case = case_in(isp, State.SUBMITTED, 1)
    store_filings(isp, [on_file(guangdong, builders.filing(3), isp.isp_id)], isp_id=isp.isp_id)
    client = signed_in(agent_person)
    for text in (case.reference, "示例"):
        seen = found(client, isp, text)
        assert (seen.cases, seen.holdings) == ([], [])
    address = reverse("enterprise:case_search", kwargs={"isp": isp.isp_id})
    number = new_filing().sponsor.certificate.number
    assert client.post(address, {"number": number, "why": "核实"}).context["found"].cases == []
