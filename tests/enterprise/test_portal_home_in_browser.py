"""A sponsor's page on a telephone: each step shows by itself, and nothing has to be dragged sideways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from beian.models import Node, User
from enterprise.models import Case, SponsorAccount
from enterprise.services import cases
from enterprise.services.cases import Correction
from tests.browsing import complaints_of, fits
from tests.enterprise.test_portal_home import case

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("code_tables", "connection"),
]
__all__ = ["case"]
TELEPHONE = {"width": 390, "height": 844}


@pytest.fixture
def page(
    browser: Any, live_server: Any, sponsor_account: SponsorAccount, monkeypatch: pytest.MonkeyPatch, client: Any
) -> Iterator[Page]:
    """Shen's telephone, signed in."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    client.force_login(sponsor_account.user)
    cookie = client.cookies["sessionid"].value
    page = browser.new_page(viewport=TELEPHONE, base_url=live_server.url)
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    problems = complaints_of(page)
    yield page
    page.close()
    assert problems == []


def test_each_step_shows_without_reloading(page: Page, case: Case, isp: Node, clerk: User) -> None:
    page.goto(f"/isp/{isp.isp_id}/mine/cases/{case.reference}/")
    expect(page.locator("#live")).to_contain_text("等待接入商初审")
    page.evaluate("window.stayed = true")
    cases.pass_check(isp, case.pk, clerk)
    expect(page.locator("#live")).to_contain_text("等待当面核验", timeout=10_000)
    cases.send_back(isp, case.pk, [Correction("websites.0.name", "请写全称")], clerk)
    expect(page.locator("#live")).to_contain_text("请写全称", timeout=10_000)
    assert page.evaluate("window.stayed")
    assert fits(page)
    page.get_by_role("link", name="修改并重新提交").click()
    expect(page.get_by_label("网站名称")).to_be_visible()
    assert fits(page)
    page.get_by_label("网站名称").fill("示例网站全称")
    page.get_by_role("button", name="重新提交").click()
    expect(page.locator("#live")).to_contain_text("等待接入商初审")


def test_numbers_and_dates_stand_on_one_line(page: Page, case: Case, isp: Node) -> None:
    """On whichever telephone: something between 320 and 430 pixels breaks where the date is."""
    for width in range(320, 440, 10):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"/isp/{isp.isp_id}/mine/")
        parts = page.locator(".case-line p").first.evaluate(
            """line => {
              const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
              const found = [];
              for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                for (const each of node.data.matchAll(/\\d{4}-[\\d-]+( \\d\\d:\\d\\d)?/g)) {
                  const range = document.createRange();
                  range.setStart(node, each.index);
                  range.setEnd(node, each.index + each[0].length);
                  found.push(new Set([...range.getClientRects()].map((box) => box.top)).size);
                }
              }
              return found;
            }"""
        )
        assert parts == [1, 1], width
        assert fits(page)
