"""Stock verification: plans take up what they say, are handed out, and every item comes to an end."""

from __future__ import annotations

import csv
import datetime
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from beian.models import Event, Node, Sponsor, User
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from enterprise.models import Case, Confirmation, How, ItemState, StockItem, StockPlan, StockScope
from enterprise.queries.stock import candidates, csv_lines, progress, progress_of_plans
from enterprise.services import rechecks, stock
from enterprise.services.stock import NEXT, Draft
from enterprise.workflow import Kind, Origin, State
from tests.enterprise.tasked import holding, in_days

pytestmark = pytest.mark.usefixtures("code_tables")


def draft(**changes: Any) -> Draft:
    return Draft(**({"name": "示例计划", "scope": StockScope.ALL, "due": in_days(30), "batch_size": 2} | changes))


def planned(provider: Node, actor: User, **changes: Any) -> StockPlan:
    return stock.make_plan(provider, draft(**changes), actor)


def numbers(plan: StockPlan) -> list[int]:
    return sorted(plan.items.values_list("sponsor_number", flat=True))


@pytest.fixture
def sponsors(isp: Node) -> list[Sponsor]:
    """Five holdings."""
    return [holding(isp, seed) for seed in range(1, 6)]


def item_of(isp: Node, actor: User) -> StockItem:
    holding(isp)
    return planned(isp, actor).items.get()


def test_a_plan_is_split_into_batches(isp: Node, sponsors: list[Sponsor], office_supervisor: User) -> None:
    plan = planned(isp, office_supervisor)
    assert plan.total == 5
    assert [batch.items.count() for batch in plan.batches.all()] == [2, 2, 1]
    assert numbers(plan) == sorted(each.number for each in sponsors)
    first = plan.items.order_by("pk").first()
    assert first is not None
    assert (first.sponsor_name, first.filing_number, first.state) == (
        sponsors[0].name,
        sponsors[0].filing_number,
        ItemState.OPEN,
    )


def test_another_providers_holdings_are_not_taken_up(
    isp: Node, sponsors: list[Sponsor], office_supervisor: User
) -> None:
    other = Node.objects.create(code="provider:440000000088", kind="provider", name="示例他家", province=440000)
    strange = holding(other, 9)
    plan = planned(isp, office_supervisor)
    assert strange.number not in numbers(plan)
    with pytest.raises(Invalid) as refused:
        planned(isp, office_supervisor, name="二", scope=StockScope.LIST, numbers=strange.filing_number)
    assert "没有这1个备案号" in refused.value.errors["numbers"][0]


def test_what_was_never_verified(isp: Node, sponsors: list[Sponsor], office_supervisor: User) -> None:
    rechecks.note(isp, sponsors[0].number, How.VERIFIED, "陈示例")
    rechecks.note(isp, sponsors[1].number, How.SPONSOR, "沈示例")
    plan = planned(isp, office_supervisor, scope=StockScope.NEVER)
    assert numbers(plan) == sorted(each.number for each in sponsors[1:])


def test_what_was_verified_before_a_day(isp: Node, sponsors: list[Sponsor], office_supervisor: User) -> None:
    long_ago = timezone.now() - datetime.timedelta(days=500)
    Sponsor.objects.held_by(isp).update(last_modified=long_ago)
    rechecks.note(isp, sponsors[0].number, How.STOCK, "陈示例")
    rechecks.note(isp, sponsors[1].number, How.STOCK, "陈示例")
    Confirmation.objects.filter(sponsor_number=sponsors[1].number).update(verified_at=long_ago)
    Sponsor.objects.held_by(isp).filter(pk=sponsors[2].pk).update(last_modified=timezone.now())
    plan = planned(isp, office_supervisor, scope=StockScope.BEFORE, before=in_days(-30))
    assert numbers(plan) == sorted(sponsors[place].number for place in (1, 3, 4))


def test_what_was_not_filed_through_this_system(isp: Node, sponsors: list[Sponsor], office_supervisor: User) -> None:
    for each, state in zip(sponsors, (State.FILED, State.ABANDONED), strict=False):
        Case.objects.create(
            provider=isp,
            reference=f"2026-{each.number % 1000:06d}{each.pk}",
            kind=Kind.NEW_FILING,
            origin=Origin.OFFICE,
            state=state,
            sponsor_number=each.number,
        )
    plan = planned(isp, office_supervisor, scope=StockScope.LEGACY)
    assert numbers(plan) == sorted(each.number for each in sponsors[1:])


def test_what_is_listed_by_filing_number(isp: Node, sponsors: list[Sponsor], office_supervisor: User) -> None:
    typed = f" {sponsors[0].filing_number}\n{sponsors[1].filing_number}-1，{sponsors[0].filing_number}"
    plan = planned(isp, office_supervisor, scope=StockScope.LIST, numbers=typed)
    assert numbers(plan) == sorted(each.number for each in sponsors[:2])


