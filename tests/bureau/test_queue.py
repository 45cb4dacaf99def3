"""The queue shows each reviewer what there is, what is urgent, and what is free."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from beian.calendar import add_working_days
from beian.models import Node, User
from bureau.models import Application
from bureau.workflow import Kind, State
from interface.models import ProviderAccount
from tests.applications import application_row
from tests.bureau.desks import REVIEW, claimed_row
from tests.bureau.matters import every_kind, filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in: Callable[[User], Client], reviewer: User) -> Client:
    return signed_in(reviewer)


def shown(client: Client, **query: Any) -> list[str]:
    """The sponsors on the page, in order."""
    response = client.get(REVIEW, query)
    assert response.status_code == 200
    return [row.row.sponsor_name for row in response.context["page"].rows]


def test_the_most_urgent_comes_first(desk: Client, guangdong: Node) -> None:
    today = timezone.localdate()
    for name, days in (("later", 9), ("overdue", -3), ("soon", 1)):
        application_row(guangdong, sponsor_name=name, deadline=today + datetime.timedelta(days=days))
    assert shown(desk) == ["overdue", "soon", "later"]
    assert shown(desk, sort="-deadline") == ["later", "soon", "overdue"]


def test_names_sort_as_chinese_does(desk: Client, guangdong: Node) -> None:
    for name in ("深圳", "安徽", "北京", "广州"):
        application_row(guangdong, sponsor_name=name)
    assert shown(desk, sort="sponsor") == ["安徽", "北京", "广州", "深圳"]
    assert shown(desk, sort="-sponsor") == ["深圳", "广州", "北京", "安徽"]


@pytest.mark.parametrize("sort", ["deadline", "-deadline", "received", "sponsor", "-provider"])
def test_pages_by_key_show_every_row_once(desk: Client, guangdong: Node, sort: str) -> None:
    today = timezone.localdate()
    for n in range(45):
        application_row(guangdong, sponsor_name=f"主办者{n % 7}", deadline=today + datetime.timedelta(days=n % 3))
    url, seen = f"{REVIEW}?size=20&sort={sort}", []
    while url:
        page = desk.get(url).context["page"]
        seen += [row.row.pk for row in page.rows]
        url = f"{REVIEW}{page.next_url}" if page.next_url else ""
    assert len(seen) == 45
    assert len(set(seen)) == 45


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "2"}, ["网站"]),
        ({"provider": "440000000002"}, ["本省"]),
        ({"provider": "elsewhere"}, ["城市", "旧的", "网站", "超期", "领取"]),
        ({"city": "440100"}, ["城市"]),
        ({"due": "overdue"}, ["超期"]),
        ({"due": "soon"}, ["领取"]),
        ({"claimed": "me"}, ["领取"]),
        ({"claimed": "nobody"}, ["城市", "旧的", "本省", "网站", "超期"]),
        ({"claimed": "others"}, []),
        ({"received_to": "2026-01-31"}, ["旧的"]),
        ({"text": "旧"}, ["旧的"]),
        ({"text": "取"}, ["领取"]),
        ({"text": "域名甲.example"}, []),
        ({"text": "find-me.example"}, ["城市"]),
        ({"text": "SECOND.example"}, ["网站"]),
        ({"state": "pending", "kind": "2"}, ["网站"]),
        ({"state": "refused"}, ["拒绝"]),
    ],
)
def test_filters(
    desk: Client,
    guangdong: Node,
    account: ProviderAccount,
    reviewer: User,
    code_tables: None,
    query: dict[str, str],
    expected: list[str],
) -> None:
    today = timezone.localdate()
    far = add_working_days(today, 15)
    other: dict[str, Any] = {"isp_id": 999, "deadline": far, "city": 440300}
    application_row(guangdong, sponsor_name="本省", deadline=far)
    application_row(
        guangdong, **{**other, "sponsor_name": "城市", "city": 440100, "first_domain": "find-me.example.cn"}
    )
    application_row(
        guangdong,
        **other,
        sponsor_name="旧的",
        received_at=datetime.datetime(2026, 1, 31, 15, 0, tzinfo=datetime.UTC),
    )
    application_row(
        guangdong, **other, sponsor_name="网站", kind=Kind.NEW_WEBSITE, domains=["first.example", "second.example"]
    )
    application_row(guangdong, **{**other, "sponsor_name": "超期", "deadline": today - datetime.timedelta(days=1)})
    claimed_row(guangdong, reviewer, **{**other, "sponsor_name": "领取", "deadline": add_working_days(today, 3)})
    application_row(guangdong, **other, sponsor_name="拒绝", state=State.REFUSED)
    assert sorted(shown(desk, **query)) == sorted(expected)


def test_an_expired_claim_counts_as_nobodys(desk: Client, guangdong: Node, colleague: User) -> None:
    past = timezone.now() - datetime.timedelta(minutes=1)
    claimed_row(guangdong, colleague, sponsor_name="过期", claimed_until=past)
    claimed_row(guangdong, colleague, sponsor_name="他人")
    assert shown(desk, claimed="nobody") == ["过期"]
    assert shown(desk, claimed="others") == ["他人"]


def test_what_does_not_fit_is_said_beside_its_field(desk: Client, guangdong: Node) -> None:
    application_row(guangdong)
    response = desk.get(REVIEW, {"received_from": "yesterday", "after": "bent", "sort": "nonsense", "state": "gone"})
    assert response.status_code == 200
    assert "received_from" in response.context["filters"].form.errors


def test_tabs_count_what_the_filters_leave(desk: Client, guangdong: Node, reviewer: User) -> None:
    application_row(guangdong)
    application_row(guangdong, kind=Kind.NEW_WEBSITE)
    claimed_row(guangdong, reviewer)
    application_row(guangdong, state=State.REFUSED)
    tabs = {tab.label: number for tab, number in desk.get(REVIEW).context["tabs"]}
    assert (tabs["待办"], tabs["待审核"], tabs["审核中"], tabs["已拒绝"]) == ("3", "2", "1", "1")
    tabs = {tab.label: number for tab, number in desk.get(REVIEW, {"kind": 2}).context["tabs"]}
    assert (tabs["待办"], tabs["已拒绝"]) == ("1", "0")


def test_counts_stop_at_their_cap(desk: Client, guangdong: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    from bureau.queries import queue
    from bureau.views.review import queue as page

    monkeypatch.setattr(queue, "COUNT_CAP", 2)
    monkeypatch.setattr(page, "COUNT_CAP", 2)
    for _ in range(5):
        application_row(guangdong)
    assert {tab.label: number for tab, number in desk.get(REVIEW).context["tabs"]}["待审核"] == "2+"


def test_the_clock_in_words(desk: Client, guangdong: Node) -> None:
    today = timezone.localdate()
    application_row(guangdong, deadline=add_working_days(today, 5))
    application_row(guangdong, deadline=today)
    application_row(guangdong, deadline=datetime.date(2026, 1, 5))
    text = desk.get(REVIEW).content.decode()
    assert "剩 5 个工作日" in text
    assert "今日到期" in text
    assert "超期 " in text


def queries_of(client: Client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(REVIEW).status_code == 200
    return len(captured)


def test_fifty_rows_cost_as_many_queries_as_one(
    desk: Client, guangdong: Node, account: ProviderAccount, reviewer: User, colleague: User
) -> None:
    claimed_row(guangdong, colleague)
    desk.get(REVIEW)  # what is kept between requests (calendar, table of URLs) is loaded now
    one = queries_of(desk)
    for n in range(49):
        (claimed_row(guangdong, colleague) if n % 2 else application_row(guangdong))
    assert queries_of(desk) == one
    assert one <= 15


def test_an_empty_queue_says_what_to_do(desk: Client) -> None:
    assert "没有待办的申请" in desk.get(REVIEW).content.decode()


def test_applications_of_another_bureau_are_not_there(desk: Client, guangdong: Node, beijing: Node) -> None:
    application_row(beijing, sponsor_name="北京的")
    application_row(guangdong, sponsor_name="广东的")
    assert shown(desk) == ["广东的"]


@pytest.mark.parametrize("who", ["outsider", "provider_manager", "administrator", "operator"])
def test_nobody_else_sees_the_queue(
    who: str, request: pytest.FixtureRequest, guangdong: Node, signed_in: Callable[[User], Client]
) -> None:
    assert signed_in(request.getfixturevalue(who)).get(REVIEW).status_code == 403


def test_strangers_are_sent_to_sign_in(guangdong: Node) -> None:
    response = Client().get(REVIEW)
    assert response.status_code == 302
    assert response["Location"].startswith("/login")


def test_next_takes_the_first_free_one(desk: Client, guangdong: Node, reviewer: User, colleague: User) -> None:
    today = timezone.localdate()
    claimed_row(guangdong, colleague, deadline=today)
    second = application_row(guangdong, deadline=today + datetime.timedelta(days=1))
    application_row(guangdong, deadline=today + datetime.timedelta(days=2))
    response = desk.post(f"{REVIEW}next?kind=1")
    assert response["Location"] == f"{REVIEW}{second.pk}/?kind=1"
    second.refresh_from_db()
    assert (second.state, second.claimed_by) == (State.CLAIMED, reviewer)


def test_skipping_gives_back_and_goes_forward(desk: Client, guangdong: Node, reviewer: User) -> None:
    today = timezone.localdate()
    rows = [application_row(guangdong, deadline=today + datetime.timedelta(days=n)) for n in range(3)]
    desk.post(f"{REVIEW}next")
    for expected in (rows[1], rows[2], rows[0]):
        current = Application.objects.get(claimed_by=reviewer)
        response = desk.post(f"{REVIEW}next", {"current": current.pk})
        assert response["Location"] == f"{REVIEW}{expected.pk}/"
        current.refresh_from_db()
        assert current.state == State.PENDING


def test_skipping_in_the_order_of_names_goes_forward(desk: Client, guangdong: Node, reviewer: User) -> None:
    rows = {name: application_row(guangdong, sponsor_name=name) for name in ("深圳", "安徽", "广州")}
    desk.post(f"{REVIEW}next?sort=sponsor")
    assert Application.objects.get(claimed_by=reviewer).sponsor_name == "安徽"
    desk.post(f"{REVIEW}next?sort=sponsor", {"current": rows["安徽"].pk})
    assert Application.objects.get(claimed_by=reviewer).sponsor_name == "广州"


def test_when_nothing_is_left_the_queue_says_so(desk: Client, guangdong: Node, colleague: User) -> None:
    claimed_row(guangdong, colleague)
    response = desk.post(f"{REVIEW}next", follow=True)
    assert "没有其他可领取的申请了" in response.content.decode()


def test_an_approver_is_given_second_reviews_of_others(
    beijing: Node, beijing_approver: User, outsider: User, signed_in: Callable[[User], Client]
) -> None:
    application_row(beijing)
    application_row(beijing, state=State.RECOMMENDED, recommended_by=beijing_approver)
    wanted = application_row(beijing, state=State.RECOMMENDED, recommended_by=outsider)
    response = signed_in(beijing_approver).post("/bureaus/110000/review/next")
    assert response["Location"] == f"/bureaus/110000/review/{wanted.pk}/"


def test_a_row_says_what_its_kind_asks(desk: Client, guangdong: Node) -> None:
    record = filed(guangdong)
    rows = dict(every_kind(guangdong, record))
    text = desk.get(REVIEW).content.decode()
    for row in rows.values():
        assert row.get_kind_display() in text
    assert "姓名、手机号码" in text
    assert "2 个网站" in text
    assert "变更备案" not in desk.get(f"{REVIEW}?kind={Kind.CANCEL_SPONSOR}").content.decode().split("<tbody", 1)[1]
