"""Each kind of difference is found where it is, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beian.models import Node, User
from beian.records import Cancelled
from beian.records.notices import CancelledNotice
from enterprise.models import Case, Cut
from enterprise.queries.holding_differences import KINDS
from enterprise.workflow import State
from tests import builders
from tests.enterprise.applying import LATER, arrive, filed, numbered, result, sent
from tests.requests import cancellation, change_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


@pytest.fixture
def titles(isp: Node, clerk: User, signed_in: Callable[[User], Client]) -> Callable[[str], list[str]]:
    """Give what the page of a kind lists."""
    client = signed_in(clerk)

    def ask(kind: str) -> list[str]:
        page = client.get(reverse("enterprise:holdings_differences", kwargs={"isp": isp.isp_id}), {"kind": kind})
        assert page.status_code == 200
        return [line.title for line in page.context["lines"]]

    return ask


Titles = Callable[[str], list[str]]


def granted(isp: Node, request: Any) -> Case:
    case = sent(isp, request)
    arrive(isp, f"R{case.pk}", results=[result(case, 1001)])
    return case


def others(titles: Titles, *but: str) -> list[str]:
    return [title for kind in KINDS if kind.name not in but for title in titles(kind.name)]


def test_nothing_differs_where_all_is_well(isp: Node, titles: Titles) -> None:
    granted(isp, builders.filing(1))
    arrive(isp, "D1", filings=[filed(isp, 1)])
    assert others(titles) == []


def test_granted_but_not_on_file(isp: Node, titles: Titles) -> None:
    case = granted(isp, builders.filing(1))
    assert titles("not_on_file") == [case.sponsor_name]
    assert others(titles, "not_on_file") == []


def test_gone_since_is_no_difference(isp: Node, titles: Titles) -> None:
    filing = filed(isp, 1)
    granted(isp, builders.filing(1))
    arrive(isp, "D1", filings=[filing])
    arrive(isp, "D2", cancelled=[CancelledNotice(what=Cancelled.SPONSOR, number=filing.sponsor.number or 0)])
    assert others(titles) == []


def test_on_file_otherwise_than_asked(isp: Node, titles: Titles) -> None:
    granted(isp, builders.filing(1))
    arrive(isp, "D1", filings=[builders.changed(filed(isp, 1), "websites.0.name", "另一个名称")])
    assert titles("differs") == [builders.filing(1).sponsor.name]
    assert others(titles, "differs") == []


def test_a_change_that_did_not_arrive(isp: Node, titles: Titles) -> None:
    filing = filed(isp, 1)
    granted(isp, builders.filing(1))
    arrive(isp, "D1", filings=[filing])
    changed = builders.changed(filing, "sponsor.person.mobile", "16008888888")
    granted(isp, change_of(changed))
    assert titles("differs") == [filing.sponsor.name]
    arrive(isp, "D2", filings=[numbered(changed, 1, LATER)])
    assert others(titles) == []


def test_cancelled_and_still_on_file(isp: Node, titles: Titles) -> None:
    filing = filed(isp, 1)
    granted(isp, builders.filing(1))
    arrive(isp, "D1", filings=[filing])
    granted(isp, cancellation(Cancelled.SPONSOR, filing.sponsor.number or 0))
    assert titles("still_on_file") == []
    arrive(isp, "D2", synchronised=[filing])
    assert len(titles("still_on_file")) == 1


def test_cut_and_on_file_again(isp: Node, titles: Titles) -> None:
    filing = filed(isp, 1)
    arrive(isp, "D1", filings=[filing])
    arrive(isp, "D2", cancelled=[CancelledNotice(what=Cancelled.SPONSOR, number=filing.sponsor.number or 0)])
    Cut.objects.update(done_at=timezone.now())
    assert titles("cut") == []
    arrive(isp, "D3", synchronised=[filing])
    assert titles("cut") == [domain.name for domain in filing.websites[0].domains]


def test_no_case_of_ours(isp: Node, titles: Titles) -> None:
    arrive(isp, "D1", filings=[filed(isp, 1)])
    assert titles("no_case") == [filed(isp, 1).sponsor.name]
    assert others(titles, "no_case") == []


def test_a_website_without_our_access(isp: Node, titles: Titles) -> None:
    filing = filed(isp, 1, websites=2)
    foreign = replace(filing.websites[1], accesses=(replace(filing.websites[1].accesses[0], provider=1),))
    arrive(isp, "D1", filings=[replace(filing, websites=(filing.websites[0], foreign))])
    assert titles("without_access") == [foreign.name]


def test_cases_that_must_be_read_are_read_page_by_page(
    isp: Node, clerk: User, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("enterprise.views.holdings.differences.SIZE", 2)
    for n in (1, 2, 3):
        granted(isp, builders.filing(n))
        name = "另一个名称" if n == 3 else builders.filing(n).websites[0].name
        arrive(isp, f"D{n}", filings=[builders.changed(filed(isp, n), "websites.0.name", name)])
    client, address = signed_in(clerk), reverse("enterprise:holdings_differences", kwargs={"isp": isp.isp_id})
    first = client.get(address, {"kind": "differs"})
    assert first.context["lines"] == []
    assert "继续核对" in first.content.decode()
    second = client.get(address + first.context["next_url"])
    assert [line.title for line in second.context["lines"]] == [builders.filing(3).sponsor.name]
    assert Case.objects.filter(state=State.FILED).count() == 3


def test_every_tab_says_how_many(
    isp: Node, clerk: User, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in (1, 2):
        granted(isp, builders.filing(n))
        name = "另一个名称" if n == 2 else builders.filing(n).websites[0].name
        arrive(isp, f"D{n}", filings=[builders.changed(filed(isp, n), "websites.0.name", name)])
    client, address = signed_in(clerk), reverse("enterprise:holdings_differences", kwargs={"isp": isp.isp_id})

    def numbers() -> dict[str, str]:
        page = client.get(address, {"kind": "differs"})
        return {tab.url: tab.label.rpartition(" ")[2] for tab in page.context["kinds"]}

    assert numbers() == {f"?kind={kind.name}": "1" if kind.name == "differs" else "0" for kind in KINDS}
    monkeypatch.setattr("enterprise.views.holdings.differences.MOST_READ", 1)
    assert numbers()["?kind=differs"] == "（逐页核对）"
    assert "不预先计数" in client.get(address, {"kind": "differs"}).content.decode()
    assert "不预先计数" not in client.get(address, {"kind": "cut"}).content.decode()
