"""The components at work in Chromium: by keyboard, at two widths, under the strict policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import complaints_of, fits, unprovoked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser: Any, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The style guide, and at the end: nothing was refused by the policy, no script failed.

    A 503 is what one of the tests provokes.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    problems = complaints_of(page)
    page.goto(f"{live_server.url}/styleguide")
    yield page
    page.close()
    assert unprovoked(problems, "503") == []


@pytest.mark.parametrize("width", [1440, 1280, 390, 320])
def test_the_page_is_never_wider_than_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert fits(page)


def test_the_first_tab_offers_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_key_opens_the_dialog_and_escape_gives_the_focus_back(page: Page) -> None:
    opener = page.locator("[data-shortcut=a]").first
    opener.focus()
    page.keyboard.press("a")
    expect(page.locator("#approve")).to_be_visible()
    expect(page.locator("#approve [data-focus]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#approve")).to_be_hidden()
    expect(opener).to_be_focused()


def test_keys_are_letters_while_one_types(page: Page) -> None:
    area = page.locator("#id_opinion")
    area.fill("")
    area.press_sequentially("ax?")
    expect(area).to_have_value("ax?")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_the_keys_of_the_page_are_listed_and_can_be_switched_off(page: Page) -> None:
    page.locator("body").press("?")
    help_dialog = page.locator("#shortcut-help")
    expect(help_dialog.locator("dt").first).to_be_visible()
    expect(help_dialog).to_contain_text("不予通过")
    help_dialog.locator("[data-shortcut-switch]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator("#approve")).to_be_hidden()


def test_characters_are_counted_as_they_are_typed(page: Page) -> None:
    area, counter = page.locator("#id_opinion"), page.locator("#id_opinion_counter")
    area.fill("𠮷好\n")
    expect(counter).to_have_text("3 / 1,024")
    area.fill("字" * 1025)
    expect(counter).to_have_text("1,025 / 1,024 超出 1 字")
    assert area.evaluate("area => area.checkValidity()") is False


def test_attachments_are_turned_zoomed_and_changed_by_key(page: Page) -> None:
    viewer = page.locator("[data-viewer]")
    stage, picture = viewer.locator("[data-viewer-stage]"), viewer.locator("[data-viewer-picture]")
    expect(viewer.locator("[data-viewer-sheet]")).to_be_visible()
    stage.focus()
    upright = picture.bounding_box()
    page.keyboard.press("o")
    turned = picture.bounding_box()
    assert upright
    assert turned
    assert (upright["width"] > upright["height"], turned["width"] > turned["height"]) == (True, False)
    page.keyboard.press("+")
    expect(viewer.locator("[data-viewer-zoom]")).to_have_text("125%")
    larger = picture.bounding_box()
    assert larger
    assert abs(larger["height"] / turned["height"] - 1.25) < 0.01
    page.keyboard.press("0")
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-viewer-title]")).to_have_text("真实性核验单")
    expect(viewer.locator("[data-viewer-place]")).to_have_text("2 / 3")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-viewer-place]")).to_have_text("3 / 3")


def test_the_whole_picture_is_in_the_window_and_all_of_it_can_be_reached(page: Page) -> None:
    stage = page.locator("[data-viewer-stage]")
    expect(page.locator("[data-viewer-sheet]")).to_be_visible()
    assert stage.evaluate("s => s.scrollWidth <= s.clientWidth && s.scrollHeight <= s.clientHeight")
    stage.focus()
    for _ in range(4):
        page.keyboard.press("+")
    stage.evaluate("s => s.scrollTo(0, 0)")
    box, sheet = stage.bounding_box(), page.locator("[data-viewer-sheet]").bounding_box()
    assert box
    assert sheet
    assert sheet["x"] >= box["x"] - 1
    assert sheet["y"] >= box["y"] - 1


def test_rows_are_chosen_one_by_one_by_range_and_all(page: Page) -> None:
    rows, bar = page.locator("[data-row]"), page.locator("[data-bulk]")
    expect(bar).to_be_hidden()
    rows.nth(1).check()
    rows.nth(3).click(modifiers=["Shift"])
    expect(bar.locator("[data-bulk-count]")).to_have_text("3")
    page.locator("[data-rows-all]").check()
    expect(bar.locator("[data-bulk-count]")).to_have_text("5")
    bar.locator("[data-rows-none]").click()
    expect(bar).to_be_hidden()


def test_narrowing_replaces_the_list_alone(page: Page) -> None:
    page.evaluate("document.querySelector('h1').dataset.kept = 'yes'")
    page.locator("#filter_q").fill("示例")
    page.locator("#filter_q").press("Enter")
    expect(page.locator(".chip")).to_have_count(1)
    assert "q=%E7%A4%BA%E4%BE%8B" in page.url
    assert page.evaluate("document.querySelector('h1').dataset.kept") == "yes"
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)
    page.go_back()
    expect(page.locator(".chip")).to_have_count(1)


def test_without_a_server_one_is_told(page: Page) -> None:
    page.route("**/styleguide?*", lambda route: route.fulfill(status=503, body=""))
    page.locator("#filter_q").fill("示例")
    page.locator("#filter_q").press("Enter")
    expect(page.locator("#toasts .toast")).to_contain_text("操作没有完成（503）")
    page.locator("#toasts [data-toast-close]").click()
    expect(page.locator("#toasts .toast")).to_have_count(0)
