"""Filters: typed, said in words, written the same way whoever sets them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import Q
from django.http import QueryDict

from beian.models import Node, NodeKind, User
from beian.web.filters import Filters, cases, choice, days, flag, number, text

NODES = (
    text("q", "名称", "name__contains", "code__contains"),
    choice("kind", "类别", "kind", lambda: NodeKind.choices),
    number("province", "所在省", "province"),
    flag("two", "只看两级审核", lambda: Q(two_stages=True)),
    cases(
        "where",
        "地区",
        {"south": ("南方", lambda: Q(province__gte=440000)), "north": ("北方", lambda: Q(province__lt=440000))},
    ),
)
SEEN = days("seen", "上次登录", "last_login")


def bound(query: str) -> Filters:
    return Filters(NODES, QueryDict(query))


def names(query: str) -> list[str]:
    return [node.name[:2] for node in bound(query).apply(Node.objects.bureaus().order_by("-province"))]


@pytest.fixture(autouse=True)
def _nodes(guangdong: Node, beijing: Node) -> None:
    pass


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["广东", "北京"]),
        ("q=%20广东%20", ["广东"]),
        ("q=bureau:11", ["北京"]),
        ("kind=ministry", []),
        ("province=110000", ["北京"]),
        ("two=on", ["北京"]),
        ("where=south", ["广东"]),
        ("where=south&two=on", []),
        ("unknown=1", ["广东", "北京"]),
    ],
)
def test_rows_meet_all_that_is_set(query: str, found: list[str]) -> None:
    assert names(query) == found


@pytest.mark.parametrize(
    "query", ["kind=nonsense", "province=x", "province=-1", "province=99999999999999999999", "q=%00"]
)
def test_what_does_not_fit_is_said_and_shows_nothing(query: str) -> None:
    filters = bound(query)
    assert list(filters.form.errors) == [query.split("=")[0]]
    assert names(query) == []


def test_the_canonical_string_does_not_depend_on_the_order_or_on_empty_fields() -> None:
    one = bound("where=south&after=abc&q=%E5%B9%BF&kind=&two=on&sort=name&size=50")
    other = bound("two=1&q=+%E5%B9%BF+&where=south")
    assert one.querystring == other.querystring == "q=%E5%B9%BF&two=1&where=south"
    assert bound(one.querystring).querystring == one.querystring


def test_chips_say_what_is_set_and_how_to_unset_it() -> None:
    chips = bound("kind=bureau&two=on&q=x&sort=-name&after=abc").chips
    assert [(chip.label, chip.value) for chip in chips] == [("名称", "x"), ("类别", "省级系统"), ("只看两级审核", "是")]
    assert chips[1].remove_url == "?two=on&q=x&sort=-name"


def test_the_form_carries_the_order_along() -> None:
    filters = bound("q=x&sort=-name&size=50&before=abc")
    assert filters.kept == [("sort", "-name"), ("size", "50")]
    assert filters.reset_url == "?sort=-name&size=50"


def test_days_are_whole_days_in_china() -> None:
    def login(name: str, *moment: int) -> None:
        User.objects.create(username=name, last_login=datetime(*moment, tzinfo=UTC))

    login("before", 2026, 11, 19, 15, 59, 59)
    login("first", 2026, 11, 19, 16, 0, 0)
    login("last", 2026, 11, 20, 15, 59, 59)
    login("after", 2026, 11, 20, 16, 0, 0)
    filters = Filters(SEEN, QueryDict("seen_from=2026-11-20&seen_to=2026-11-20"))
    assert {user.username for user in filters.apply(User.objects.all())} == {"first", "last"}
    assert [chip.value for chip in filters.chips] == ["2026-11-20", "2026-11-20"]
    assert Filters(SEEN, QueryDict("seen_from=2026-02-30")).form.errors["seen_from"] == [
        "日期不存在或格式不对，例如 2026-01-31。"
    ]


def test_choices_are_asked_for_with_each_request() -> None:
    offered: list[tuple[Any, Any]] = [(1, "一")]
    fields = (choice("n", "数", "province", lambda: offered),)
    assert Filters(fields, QueryDict("n=2")).form.errors
    offered.append((2, "二"))
    assert not Filters(fields, QueryDict("n=2")).form.errors
