"""Filings make our copy what the bureau says, and leave a history of what it was."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

import pytest

from beian.models import Node, ProviderId, Sponsor
from beian.records import Cancelled, FilingRecord, NameRecord, NewWebsitesRecord
from beian.records.notices import CancelledNotice
from enterprise.models import Case, HoldingChange, HoldingChangeKind, Task, TaskKind
from enterprise.workflow import State
from tests import builders
from tests.enterprise.applying import LATER, arrive, copy, filed, numbered, result, sent
from tests.requests import cancellation

pytestmark = pytest.mark.django_db


def number_of(filing: FilingRecord) -> int:
    return filing.sponsor.number or 0


def kinds(isp: Node, filing: FilingRecord) -> list[str]:
    rows = HoldingChange.objects.filter(provider=isp, sponsor_number=number_of(filing)).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_our_copy_is_what_the_bureau_says(isp: Node) -> None:
    said = {number_of(each): each for each in (filed(isp, 1, websites=2), filed(isp, 2))}
    arrive(isp, "D1", filings=said.values())
    assert copy(isp) == said
    changed = builders.changed(said[number_of(filed(isp, 2))], "sponsor.name", "改过名字的示例公司")
    arrive(isp, "D2", filings=[changed])
    said[number_of(changed)] = changed
    assert copy(isp) == said
    assert kinds(isp, changed) == ["added", "changed"]
    deltas = HoldingChange.objects.latest("pk").deltas
    assert [(each["path"], each["new"]) for each in deltas] == [(["sponsor", "name"], "改过名字的示例公司")]


def test_a_website_that_is_no_longer_named_goes(isp: Node) -> None:
    filing = filed(isp, 1, websites=2)
    arrive(isp, "D1", filings=[filing])
    left = replace(filing, websites=filing.websites[:1])
    arrive(isp, "D2", filings=[left])
    assert copy(isp) == {number_of(filing): left}
    gone = filing.websites[1]
    assert not ProviderId.objects.filter(holder=isp, number=gone.number).exists()
    assert "removed" in {each["kind"] for each in HoldingChange.objects.latest("pk").deltas}


def test_again_changes_nothing(isp: Node) -> None:
    filing = filed(isp, 1)
    arrive(isp, "D1", filings=[filing])
    row = Sponsor.objects.held_by(isp).get()
    arrive(isp, "D1", filings=[filing])
    arrive(isp, "D2", filings=[filing])
    arrive(isp, "D3", synchronised=[filing])
    assert kinds(isp, filing) == ["added"]
    assert Sponsor.objects.held_by(isp).get().pk == row.pk


def test_what_is_late_changes_nothing(isp: Node) -> None:
    old = filed(isp, 1)
    new = numbered(builders.changed(old, "sponsor.name", "新名字示例公司"), 1, LATER)
    arrive(isp, "D1", filings=[new])
    arrive(isp, "D2", filings=[old])
    assert copy(isp) == {number_of(new): new}
    arrive(isp, "D3", synchronised=[old])
    assert copy(isp) == {number_of(old): old}


def test_what_was_cancelled_does_not_come_back_with_a_late_parcel(isp: Node) -> None:
    filing = filed(isp, 1, websites=2)
    arrive(isp, "D1", cancelled=[CancelledNotice(what=Cancelled.WEBSITE, number=filing.websites[0].number or 0)])
    arrive(isp, "D2", filings=[filing])
    assert copy(isp) == {number_of(filing): replace(filing, websites=filing.websites[1:])}
    arrive(isp, "D3", cancelled=[CancelledNotice(what=Cancelled.SPONSOR, number=number_of(filing))])
    arrive(isp, "D4", filings=[filing])
    assert copy(isp) == {}
    arrive(isp, "D5", synchronised=[filing])
    assert copy(isp) == {number_of(filing): filing}


@pytest.mark.parametrize("filing_first", [True, False])
def test_a_granted_case_gets_its_numbers_whichever_comes_first(isp: Node, *, filing_first: bool) -> None:
    case = sent(isp, builders.filing(1))
    filing = filed(isp, 1)
    if filing_first:
        arrive(isp, "D1", filings=[filing])
        assert Case.objects.get().filing_number == ""
    arrive(isp, "D2", results=[result(case, 1001)])
    if not filing_first:
        arrive(isp, "D1", filings=[filing])
    done = Case.objects.get()
    assert (done.state, done.sponsor_number) == (State.FILED, number_of(filing))
    assert done.filing_number == filing.sponsor.filing_number


def test_a_new_website_gets_the_websites_number(isp: Node) -> None:
    filing = filed(isp, 1, websites=2)
    asked = builders.filing(1, websites=2).websites[1:]
    case = sent(isp, NewWebsitesRecord(sponsor=NameRecord(number=number_of(filing)), websites=asked))
    arrive(isp, "D1", results=[result(case, 1001)])
    arrive(isp, "D2", filings=[filing])
    assert Case.objects.get().filing_number == filing.websites[1].filing_number


def test_what_cannot_be_stored_is_told_and_the_rest_is_stored(isp: Node) -> None:
    good, bad = filed(isp, 1), filed(isp, 2)
    bad = builders.changed(bad, "sponsor.filing_number", good.sponsor.filing_number)
    arrive(isp, "D1", filings=[good, bad])
    assert copy(isp) == {number_of(good): good}
    task = Task.objects.get()
    assert (task.kind, task.sponsor_number) == (TaskKind.UNTOLD, number_of(bad))
    assert kinds(isp, bad) == []


def test_what_a_case_cancelled_is_in_the_history_with_the_case(isp: Node) -> None:
    filing = filed(isp, 1)
    arrive(isp, "D1", filings=[filing])
    case = sent(isp, cancellation(Cancelled.SPONSOR, number_of(filing)))
    arrive(isp, "D2", results=[result(case, 1001)])
    last = HoldingChange.objects.latest("pk")
    assert (last.kind, last.case, last.name) == (HoldingChangeKind.REMOVED, case, filing.sponsor.name)
    assert last.deltas[0]["old"]["name"] == filing.sponsor.name
    assert copy(isp) == {}


def test_a_thousand_filings_take_seconds(isp: Node) -> None:
    said = [filed(isp, n) for n in range(1, 1001)]
    start = monotonic()
    arrive(isp, "D1", filings=said)
    first = monotonic() - start
    changed = [numbered(builders.changed(each, "sponsor.name", f"改{n}"), n, LATER) for n, each in enumerate(said, 1)]
    start = monotonic()
    arrive(isp, "D2", filings=changed)
    second = monotonic() - start
    print(f"new {first:.1f} s, changed {second:.1f} s")
    assert copy(isp) == {number_of(each): each for each in changed}
    assert first < 15
    assert second < 20
