"""A clerk's morning in Chromium: fields are picked by a click, the list follows, and the pages fit a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from beian.models import Membership, Node, Role, User
from enterprise.models import Case, Connection
from enterprise.services import cases
from enterprise.workflow import State
from tests.browsing import at_work, complaints_of, fits, press
from tests.conftest import PASSWORD
from tests.enterprise.conftest import case_in, new_filing

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("code_tables"),
]


@pytest.fixture
def page(browser: Any, live_server: Any, clerk: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """Feng's window, signed in; at the end no script has failed and the policy has refused nothing."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    page = browser.new_page(viewport={"width": 1280, "height": 900}, base_url=live_server.url)
    problems = complaints_of(page)
    page.goto("/login")
    page.fill("[name=username]", "feng")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="备案办理")).to_be_visible()
    yield page
    page.close()
    assert problems == []


def test_two_fields_are_sent_back_and_the_next_case_comes(page: Page, isp: Node, clerk: User) -> None:
    first, second = case_in(isp, State.SUBMITTED, 1), case_in(isp, State.SUBMITTED, 2)
    page.goto(f"/isp/{isp.isp_id}/office?queue=check")
    page.get_by_role("link", name=first.sponsor_name, exact=True).click()
    page.locator("#field-websites-0-name").get_by_text("网站名称").click()
    page.get_by_label("网站1·网站名称").fill("请写全称")
    page.locator("#field-sponsor-person-mobile").get_by_text("手机号码").click()
    page.get_by_label("主体负责人·手机号码").fill("打不通")
    expect(page.get_by_label("网站1·网站名称")).to_have_value("请写全称")

    page.get_by_role("button", name="显示个人信息").click()
    page.get_by_role("button", name="显示 Enter").click()
    mobile = new_filing(1).sponsor.person.mobile or ""
    expect(page.locator("#field-sponsor-person-mobile dd")).to_contain_text(mobile)
    expect(page.locator("#field-websites-0-name input")).to_be_checked()

    page.get_by_role("button", name="退回修改").click()
    expect(page.get_by_text("已要求修改：请写全称")).to_be_visible()
    first.refresh_from_db()
    assert first.corrections == [
        {"about": "sponsor.person.mobile", "note": "打不通"},
        {"about": "websites.0.name", "note": "请写全称"},
    ]
    press(page, "n")
    expect(page.get_by_role("heading", name=second.sponsor_name, level=1)).to_be_visible()
    press(page, "a")
    expect(page.get_by_text("已通过初审，现为“待核验”。")).to_be_visible()
    assert Case.objects.get(pk=second.pk).state == State.CHECKED


def test_a_note_that_is_typed_while_the_list_is_fetched_stays(page: Page, isp: Node) -> None:
    case, held = case_in(isp, State.SUBMITTED, 1), list[Any]()
    page.goto(f"/isp/{isp.isp_id}/cases/{case.pk}")
    page.locator("#field-websites-0-name").get_by_text("网站名称").click()
    note = page.get_by_label("网站1·网站名称")
    expect(note).to_be_visible()
    page.route("**/corrections", lambda route: held.append(route))
    page.locator("#field-sponsor-person-mobile").get_by_text("手机号码").click()
    note.press_sequentially("请写")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.get_by_label("主体负责人·手机号码")).to_be_visible()
    expect(note).to_have_value("请写")
    expect(note).to_be_focused()
    page.keyboard.type("全称")
    expect(note).to_have_value("请写全称")


def test_what_is_masked_shows_where_no_field_is_picked(page: Page, isp: Node) -> None:
    case = case_in(isp, State.SUBMITTED, 1)
    page.goto(f"/isp/{isp.isp_id}/cases/{case.pk}")
    page.get_by_role("button", name="显示个人信息").click()
    page.get_by_role("button", name="显示 Enter").click()
    mobile = new_filing(1).sponsor.person.mobile or ""
    expect(page.locator("#field-sponsor-person-mobile dd")).to_contain_text(mobile)


def test_who_goes_by_the_keyboard_stays_where_he_is_when_the_status_comes_anew(page: Page, isp: Node) -> None:
    Connection.objects.create(provider=isp, endpoint="http://127.0.0.1:1", user_name="user", password="x", active=False)
    page.goto(f"/isp/{isp.isp_id}/connection/")
    page.locator("#status-calls").focus()
    with page.expect_response("**/status", timeout=20_000):
        page.locator("#status").evaluate("all => all.setAttribute('data-old', '')")
    expect(page.locator("#status[data-old]")).to_have_count(0)
    expect(page.locator("#status-calls")).to_be_focused()


def test_no_page_scrolls_sideways_on_a_telephone(page: Page, isp: Node, clerk: User) -> None:
    Membership.objects.create(user=clerk, node=isp, role=Role.SUPERVISOR)
    Membership.objects.create(user=clerk, node=isp, role=Role.ADMINISTRATOR)
    case, passed = case_in(isp, State.SUBMITTED, 1), case_in(isp, State.SUBMITTED, 2)
    cases.pass_check(isp, passed.pk, clerk)
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (
        "office?queue=check", "office/search?text=示例", f"cases/{case.pk}", f"cases/{case.pk}/edit/sponsor",
        f"cases/{case.pk}/edit/websites", f"cases/{case.pk}/edit/documents", "cases/new", "cases/new/change",
        "office/people", "office/people/new", f"office/people/{clerk.pk}", "office/agents", "office/agents/new",
        "office/figures", "office/imports",
    ):  # fmt: skip
        page.goto(f"/isp/{isp.isp_id}/{path}")
        assert fits(page), path


@pytest.mark.parametrize("width", [1280, 390])
def test_no_tab_and_no_figure_is_cut_off(width: int, page: Page, isp: Node, clerk: User) -> None:
    Membership.objects.create(user=clerk, node=isp, role=Role.SUPERVISOR)
    passed = case_in(isp, State.SUBMITTED, 1)
    cases.pass_check(isp, passed.pk, clerk)
    page.set_viewport_size({"width": width, "height": 900})
    for path, whole in (("office?queue=check", ".tabs"), ("office/figures", ".table-frame")):
        page.goto(f"/isp/{isp.isp_id}/{path}")
        cut = at_work(page).locator(whole).evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth)")
        expect(page.locator(whole).first).to_be_visible()
        assert cut == [], path


def test_what_is_wrong_with_a_trial_is_read_beside_its_fields(page: Page, isp: Node, clerk: User) -> None:
    Membership.objects.create(user=clerk, node=isp, role=Role.ADMINISTRATOR)
    Connection.objects.create(provider=isp, endpoint="http://127.0.0.1:1", user_name="user", password="x", active=False)
    page.goto(f"/isp/{isp.isp_id}/connection/try")
    trial = page.locator("#try-isp_verifybamm")
    at_work(page)
    trial.get_by_role("button").click()
    expect(trial.locator(".field-error")).to_have_count(2)
    expect(page.locator("#toasts .toast")).to_have_count(0)
