"""Bulk decisions: a reason first, then a report for each row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from beian.models import Node, User
from bureau.models import Application
from bureau.services import intake
from bureau.workflow import State
from interface.models import ProviderAccount
from tests.applications import application_row
from tests.builders import filing
from tests.bureau.desks import REVIEW, claimed_row, reasons
from tests.bureau.matters import application_about, contested, every_kind, filed, requests_about
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables", "account")]


@pytest.fixture
def desk(signed_in: Callable[[User], Client], reviewer: User) -> Client:
    return signed_in(reviewer)


def bulk(client: Client, rows: list[Application], verdict: str, **values: Any) -> Any:
    return client.post(f"{REVIEW}bulk", {"chosen": [row.pk for row in rows], "verdict": verdict, **values})


def test_first_the_reason_is_asked_for(desk: Client, guangdong: Node) -> None:
    rows = [application_row(guangdong) for _ in range(2)]
    response = bulk(desk, rows, "refuse")
    assert response.status_code == 200
    assert "批量拒绝 2 件申请" in response.content.decode()
    assert Application.objects.filter(state=State.PENDING).count() == 2


@pytest.mark.parametrize(("verdict", "message"), [("refuse", "请至少选择一条理由"), ("approve", "批量通过须写明依据")])
def test_without_a_reason_nothing_is_decided(desk: Client, guangdong: Node, verdict: str, message: str) -> None:
    response = bulk(desk, [application_row(guangdong)], verdict, confirmed="1")
    assert response.status_code == 422
    assert message in response.content.decode()
    assert Application.objects.get().state == State.PENDING


def test_refusing_several_reports_each(desk: Client, guangdong: Node, colleague: User) -> None:
    reason = reasons(guangdong, "照片不清晰")[0]
    rows = [application_row(guangdong), claimed_row(guangdong, colleague), application_row(guangdong)]
    response = bulk(desk, rows, "refuse", confirmed="1", reasons=[reason.pk])
    lines = response.context["lines"]
    assert [line.tone for line in lines] == ["good", "bad", "good"]
    assert "Qian正在审核" in lines[1].message
    assert "共 3 件，办理 2 件" in response.content.decode()
    states = [Application.objects.get(pk=row.pk).state for row in rows]
    assert states == [State.REFUSED, State.CLAIMED, State.REFUSED]


def test_approving_several_gives_each_its_number(desk: Client, account: ProviderAccount) -> None:
    upload_of(account, [filing(1), filing(2)])
    intake.drain(account.pk)
    rows = list(Application.objects.order_by("pk"))
    response = bulk(desk, rows, "approve", confirmed="1", text="同一接入商的示范批次")
    assert [line.tone for line in response.context["lines"]] == ["good", "good"]
    numbers = set(Application.objects.values_list("filing_number", flat=True))
    assert len(numbers) == 2
    for number in numbers:
        assert number in response.content.decode()


def test_nothing_chosen(desk: Client, guangdong: Node) -> None:
    response = desk.post(f"{REVIEW}bulk?kind=1", {"verdict": "approve"}, follow=True)
    assert response.redirect_chain == [(f"{REVIEW}?kind=1", 302)]
    assert "请先勾选" in response.content.decode()


def test_applications_of_another_bureau_are_left_alone(desk: Client, guangdong: Node, beijing: Node) -> None:
    foreign, own = application_row(beijing), application_row(guangdong)
    response = bulk(desk, [foreign, own], "refuse", confirmed="1", text="不合要求")
    assert [line.application.pk for line in response.context["lines"]] == [own.pk]
    foreign.refresh_from_db()
    assert foreign.state == State.PENDING


@pytest.mark.parametrize("who", ["outsider", "provider_manager"])
def test_nobody_else_may(
    who: str, request: pytest.FixtureRequest, guangdong: Node, signed_in: Callable[[User], Client]
) -> None:
    row = application_row(guangdong)
    response = bulk(signed_in(request.getfixturevalue(who)), [row], "refuse", confirmed="1", text="x")
    assert response.status_code == 403
    row.refresh_from_db()
    assert row.state == State.PENDING


def test_requests_of_a_kind_stand_together_with_what_they_ask(desk: Client, guangdong: Node) -> None:
    record = filed(guangdong)
    rows = [
        application_row(guangdong),
        *(each for _, each in every_kind(guangdong, record)),
        application_row(guangdong),
    ]
    text = bulk(desk, rows, "refuse").content.decode()
    assert text.index("新增备案") < text.index("新增网站") < text.index("变更备案") < text.index("注销网站")
    assert text.count('class="bulk-kind"') == 7
    assert "姓名、手机号码" in text


@pytest.mark.parametrize("way", ["both", "others"])
def test_what_needs_a_look_of_its_own_is_not_approved_with_others(desk: Client, guangdong: Node, way: str) -> None:
    record = filed(guangdong)
    if way == "both":
        base, wanted = contested(guangdong, record)
        held, why = application_about(guangdong, record, wanted, base=base), "其中的内容另有变更"
    else:
        held, why = application_about(guangdong, record, requests_about(record)["cancel_website"]), "涉及其他接入商"
    free = application_row(guangdong)
    assert why in bulk(desk, [held, free], "approve").content.decode()
    assert why in bulk(desk, [held, free], "approve", text="材料齐全", confirmed="1").content.decode()
    held.refresh_from_db()
    free.refresh_from_db()
    assert (held.state, free.state) == (State.PENDING, State.APPROVED)


def test_what_needs_a_look_may_be_refused_with_others(desk: Client, guangdong: Node) -> None:
    record = filed(guangdong)
    held = application_about(guangdong, record, requests_about(record)["cancel_website"])
    bulk(desk, [held], "refuse", text="材料不全", confirmed="1")
    held.refresh_from_db()
    assert held.state == State.REFUSED
