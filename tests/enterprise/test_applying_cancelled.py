"""A cancellation from the bureau: a closure for each website that we give access to, and nothing left in our copy."""

from __future__ import annotations

from typing import Any

import pytest

from beian.models import Node
from beian.records import Cancelled, FilingRecord
from beian.records.notices import CancelledNotice
from enterprise.models import Cut, HoldingChange, Task, TaskKind, TaskState
from enterprise.services.tasks import holding
from tests.enterprise.applying import arrive, copy, filed

pytestmark = pytest.mark.django_db


def sponsor(filing: FilingRecord) -> CancelledNotice:
    return CancelledNotice(what=Cancelled.SPONSOR, number=filing.sponsor.number or 0, remark="责令关闭")


def website(filing: FilingRecord, place: int) -> CancelledNotice:
    return CancelledNotice(what=Cancelled.WEBSITE, number=filing.websites[place].number or 0)


def test_each_website_is_a_closure_that_holds_the_parcel(isp: Node) -> None:
    filing = filed(isp, 1, websites=2)
    arrive(isp, "D1", filings=[filing])
    parcel = arrive(isp, "D2", cancelled=[sponsor(filing)])
    closures = list(Task.objects.order_by("website_number"))
    assert [task.website_number for task in closures] == [each.number for each in filing.websites]
    assert all(task.kind == TaskKind.CLOSURE and task.holds for task in closures)
    assert closures[0].content["website"]["domains"][0]["name"] == filing.websites[0].domains[0].name
    assert {cut.task_id for cut in Cut.objects.all()} == {task.pk for task in closures}
    assert {domain.name for each in filing.websites for domain in each.domains} <= {
        cut.name for cut in Cut.objects.all()
    }
    assert holding(parcel)
    assert copy(isp) == {}
    gone = HoldingChange.objects.latest("pk")
    assert (gone.kind, gone.incoming) == ("removed", parcel)
    assert len(gone.deltas) == 3


def test_of_a_website_the_others_stay(isp: Node) -> None:
    filing = filed(isp, 1, websites=3)
    arrive(isp, "D1", filings=[filing])
    arrive(isp, "D2", cancelled=[website(filing, 0), website(filing, 2)])
    assert [each.number for each in copy(isp)[filing.sponsor.number or 0].websites] == [filing.websites[1].number]
    assert Task.objects.count() == 2


def test_a_website_and_then_its_sponsor_in_one_parcel(isp: Node) -> None:
    filing = filed(isp, 1, websites=2)
    arrive(isp, "D1", filings=[filing])
    arrive(isp, "D2", cancelled=[website(filing, 0), sponsor(filing)])
    assert Task.objects.count() == 2
    assert copy(isp) == {}


def test_nothing_held_is_nothing_to_do(isp: Node) -> None:
    parcel = arrive(isp, "D1", cancelled=[sponsor(filed(isp, 1)), website(filed(isp, 2), 0)])
    assert not Task.objects.exists()
    assert not holding(parcel)


def test_again_changes_nothing(isp: Node) -> None:
    filing = filed(isp, 1)
    arrive(isp, "D1", filings=[filing])
    arrive(isp, "D2", cancelled=[sponsor(filing)])
    arrive(isp, "D2", cancelled=[sponsor(filing)])
    arrive(isp, "D3", cancelled=[sponsor(filing)])
    assert (Task.objects.count(), HoldingChange.objects.count()) == (1, 2)


def test_once_done_the_parcel_is_held_no_longer(isp: Node) -> None:
    filing = filed(isp, 1)
    arrive(isp, "D1", filings=[filing])
    parcel = arrive(isp, "D2", cancelled=[sponsor(filing)])
    Task.objects.update(state=TaskState.DONE)
    assert not holding(parcel)


def test_others_keep_theirs(isp: Node, beijing_account: Any) -> None:
    filing = filed(isp, 1)
    arrive(isp, "D1", filings=[filing])
    arrive(beijing_account.provider, "D1", cancelled=[sponsor(filing)])
    assert copy(isp) == {filing.sponsor.number: filing}
    assert not Task.objects.exists()
