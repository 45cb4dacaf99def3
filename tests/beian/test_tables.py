"""Lists page by key: every row once, in order, both ways, also where values repeat or are missing."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import chain
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db.models import QuerySet
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone

from beian.models import Node, NodeKind, User
from beian.web import tables
from beian.web.tables import Column, Page, Table

PEOPLE = Table(
    name="people",
    columns=(
        Column(name="username", label="用户名", lead=True, sort="username"),
        Column(name="seen", label="上次登录", value="last_login", kind="moment", sort="last_login", nullable=True),
        Column(name="name", label="姓名", sort="name"),
        Column(name="desk", label="办公室", value=lambda user: user.telephone or None),
    ),
    order="username",
    sizes=(3, 5),
)
SORTS = ["username", "-username", "seen", "-seen", "name", "-name"]


@pytest.fixture
def people(db: None) -> QuerySet[User]:
    """Eleven people; names repeat, four never signed in."""
    now = timezone.now()
    User.objects.bulk_create(
        User(
            username=f"u{number:02}",
            name=f"name {number % 3}",
            last_login=None if number % 3 == 0 else now - timedelta(minutes=number // 4),
        )
        for number in range(11)
    )
    return User.objects.all()


def ask(people: QuerySet[User], query: str) -> Page:
    return PEOPLE.page(people, RequestFactory().get(f"/{query}"), row_url=lambda user: f"/people/{user.username}")


def walk(people: QuerySet[User], start: str, way: str) -> list[list[str]]:
    pages, url = [], start
    while url:
        page = ask(people, url)
        pages.append([user.username for user in page.objects])
        url = getattr(page, f"{way}_url")
        assert len(pages) < 20
    return pages


def in_order(people: QuerySet[User], sort: str) -> list[str]:
    """Say the order in Python: nulls last both ways, then by key the same way."""
    column = {"username": "username", "seen": "last_login", "name": "name"}[sort.removeprefix("-")]
    known = [user for user in people if getattr(user, column) is not None]
    nulls = [user for user in people if getattr(user, column) is None]
    known.sort(key=lambda user: (getattr(user, column), user.pk), reverse=sort.startswith("-"))
    nulls.sort(key=lambda user: user.pk, reverse=sort.startswith("-"))
    return [user.username for user in known + nulls]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [3, 5])
def test_walking_on_meets_every_row_once(people: QuerySet[User], sort: str, size: int) -> None:
    pages = walk(people, f"?sort={sort}&size={size}", "next")
    assert list(chain.from_iterable(pages)) == in_order(people, sort)
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)


@pytest.mark.parametrize("sort", SORTS)
def test_walking_back_meets_them_again(people: QuerySet[User], sort: str) -> None:
    url = f"?sort={sort}"
    while following := ask(people, url).next_url:
        url = following
    back = walk(people, url, "previous")
    forward = walk(people, f"?sort={sort}", "next")
    assert back[-1] == forward[0]
    assert list(reversed(back))[1:] == forward[1:]


def test_a_row_that_goes_hides_no_other(people: QuerySet[User]) -> None:
    first = ask(people, "")
    people.filter(username="u00").delete()
    assert [user.username for user in ask(people, first.next_url).objects] == ["u03", "u04", "u05"]


@pytest.mark.parametrize(
    "query",
    ["?sort=password", "?sort=", "?size=1000000", "?after=nonsense", "?before=WyJ1c2VybmFtZSJd:x", "?after=%00"],
)
def test_what_does_not_fit_is_as_if_it_was_not_said(people: QuerySet[User], query: str) -> None:
    assert [user.username for user in ask(people, query).objects] == ["u00", "u01", "u02"]


def test_a_place_in_one_order_is_none_in_another(people: QuerySet[User]) -> None:
    after = parse_qs(ask(people, "?sort=name").next_url[1:])["after"][0]
    assert [user.username for user in ask(people, f"?sort=-username&after={after}").objects] == ["u10", "u09", "u08"]


def test_heads_turn_the_order_round_and_keep_the_rest(people: QuerySet[User]) -> None:
    heads = {head.column.name: head for head in ask(people, "?q=x&sort=-name&size=5&after=z").headers}
    assert (heads["name"].aria_sort, heads["name"].url) == ("descending", "?q=x&sort=name&size=5")
    assert (heads["seen"].aria_sort, heads["seen"].url) == ("none", "?q=x&sort=seen&size=5")
    assert (heads["desk"].aria_sort, heads["desk"].url) == ("", "")


def test_counts_are_exact_up_to_the_cap(people: QuerySet[User], monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(people, "").count_text == "11"
    monkeypatch.setattr(tables, "COUNT_CAP", 11)
    assert ask(people, "").count_text == "11"
    monkeypatch.setattr(tables, "COUNT_CAP", 10)
    assert ask(people, "").count_text == "10+"


def test_a_page_costs_two_queries(people: QuerySet[User], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        ask(people, "?sort=-seen&size=5")


def test_the_bound_is_one_that_an_index_can_use(people: QuerySet[User]) -> None:
    page = ask(people, "?sort=name")
    order = tables.Order("name")
    cursor = tables.read_cursor(QueryDict(page.next_url[1:]), "name")
    assert cursor is not None
    sql = str(order._beyond(people, cursor).query)
    assert re.search(r'"name" >= name 0 AND', sql), sql


def test_a_table_begins_with_a_column_that_sorts() -> None:
    with pytest.raises(ValueError, match="no sortable column desk"):
        Table(name="broken", columns=PEOPLE.columns, order="desk")


def test_values_follow_paths(db: None) -> None:
    column = Column(name="kind", label="", value="get_kind_display")
    assert column.of(Node(kind=NodeKind.BUREAU)) == "省级系统"
    assert Column(name="x", label="", value="missing.further").of(Node()) is None