def test_a_sample_is_drawn_and_can_be_drawn_again(isp: Node, sponsors: list[Sponsor], office_supervisor: User) -> None:
    plan = planned(isp, office_supervisor, scope=StockScope.SAMPLE, percent=50)
    assert plan.total == 3
    again = candidates(isp, plan.scope, plan.condition, str(plan.pk)).values_list("number", flat=True)
    assert sorted(again) == numbers(plan)
    drawn = {tuple(sorted(candidates(isp, plan.scope, plan.condition, str(seed)).values_list("number", flat=True)))
             for seed in range(20)}  # fmt: skip
    assert len(drawn) > 1


def test_everything_that_does_not_fit_is_said_at_once(isp: Node, office_supervisor: User) -> None:
    holding(isp)
    planned(isp, office_supervisor)
    with pytest.raises(Invalid) as refused:
        planned(isp, office_supervisor, scope=StockScope.SAMPLE, due=in_days(-1), batch_size=0)
    assert set(refused.value.errors) == {"name", "percent", "due", "batch_size"}
    with pytest.raises(Invalid) as refused:
        planned(isp, office_supervisor, name=" ", scope="else")
    assert set(refused.value.errors) == {"name", "scope"}
    assert StockPlan.objects.count() == 1


def test_a_plan_without_anything_is_none(isp: Node, office_supervisor: User) -> None:
    with pytest.raises(Invalid):
        planned(isp, office_supervisor)
    assert not StockPlan.objects.exists()


def test_batches_are_given_out_in_turn(
    isp: Node, sponsors: list[Sponsor], office_supervisor: User, clerk: User, verifier: User, sponsor_account: Any
) -> None:
    plan = planned(isp, office_supervisor)
    batches = list(plan.batches.values_list("pk", flat=True))
    assert stock.assign(isp, plan.pk, batches, [clerk, verifier], office_supervisor) == 3
    assert list(plan.batches.values_list("assigned_to", flat=True)) == [clerk.pk, verifier.pk, clerk.pk]
    stock.assign(isp, plan.pk, batches[:1], [], office_supervisor)
    assert plan.batches.filter(assigned_to=None).count() == 1
    with pytest.raises(Invalid):
        stock.assign(isp, plan.pk, batches, [sponsor_account.user], office_supervisor)
    with pytest.raises(NotAllowed):
        stock.assign(isp, plan.pk, batches, [clerk], clerk)


def test_every_pair_of_states(isp: Node, office_supervisor: User) -> None:
    item = item_of(isp, office_supervisor)
    soon = timezone.now() + datetime.timedelta(days=1)
    for before, after in product(ItemState, ItemState):
        StockItem.objects.filter(pk=item.pk).update(state=before)
        try:
            stock.record(isp, item.pk, after, office_supervisor, note="示例", appointment=soon)
            went = True
        except MovedOn:
            went = False
        assert went == (after in NEXT[before]), (before, after)


def test_what_is_right_counts_as_verified(isp: Node, office_supervisor: User, verifier: User) -> None:
    item = item_of(isp, office_supervisor)
    done = stock.record(isp, item.pk, ItemState.RIGHT, verifier)
    known = Confirmation.objects.get(sponsor_number=item.sponsor_number)
    assert (known.how, known.by_name, known.verified_at is None) == (How.STOCK, "Chen", False)
    assert (done.changed_by_name, done.case) == ("Chen", None)


def test_what_is_wrong_begins_a_change_from_our_copy(isp: Node, office_supervisor: User, clerk: User) -> None:
    item = item_of(isp, office_supervisor)
    with pytest.raises(Invalid):
        stock.record(isp, item.pk, ItemState.WRONG, clerk)
    done = stock.record(isp, item.pk, ItemState.WRONG, clerk, note="负责人已离职")
    assert done.case is not None
    assert (done.case.kind, done.case.state, done.case.sponsor_number) == (
        Kind.CHANGE,
        State.DRAFT,
        item.sponsor_number,
    )
    assert done.case.base["sponsor"]["name"] == item.sponsor_name
    assert not Confirmation.objects.exists()


def test_what_is_to_be_cancelled_begins_that(isp: Node, office_supervisor: User, clerk: User) -> None:
    item = item_of(isp, office_supervisor)
    done = stock.record(isp, item.pk, ItemState.CANCEL, clerk, note="公司已注销")
    assert done.case is not None
    assert done.case.typed == {"what": "0", "number": str(item.sponsor_number)}


