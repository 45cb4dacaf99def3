"""Holdings are found in any spelling, shown masked with their history, and only to whom they concern."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from beian.models import Event, Node, User
from beian.records import Cancelled, FilingRecord
from beian.records.notices import CancelledNotice, Concerned, CorrectionNotice
from enterprise.models import Agent
from enterprise.workflow import State
from tests import builders
from tests.enterprise.applying import LATER, arrive, filed, numbered, sent
from tests.requests import change_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

SignIn = Callable[[User], Client]


@pytest.fixture
def desk(clerk: User, signed_in: SignIn) -> Client:
    """The clerk at work."""
    return signed_in(clerk)


@pytest.fixture
def held(isp: Node) -> list[FilingRecord]:
    """Three holdings."""
    filings = [filed(isp, n, websites=2) for n in (1, 2, 3)]
    arrive(isp, "D1", filings=filings)
    return filings


def url(isp: Node, name: str, **kwargs: Any) -> str:
    return reverse(f"enterprise:{name}", kwargs={"isp": isp.isp_id, **kwargs})


def names(response: Any) -> set[str]:
    assert response.status_code == 200
    return {row.name for row in response.context["page"].objects}


def test_every_spelling_finds(isp: Node, desk: Client, held: list[FilingRecord]) -> None:
    filing = held[1]
    site = filing.websites[1]
    said = (filing.sponsor.filing_number, site.filing_number, "粤 icp 备 2026000002 号", "2026000002")
    said += (str(filing.sponsor.number), str(site.number), str(site.accesses[0].number), str(site.domains[0].number))
    said += (site.domains[0].name, f"www.{site.domains[0].name.upper()}", filing.sponsor.name[2:])
    for text in said:
        assert names(desk.get(url(isp, "holdings"), {"text": text})) == {filing.sponsor.name}, text
    assert names(desk.get(url(isp, "holdings"), {"text": "没有这样的名称"})) == set()


def test_the_list_says_what_stands_beside(isp: Node, desk: Client, held: list[FilingRecord]) -> None:
    sent(isp, builders.filing(9), sponsor_number=held[0].sponsor.number)
    page = desk.get(url(isp, "holdings"), {"text": held[0].sponsor.filing_number}).content.decode()
    for text in (held[0].websites[0].domains[0].name, "深圳", "1 件申请"):
        assert text in page


def test_filters_narrow(isp: Node, desk: Client, held: list[FilingRecord]) -> None:
    sent(isp, builders.filing(9), sponsor_number=held[0].sponsor.number)
    notice = CorrectionNotice(what=Concerned.SPONSOR, number=held[1].sponsor.number, text="请变更")
    arrive(isp, "D2", corrections=[notice])
    assert names(desk.get(url(isp, "holdings"), {"state": "cases"})) == {held[0].sponsor.name}
    assert names(desk.get(url(isp, "holdings"), {"state": "tasks"})) == {held[1].sponsor.name}
    assert names(desk.get(url(isp, "holdings"), {"state": "without"})) == set()
    assert len(names(desk.get(url(isp, "holdings"), {"province": "440000"}))) == 3
    assert names(desk.get(url(isp, "holdings"), {"province": "110000"})) == set()
    assert names(desk.get(url(isp, "holdings"), {"modified_from": "2026-11-21"})) == set()


def test_the_page_masks_and_reveals_with_a_reason(isp: Node, desk: Client, held: list[FilingRecord]) -> None:
    filing = held[0]
    number, mobile = filing.sponsor.number, filing.sponsor.person.mobile or ""
    page = desk.get(url(isp, "holding", number=number)).content.decode()
    assert filing.sponsor.name in page
    for secret in (mobile, filing.sponsor.certificate.number, filing.sponsor.person.email or ""):
        assert secret not in page
    assert desk.post(url(isp, "holding_reveal", number=number), {"reason": ""}).status_code == 422
    assert not Event.objects.filter(verb="reveal").exists()
    shown = desk.post(url(isp, "holding_reveal", number=number), {"reason": "核对"})
    assert mobile in shown.content.decode()
    assert shown["Cache-Control"] == "no-store, private"
    event = Event.objects.get(verb="reveal")
    assert (event.subject_kind, event.subject, event.reason) == ("holding", str(number), "核对")


def test_the_page_tells_history_cases_and_tasks(isp: Node, desk: Client, held: list[FilingRecord]) -> None:
    filing = held[0]
    changed = numbered(builders.changed(filing, "sponsor.person.mobile", "16009999999"), 1, LATER)
    arrive(isp, "D2", filings=[changed])
    case = sent(isp, builders.filing(9), sponsor_number=filing.sponsor.number)
    notice = CorrectionNotice(what=Concerned.SPONSOR, number=filing.sponsor.number, text="请变更")
    arrive(isp, "D3", corrections=[notice])
    page = desk.get(url(isp, "holding", number=filing.sponsor.number)).content.decode()
    for text in ("手机号码", case.reference, "整改通知", "D2", "下次复核"):
        assert text in page
    assert "16009999999" not in page
    assert (filing.sponsor.person.mobile or "") not in page


def test_what_is_gone_can_still_be_read(isp: Node, desk: Client, held: list[FilingRecord]) -> None:
    filing = held[0]
    arrive(isp, "D2", cancelled=[CancelledNotice(what=Cancelled.SPONSOR, number=filing.sponsor.number or 0)])
    page = desk.get(url(isp, "holding", number=filing.sponsor.number)).content.decode()
    assert "已移出" in page
    assert filing.websites[0].domains[0].name in page
    assert (filing.sponsor.person.mobile or "") not in page
    assert names(desk.get(url(isp, "holdings"))) == {each.sponsor.name for each in held[1:]}
    assert names(desk.get(url(isp, "holdings_gone"), {"text": filing.sponsor.filing_number})) == {filing.sponsor.name}


def test_an_agent_sees_its_own_sponsors_filings_only(
    isp: Node, agent_person: User, signed_in: SignIn, held: list[FilingRecord]
) -> None:
    client = signed_in(agent_person)
    assert names(client.get(url(isp, "holdings"))) == set()
    own, other = held[0].sponsor, held[1].sponsor
    sent(isp, builders.filing(8), sponsor_number=own.number, agent=Agent.objects.get())
    sent(isp, builders.filing(9), sponsor_number=other.number)
    assert names(client.get(url(isp, "holdings"))) == {own.name}
    assert names(client.get(url(isp, "holdings"), {"text": other.filing_number})) == set()
    assert client.get(url(isp, "holding", number=own.number)).status_code == 200
    assert client.get(url(isp, "holding", number=other.number)).status_code == 404
    assert client.post(url(isp, "holding_reveal", number=other.number), {"reason": "核对"}).status_code == 404
    notice = CancelledNotice(what=Cancelled.SPONSOR, number=other.number or 0)
    arrive(isp, "D2", cancelled=[notice])
    assert client.get(url(isp, "holding", number=other.number)).status_code == 404
    assert names(client.get(url(isp, "holdings_gone"))) == set()
    for name in ("holdings_differences", "holdings_export", "blacklist", "codes"):
        assert client.get(url(isp, name)).status_code == 403


def test_holdings_of_another_provider_are_not_there(
    isp: Node, desk: Client, beijing_account: Any, held: list[FilingRecord]
) -> None:
    theirs = filed(beijing_account.provider, 7)
    arrive(beijing_account.provider, "D1", filings=[theirs])
    assert theirs.sponsor.name not in names(desk.get(url(isp, "holdings")))
    assert names(desk.get(url(isp, "holdings"), {"text": theirs.sponsor.filing_number})) == set()
    assert desk.get(url(isp, "holding", number=theirs.sponsor.number)).status_code == 404


def test_an_empty_list_says_what_to_do(isp: Node, desk: Client) -> None:
    for name in ("holdings", "holdings_gone", "blacklist", "codes", "holdings_differences"):
        assert desk.get(url(isp, name)).status_code == 200
    assert "请管局重新下发" in desk.get(url(isp, "holdings")).content.decode()


def test_a_needed_verification_is_named(isp: Node, desk: Client, held: list[FilingRecord]) -> None:
    filing = held[0]
    request = change_of(builders.changed(filing, "sponsor.person.name", "新负责人"))
    case = sent(isp, request, sponsor_number=filing.sponsor.number, state=State.SUBMITTED)
    page = desk.get(url(isp, "holding", number=filing.sponsor.number)).content.decode()
    assert "须当面核验" in page
    assert case.reference in page
