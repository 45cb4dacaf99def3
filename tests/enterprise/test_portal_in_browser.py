"""Applying on a telephone, in Chromium: what is typed is saved, what is wrong shows, nothing goes sideways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from beian.models import Node
from enterprise.models import Case, SponsorAccount
from enterprise.workflow import State
from tests import builders
from tests.browsing import complaints_of, fits, unprovoked
from tests.conftest import PASSWORD
from tests.end_to_end.nodes import wait_for
from tests.enterprise.applying_in_steps import draft_case, page_url, whole_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def telephone(
    browser: Any, live_server: Any, code_tables: None, isp: Node, sponsor_account: SponsorAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Page]:  # fmt: skip
    """Shen, signed in on his telephone; at the end nothing was refused by the policy, no script failed."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    page = browser.new_page(viewport={"width": 390, "height": 800}, base_url=live_server.url)
    problems = complaints_of(page)
    page.goto(page_url(isp, "sign_in"))
    page.get_by_label("电子邮箱").fill(sponsor_account.email)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/mine/")
    yield page
    page.close()
    assert unprovoked(problems, "422") == []


def remark_of(case: Case) -> str:
    draft = Case.objects.get(pk=case.pk).draft or {}
    return str(draft.get("sponsor", {}).get("remark", ""))


def expect_soon(page: Page, happened: Callable[[], bool]) -> None:
    """Wait for something that a handler of requests notes: handlers run only while the page is listened to."""
    for _ in range(200):
        if happened():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not happen")


def test_typing_is_saved_hinted_at_and_there_again(telephone: Page, isp: Node, sponsor_account: SponsorAccount) -> None:
    case = draft_case(sponsor_account)
    address = page_url(isp, "apply", pk=case.pk, step="sponsor")
    telephone.goto(address)
    telephone.get_by_label("主办者名称").press_sequentially("示例科技有限公司", delay=30)
    expect(telephone.locator("#draft-saved")).to_contain_text("已保存")
    telephone.locator("#f-sponsor-person-mobile").press_sequentially("12", delay=30)
    expect(telephone.locator("#f-sponsor-person-mobile-errors")).to_contain_text("应为11位数字")
    expect(telephone.locator("#f-sponsor-person-mobile")).to_have_attribute("aria-invalid", "true")
    telephone.locator("#f-sponsor-address-province").select_option("440000")
    telephone.locator("#f-sponsor-address-city").select_option("440300")
    telephone.locator("#f-sponsor-address-county").select_option("440305")
    telephone.locator("#f-sponsor-remark").fill("刚刚写下")
    telephone.goto(page_url(isp, "front"))
    wait_for("the saving of whoever goes away", lambda: remark_of(case) == "刚刚写下", 10)
    telephone.goto(address)
    expect(telephone.get_by_label("主办者名称")).to_have_value("示例科技有限公司")
    expect(telephone.locator("#f-sponsor-address-county")).to_have_value("440305")
    expect(telephone.locator("#f-sponsor-remark")).to_have_value("刚刚写下")
    assert fits(telephone)


def test_a_list_that_comes_anew_listens_at_once(telephone: Page, isp: Node, sponsor_account: SponsorAccount) -> None:
    """Whoever chooses a city in the moment its list comes gets its counties: no choice falls between two lists."""
    case = draft_case(sponsor_account)
    telephone.goto(page_url(isp, "apply", pk=case.pk, step="sponsor"))
    telephone.evaluate("""() => new MutationObserver(() => {
      const city = document.querySelector("#f-sponsor-address-city");
      if (city.value || !city.querySelector("[value='440300']")) return;
      city.value = "440300";
      city.dispatchEvent(new Event("change", { bubbles: true }));
    }).observe(document.body, { childList: true, subtree: true })""")
    telephone.locator("#f-sponsor-address-province").select_option("440000")
    telephone.locator("#f-sponsor-address-county").select_option("440305")


def test_an_application_goes_from_the_first_step_to_the_office(
    telephone: Page, isp: Node, sponsor_account: SponsorAccount, tmp_path: Path
) -> None:
    case = draft_case(sponsor_account, whole_draft(8))
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(builders.jpeg_bytes(20))
    telephone.goto(page_url(isp, "apply", pk=case.pk, step="sponsor"))
    for url in ("**/websites/1", "**/access", "**/documents"):
        assert fits(telephone)
        telephone.get_by_role("button", name="保存并继续").click()
        telephone.wait_for_url(url)
    for key in ("sponsor-2", "sponsor-3", "websites-0-4"):
        telephone.locator(f"#photo-{key}").set_input_files(photo)
        expect(telephone.locator(f"#slot-{key} img")).to_be_visible()
    assert fits(telephone)
    telephone.get_by_role("link", name="继续", exact=True).click()
    expect(telephone.get_by_text("没有发现问题")).to_be_visible()
    assert fits(telephone)
    telephone.get_by_role("button", name="提交申请").click()
    telephone.wait_for_url("**/mine/cases/**")
    assert Case.objects.get(pk=case.pk).state == State.SUBMITTED


def test_a_button_pressed_while_a_saving_is_under_way_acts_once(
    telephone: Page, isp: Node, sponsor_account: SponsorAccount
) -> None:
    """The saving that waits behind the one under way would carry the button once more."""
    case = draft_case(sponsor_account)
    telephone.goto(page_url(isp, "apply_website", pk=case.pk, website=1))
    posts: list[Route] = []

    def hold_the_first_saving_and_the_button(route: Route) -> None:
        posts.append(route)
        if len(posts) > 2:
            route.continue_()

    telephone.route("**/websites/1", hold_the_first_saving_and_the_button)
    telephone.get_by_label("网站名称").fill("示例网站")
    telephone.get_by_label("首页地址").focus()
    expect_soon(telephone, lambda: len(posts) == 1)
    telephone.get_by_label("首页地址").fill("https://www.example1.cn/")
    telephone.get_by_role("button", name="再添加一个网站").click(no_wait_after=True)
    expect_soon(telephone, lambda: len(posts) == 2)
    with telephone.expect_response("**/websites/1"):
        posts[0].continue_()
    telephone.wait_for_timeout(1_500)
    assert len(posts) == 2, "the background saved once more"
    posts[1].continue_()
    telephone.wait_for_url("**/websites/2")
    draft = Case.objects.get(pk=case.pk).typed
    assert [each.get("name") for each in draft["websites"]] == ["示例网站", None]
    assert draft["websites"][0]["home_page"] == "https://www.example1.cn/"


def test_it_works_without_scripts(
    browser: Any, live_server: Any, code_tables: None, isp: Node, sponsor_account: SponsorAccount,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    case = draft_case(sponsor_account)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    address = f"{live_server.url}{page_url(isp, 'apply', pk=case.pk, step='sponsor')}"
    page.goto(address)
    page.get_by_label("电子邮箱").fill(sponsor_account.email)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(address)
    page.locator("#f-sponsor-address-province").select_option("440000")
    page.get_by_role("button", name="更新下级列表").click()
    page.locator("#f-sponsor-address-city").select_option("440300")
    page.locator("#f-sponsor-person-mobile").fill("12")
    page.get_by_role("button", name="保存并继续").click()
    expect(page.locator(".error-summary")).to_contain_text("应为11位数字")
    expect(page.locator("#f-sponsor-address-city")).to_have_value("440300")
    context.close()
