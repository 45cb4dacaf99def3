"""The pages of stock verification, as a supervisor plans and a clerk goes through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from beian.models import Event, Node, User
from enterprise.models import Case, ItemState, StockItem, StockPlan
from tests.enterprise.tasked import holding, in_days, plan_row

pytestmark = pytest.mark.usefixtures("code_tables")

SignIn = Callable[[User], Client]


def at(provider: Node, name: str, **kwargs: Any) -> str:
    return reverse(f"enterprise:{name}", kwargs={"isp": provider.isp_id, **kwargs})


@pytest.fixture
def plan(isp: Node, signed_in: SignIn, office_supervisor: User) -> StockPlan:
    """A plan of three holdings in two batches, made on the page."""
    for seed in (1, 2, 3):
        holding(isp, seed)
    said = {"name": "示例核验", "scope": "all", "batch_size": "2", "due": in_days(30).isoformat()}
    signed_in(office_supervisor).post(at(isp, "stock_new"), said)
    return StockPlan.objects.get()


def test_a_plan_that_does_not_fit_is_shown_again(signed_in: SignIn, isp: Node, office_supervisor: User) -> None:
    holding(isp)
    said = {"name": "示例核验", "scope": "list", "numbers": "粤ICP备2026999999号", "batch_size": "2"}
    page = signed_in(office_supervisor).post(at(isp, "stock_new"), {**said, "due": in_days(30).isoformat()})
    assert page.status_code == 422
    assert "没有这1个备案号" in page.content.decode()
    assert "示例核验" in page.content.decode()


def test_batches_are_handed_out_on_the_page(
    signed_in: SignIn, isp: Node, plan: StockPlan, office_supervisor: User, clerk: User, verifier: User
) -> None:
    desk = signed_in(office_supervisor)
    desk.post(at(isp, "stock_assign", pk=plan.pk), {"all": "1", "people": [clerk.pk, verifier.pk]})
    assert set(plan.batches.values_list("assigned_to", flat=True)) == {clerk.pk, verifier.pk}
    page = desk.get(at(isp, "stock_plan", pk=plan.pk)).content.decode()
    assert "Feng" in page
    assert "0 / 2" in page


def test_a_clerk_goes_through_his_batch(signed_in: SignIn, isp: Node, plan: StockPlan, clerk: User) -> None:
    desk = signed_in(clerk)
    listed = desk.get(at(isp, "stock_items", pk=plan.pk), {"batch": "1", "state": "pending"}).context["page"].rows
    first, second = (row.row.pk for row in listed)
    where = at(isp, "stock_item", pk=first)
    assert desk.get(where).status_code == 200
    refused = desk.post(where, {"state": ItemState.UNREACHABLE, "note": ""})
    assert (refused.status_code, "请说明情况" in refused.content.decode()) == (422, True)
    assert desk.post(where, {"state": ItemState.WRONG, "note": "换了负责人", "version": "1"}).status_code == 302
    assert Case.objects.get().reference in desk.get(where).content.decode()
    desk.post(at(isp, "stock_record", pk=plan.pk), {"chosen": [second], "state": ItemState.RIGHT})
    assert StockItem.objects.get(pk=second).state == ItemState.RIGHT
    assert "1 / 1" not in desk.get(at(isp, "stock_plan", pk=plan.pk)).content.decode()
    assert "2 / 2" in desk.get(at(isp, "stock_plan", pk=plan.pk)).content.decode()


def test_an_appointment_in_the_past_is_refused_beside_the_field(
    signed_in: SignIn, isp: Node, plan: StockPlan, clerk: User
) -> None:
    item = plan.items.order_by("pk").first()
    assert item is not None
    said = {"state": ItemState.APPOINTED, "appointment": "2020-01-01T09:00", "version": "1"}
    refused = signed_in(clerk).post(at(isp, "stock_item", pk=item.pk), said)
    assert refused.status_code == 422
    assert "已经过去" in refused.context["form"].errors["appointment"][0]


def test_an_item_of_another_plan_is_not_recorded_here(
    signed_in: SignIn, isp: Node, plan: StockPlan, clerk: User
) -> None:
    other = plan_row(isp).items.get()
    signed_in(clerk).post(at(isp, "stock_record", pk=plan.pk), {"chosen": [other.pk], "state": ItemState.RIGHT})
    other.refresh_from_db()
    assert other.state == ItemState.OPEN


def test_personal_data_is_masked_until_somebody_says_why(
    signed_in: SignIn, isp: Node, plan: StockPlan, clerk: User
) -> None:
    item = plan.items.order_by("pk").first()
    assert item is not None
    mobile, desk = "16000000001", signed_in(clerk)
    assert mobile not in desk.get(at(isp, "stock_item", pk=item.pk)).content.decode()
    assert desk.post(at(isp, "stock_reveal", pk=item.pk), {"reason": " "}).status_code == 422
    assert mobile in desk.post(at(isp, "stock_reveal", pk=item.pk), {"reason": "电话核实"}).content.decode()
    assert Event.objects.filter(subject_kind="stock_item", verb="reveal", actor=clerk).count() == 1


def test_results_are_taken_away_and_that_is_written_down(
    signed_in: SignIn, isp: Node, plan: StockPlan, office_supervisor: User
) -> None:
    answer = signed_in(office_supervisor).get(at(isp, "stock_results", pk=plan.pk))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert len(lines) == 4
    assert Event.objects.filter(subject_kind="stock_plan", verb="export", actor=office_supervisor).exists()


def test_a_plan_is_ended(signed_in: SignIn, isp: Node, plan: StockPlan, office_supervisor: User) -> None:
    desk = signed_in(office_supervisor)
    desk.post(at(isp, "stock_close", pk=plan.pk))
    assert "已结束" in desk.get(at(isp, "stock_plans")).content.decode()


def test_what_is_another_providers_does_not_exist(signed_in: SignIn, isp: Node, office_supervisor: User) -> None:
    other = Node.objects.create(code="provider:440000000088", kind="provider", name="示例他家", province=440000)
    strange, desk = plan_row(other), signed_in(office_supervisor)
    item = strange.items.get()
    for name in ("stock_plan", "stock_items", "stock_results"):
        assert desk.get(at(isp, name, pk=strange.pk)).status_code == 404
    for name in ("stock_assign", "stock_close", "stock_record"):
        assert desk.post(at(isp, name, pk=strange.pk)).status_code == 404
    assert desk.get(at(isp, "stock_item", pk=item.pk)).status_code == 404
    assert desk.post(at(isp, "stock_reveal", pk=item.pk), {"reason": "x"}).status_code == 404
