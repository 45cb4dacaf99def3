"""Filters kept under a name, each person's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from beian.models import Node, User
from bureau.models import SavedFilter
from tests.bureau.desks import REVIEW

pytestmark = pytest.mark.django_db
URL = f"{REVIEW}filters"


@pytest.fixture
def desk(signed_in: Callable[[User], Client], reviewer: User) -> Client:
    return signed_in(reviewer)


def test_kept_and_offered(desk: Client, reviewer: User) -> None:
    response = desk.post(URL, {"name": "超期的新增", "query": "kind=1&due=overdue&after=x&evil=1"})
    assert response["Location"] == f"{REVIEW}?kind=1&due=overdue"
    saved = SavedFilter.objects.get()
    assert (saved.user, saved.query) == (reviewer, "kind=1&due=overdue")
    page = desk.get(response["Location"]).content.decode()
    assert 'href="?kind=1&amp;due=overdue" aria-current="true">超期的新增' in page


def test_the_same_name_replaces(desk: Client) -> None:
    desk.post(URL, {"name": "我的", "query": "kind=1"})
    desk.post(URL, {"name": "我的", "query": "kind=2"})
    assert SavedFilter.objects.get().query == "kind=2"


@pytest.mark.parametrize(
    ("values", "message"),
    [({"name": " ", "query": "kind=1"}, "请给筛选条件起个名称"), ({"name": "空", "query": ""}, "请先设置筛选条件")],
)
def test_what_does_not_fit_is_said(desk: Client, values: dict[str, str], message: str) -> None:
    assert message in desk.post(URL, values, follow=True).content.decode()
    assert not SavedFilter.objects.exists()


def test_only_so_many(desk: Client, guangdong: Node, reviewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from bureau.views.review import saved_filters

    monkeypatch.setattr(saved_filters, "KEPT_AT_MOST", 2)
    for n in range(3):
        response = desk.post(URL, {"name": f"第{n}个", "query": "kind=1"}, follow=True)
    assert "请先删除不用的" in response.content.decode()
    assert SavedFilter.objects.count() == 2


def test_forgotten_by_its_owner_only(
    desk: Client, guangdong: Node, reviewer: User, colleague: User, signed_in: Callable[[User], Client]
) -> None:
    saved = SavedFilter.objects.create(user=reviewer, bureau=guangdong, name="我的", query="kind=1")
    assert signed_in(colleague).post(f"{URL}/{saved.pk}/delete").status_code == 404
    assert "我的" not in signed_in(colleague).get(REVIEW).content.decode()
    response = desk.post(f"{URL}/{saved.pk}/delete", {"query": "kind=2"})
    assert response["Location"] == f"{REVIEW}?kind=2"
    assert not SavedFilter.objects.exists()


def test_nobody_without_a_desk_keeps_any(signed_in: Callable[[User], Client], provider_manager: User) -> None:
    client = signed_in(provider_manager)
    assert client.post(URL, {"name": "x", "query": "kind=1"}).status_code == 403
    assert client.post(f"{URL}/1/delete").status_code == 403
    assert not SavedFilter.objects.exists()
