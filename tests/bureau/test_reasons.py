"""The bureau's list of reasons for refusing: supervisors keep it, reviewers are offered it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from beian.models import Event, Node, User
from bureau.models import RefusalReason
from tests.bureau.desks import REVIEW, claimed_row, reasons

pytestmark = pytest.mark.django_db
URL = f"{REVIEW}reasons/"


@pytest.fixture
def boss(signed_in: Callable[[User], Client], supervisor: User) -> Client:
    return signed_in(supervisor)


def titles(bureau: Node) -> list[str]:
    return [reason.title for reason in bureau.refusal_reasons.all()]


def test_a_new_reason_stands_last(boss: Client, guangdong: Node, supervisor: User) -> None:
    reasons(guangdong, "甲", "乙")
    response = boss.post(f"{URL}add", {"title": "丙", "text": "丙的内容"}, follow=True)
    assert titles(guangdong) == ["甲", "乙", "丙"]
    assert "已增加“丙”" in response.content.decode()
    event = Event.objects.get(subject_kind="refusal_reason")
    assert (event.verb, event.actor, event.data["text"]) == ("add", supervisor, "丙的内容")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"title": "", "text": "内容"}, "请填写简称"),
        ({"title": "丙", "text": ""}, "请填写告知接入商的内容"),
        ({"title": "甲", "text": "内容"}, "列表中已有“甲”"),
        ({"title": "丙", "text": "多" * 501}, "501"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(
    boss: Client, guangdong: Node, values: dict[str, str], message: str
) -> None:
    reasons(guangdong, "甲")
    response = boss.post(f"{URL}add", values)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert titles(guangdong) == ["甲"]


def test_the_same_title_at_another_bureau_is_no_matter(boss: Client, guangdong: Node, beijing: Node) -> None:
    reasons(beijing, "甲")
    boss.post(f"{URL}add", {"title": "甲", "text": "内容"})
    assert titles(guangdong) == ["甲"]


def test_changing_words(boss: Client, guangdong: Node) -> None:
    reason = reasons(guangdong, "甲")[0]
    assert boss.get(f"{URL}{reason.pk}/").status_code == 200
    boss.post(f"{URL}{reason.pk}/", {"title": "甲", "text": "新的内容"})
    reason.refresh_from_db()
    assert reason.text == "新的内容"
    assert boss.post(f"{URL}{reason.pk}/", {"title": "", "text": ""}).status_code == 422


def test_moving(boss: Client, guangdong: Node) -> None:
    listed = reasons(guangdong, "甲", "乙", "丙")
    boss.post(f"{URL}{listed[2].pk}/move", {"way": "up"})
    assert titles(guangdong) == ["甲", "丙", "乙"]
    boss.post(f"{URL}{listed[0].pk}/move", {"way": "down"})
    assert titles(guangdong) == ["丙", "甲", "乙"]
    boss.post(f"{URL}{listed[2].pk}/move", {"way": "up"})
    assert titles(guangdong) == ["丙", "甲", "乙"]


def test_what_is_switched_off_is_not_offered(
    boss: Client, signed_in: Callable[[User], Client], guangdong: Node, reviewer: User
) -> None:
    off, on = reasons(guangdong, "停用的", "启用的")
    boss.post(f"{URL}{off.pk}/switch", {"active": "0"})
    assert "停用的" in boss.get(URL).content.decode()
    application = claimed_row(guangdong, reviewer)
    page = signed_in(reviewer).get(f"{REVIEW}{application.pk}/").content.decode()
    assert on.title in page
    assert off.title not in page
    boss.post(f"{URL}{off.pk}/switch", {"active": "1"})
    assert off.title in signed_in(reviewer).get(f"{REVIEW}{application.pk}/").content.decode()


def test_an_empty_list_says_what_to_do(boss: Client) -> None:
    assert "还没有拒绝理由" in boss.get(URL).content.decode()


def test_reasons_of_another_bureau_do_not_exist(boss: Client, beijing: Node) -> None:
    foreign = reasons(beijing, "甲")[0]
    for act in ("", "move", "switch"):
        assert boss.post(f"{URL}{foreign.pk}/{act}", {"title": "x", "text": "y"}).status_code == 404
    assert RefusalReason.objects.get().title == "甲"


@pytest.mark.parametrize("who", ["reviewer", "provider_manager", "outsider"])
def test_only_supervisors_keep_it(
    who: str, request: pytest.FixtureRequest, guangdong: Node, signed_in: Callable[[User], Client]
) -> None:
    reason = reasons(guangdong, "甲")[0]
    client = signed_in(request.getfixturevalue(who))
    assert client.get(URL).status_code == 403
    for act in ("add", f"{reason.pk}/", f"{reason.pk}/move", f"{reason.pk}/switch"):
        assert client.post(f"{URL}{act}", {"title": "x", "text": "y"}).status_code == 403
    reason.refresh_from_db()
    assert (reason.title, reason.active) == ("甲", True)