def test_a_holding_that_left_meanwhile_begins_nothing(isp: Node, office_supervisor: User, clerk: User) -> None:
    item = item_of(isp, office_supervisor)
    Sponsor.objects.held_by(isp).all().delete()
    assert stock.record(isp, item.pk, ItemState.CANCEL, clerk, note="已由管局注销").case is None


def test_what_has_to_be_said(isp: Node, office_supervisor: User, clerk: User) -> None:
    item = item_of(isp, office_supervisor)
    for state, field in ((ItemState.UNREACHABLE, "note"), (ItemState.APPOINTED, "appointment")):
        with pytest.raises(Invalid) as refused:
            stock.record(isp, item.pk, state, clerk)
        assert set(refused.value.errors) == {field}
    soon = timezone.now() + datetime.timedelta(hours=1)
    item = stock.record(isp, item.pk, ItemState.APPOINTED, clerk, appointment=soon, version=1)
    with pytest.raises(MovedOn):
        stock.record(isp, item.pk, ItemState.RIGHT, clerk, version=1)


def test_nobody_is_appointed_for_a_time_that_is_over(isp: Node, office_supervisor: User, clerk: User) -> None:
    item = item_of(isp, office_supervisor)
    over = timezone.now() - datetime.timedelta(minutes=1)
    with pytest.raises(Invalid) as refused:
        stock.record(isp, item.pk, ItemState.APPOINTED, clerk, appointment=over)
    assert "已经过去" in refused.value.errors["appointment"][0]
    item.refresh_from_db()
    assert (item.state, item.appointment) == (ItemState.OPEN, None)


def test_several_items_go_together_or_not_at_all(isp: Node, sponsors: list[Sponsor], office_supervisor: User) -> None:
    plan = planned(isp, office_supervisor)
    items = list(plan.items.values_list("pk", flat=True))
    stock.record(isp, items[0], ItemState.RIGHT, office_supervisor)
    with pytest.raises(MovedOn):
        stock.record_many(isp, items, ItemState.CONTACTED, office_supervisor)
    assert plan.items.filter(state=ItemState.OPEN).count() == 4
    assert stock.record_many(isp, items[1:], ItemState.CONTACTED, office_supervisor) == 4


def test_progress_by_batch_and_person(isp: Node, sponsors: list[Sponsor], office_supervisor: User, clerk: User) -> None:
    plan = planned(isp, office_supervisor)
    first, *_ = plan.batches.all()
    stock.assign(isp, plan.pk, [first.pk], [clerk], office_supervisor)
    stock.record(isp, first.items.first().pk, ItemState.RIGHT, clerk)
    found = progress(plan)
    assert (found.whole.total, found.whole.settled, found.whole.percent) == (5, 1, 20)
    assert found.batches[first.pk].percent == 50
    assert (found.people[clerk.pk].settled, found.people[None].total) == (1, 3)
    assert progress_of_plans(isp)[plan.pk].settled == 1


def test_a_closed_plan_stays_as_it_is(isp: Node, office_supervisor: User, clerk: User) -> None:
    item = item_of(isp, office_supervisor)
    with pytest.raises(NotAllowed):
        stock.close(isp, item.plan_id, clerk)
    stock.close(isp, item.plan_id, office_supervisor)
    with pytest.raises(MovedOn):
        stock.record(isp, item.pk, ItemState.RIGHT, clerk)
    with pytest.raises(MovedOn):
        stock.close(isp, item.plan_id, office_supervisor)


def test_another_providers_item_is_none(isp: Node, office_supervisor: User) -> None:
    item = item_of(isp, office_supervisor)
    other = Node.objects.create(code="provider:440000000088", kind="provider", name="示例他家", province=440000)
    with pytest.raises((MovedOn, NotAllowed)):
        stock.record(other, item.pk, ItemState.RIGHT, office_supervisor)


def test_results_are_written_as_text_that_no_spreadsheet_runs(isp: Node, office_supervisor: User, clerk: User) -> None:
    item = item_of(isp, office_supervisor)
    stock.record(isp, item.pk, ItemState.UNREACHABLE, clerk, note="=1+1")
    lines = list(csv.reader("".join(csv_lines(item.plan)).removeprefix("\ufeff").splitlines()))
    assert lines[0][0] == "批次"
    assert lines[1][2:6] == [item.filing_number, item.sponsor_name, "无法联系", "Feng"]
    assert lines[1][7] == "'=1+1"


def test_each_step_is_an_event(isp: Node, office_supervisor: User, clerk: User) -> None:
    item = item_of(isp, office_supervisor)
    stock.record(isp, item.pk, ItemState.CONTACTED, clerk, note="已致电")
    told = Event.objects.get(subject_kind="stock_item", subject=str(item.pk))
    assert (told.verb, told.reason, told.data["before"], told.data["after"]) == (
        "record",
        "已致电",
        "open",
        "contacted",
    )
