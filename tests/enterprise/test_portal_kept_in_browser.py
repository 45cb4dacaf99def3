"""What was typed when the session ended is there again after the sign-in, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from beian.models import Node, User
from enterprise.models import Case, SponsorAccount
from enterprise.services import cases
from enterprise.services.cases import Correction
from tests.browsing import at_work, complaints_of, fits, unprovoked
from tests.conftest import PASSWORD
from tests.end_to_end.nodes import wait_for
from tests.enterprise.applying_in_steps import draft_case, page_url
from tests.enterprise.test_portal_home import case

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("code_tables", "connection"),
]
__all__ = ["case"]
SIGN_IN = re.compile("/sign-in\\?next=")
RESTORED = "登录已过期，已恢复您刚才填写的内容"


@pytest.fixture
def page(
    browser: Any, live_server: Any, sponsor_account: SponsorAccount, monkeypatch: pytest.MonkeyPatch, client: Any
) -> Iterator[Page]:
    """Shen's telephone, signed in."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    client.force_login(sponsor_account.user)
    page = browser.new_page(viewport={"width": 390, "height": 844}, base_url=live_server.url)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    problems = complaints_of(page)
    yield page
    page.close()
    assert unprovoked(problems, "422") == []


def session_ends(page: Page) -> None:
    at_work(page)
    page.context.clear_cookies(name="sessionid")


def kept_in(page: Page) -> dict[str, str]:
    """What the tab keeps, beside what the library notes for itself."""
    stored = at_work(page).evaluate("() => Object.entries(sessionStorage)")
    return {key: value for key, value in stored if not key.startswith("htmx")}


def sign_in(page: Page, account: SponsorAccount, *, waiting: bool = True) -> None:
    page.wait_for_url(SIGN_IN)
    notice = page.get_by_text("登录后会恢复您刚才填写的内容")
    expect(notice).to_be_visible() if waiting else expect(notice).to_be_hidden()
    assert fits(page)
    page.get_by_label("电子邮箱").fill(account.email)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def corrected(page: Page, case: Case, clerk: User, *about: str) -> None:
    """Open the page on which a case is corrected."""
    cases.send_back(case.provider, case.pk, [Correction(each, "请更正") for each in about], clerk)
    page.goto(page_url(case.provider, "portal_correct", reference=case.reference))
    at_work(page)


def test_a_step_that_leads_to_the_sign_in_is_filled_in_again_and_saved(
    page: Page, isp: Node, sponsor_account: SponsorAccount
) -> None:
    begun = draft_case(sponsor_account)
    page.goto(page_url(isp, "apply", pk=begun.pk, step="sponsor"))
    session_ends(page)
    page.get_by_label("主办者名称").fill("示例科技有限公司")
    sign_in(page, sponsor_account)
    page.wait_for_url("**/sponsor")
    expect(page.get_by_text(RESTORED)).to_be_visible()
    expect(page.get_by_label("主办者名称")).to_have_value("示例科技有限公司")
    assert fits(page)
    wait_for("the saving", lambda: Case.objects.get(pk=begun.pk).sponsor_name == "示例科技有限公司", 10)
    assert kept_in(page) == {}
    page.reload()
    expect(page.get_by_label("主办者名称")).to_have_value("示例科技有限公司")
    expect(page.get_by_text(RESTORED)).to_be_hidden()


def test_corrections_that_were_handed_in_too_late_are_there_again(
    page: Page, case: Case, sponsor_account: SponsorAccount, clerk: User
) -> None:
    corrected(page, case, clerk, "websites.0.name", "sponsor.address.province", "websites.0.services")
    page.locator("#f-sponsor-address-province").select_option("110000")
    page.locator("#f-sponsor-address-city").select_option("110100")
    page.locator("#f-sponsor-address-county").select_option("110108")
    page.get_by_label("网站名称").fill("示例网站全称")
    box = page.locator("[name='websites.0.services']:not(:checked)").first
    chosen = box.get_attribute("value")
    box.check()
    session_ends(page)
    page.get_by_role("button", name="重新提交").click()
    sign_in(page, sponsor_account)
    page.wait_for_url("**/correct")
    expect(page.get_by_text(RESTORED)).to_be_visible()
    expect(page.get_by_label("网站名称")).to_have_value("示例网站全称")
    expect(page.locator(f"[name='websites.0.services'][value='{chosen}']")).to_be_checked()
    for level, code in (("province", "110000"), ("city", "110100"), ("county", "110108")):
        expect(page.locator(f"#f-sponsor-address-{level}")).to_have_value(code)
    assert fits(page)


def test_a_part_that_was_opened_is_open_again(
    page: Page, case: Case, sponsor_account: SponsorAccount, clerk: User
) -> None:
    corrected(page, case, clerk, "websites.0.name")
    page.get_by_text("还要修改其他内容").click()
    page.locator("button[name=open][value='sponsor.person']").click()
    page.locator("#f-sponsor-person-qq").fill("1234567")
    session_ends(page)
    page.get_by_role("button", name="重新提交").click()
    sign_in(page, sponsor_account)
    expect(page.locator("#f-sponsor-person-qq")).to_have_value("1234567")


def test_what_was_kept_is_forgotten_on_any_other_way(
    page: Page, case: Case, isp: Node, sponsor_account: SponsorAccount, clerk: User
) -> None:
    corrected(page, case, clerk, "websites.0.name")
    page.get_by_label("网站名称").fill("示例网站全称")
    session_ends(page)
    page.get_by_role("button", name="重新提交").click()
    page.wait_for_url(SIGN_IN)
    kept = str(kept_in(page))
    assert "示例网站全称" in kept
    assert "csrf" not in kept
    assert "version" not in kept
    page.goto(page_url(isp, "front"))
    assert kept_in(page) == {}
    page.goto(page_url(isp, "portal_correct", reference=case.reference))
    sign_in(page, sponsor_account, waiting=False)
    page.wait_for_url("**/correct")
    assert page.get_by_label("网站名称").input_value() != "示例网站全称"


def test_what_went_through_is_not_kept(page: Page, case: Case, clerk: User) -> None:
    corrected(page, case, clerk, "websites.0.name")
    page.get_by_label("网站名称").fill("示例网站全称")
    page.get_by_role("button", name="重新提交").click()
    page.wait_for_url(f"**/{case.reference}/")
    assert kept_in(page) == {}
