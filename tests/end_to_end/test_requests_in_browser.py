"""Requests about filings that stand, and a filing with its history, in Chromium: on a desk, on a telephone, by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from beian.models import Node, User
from beian.records import FilingRecord
from bureau.models import Application
from bureau.workflow import State
from tests.browsing import complaints_of, fits, press
from tests.bureau.matters import application_about, contested, every_kind, filed, sponsor_number

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("code_tables", "account"),
]


@pytest.fixture
def page(
    browser: Any,
    live_server: Any,
    reviewer: User,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Page]:
    """Zhao's window; at the end no script has failed and the policy has refused nothing."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    session = signed_in(reviewer).cookies["sessionid"].value
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=live_server.url)
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    problems = complaints_of(page)
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def record(guangdong: Node) -> FilingRecord:
    return filed(guangdong)


@pytest.fixture
def change(guangdong: Node, record: FilingRecord) -> Application:
    """A change of what others changed as well."""
    base, wanted = contested(guangdong, record)
    return application_about(guangdong, record, wanted, base=base)


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window(
    page: Page, guangdong: Node, record: FilingRecord, change: Application, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    applications = [change, *(application for _, application in every_kind(guangdong, record))]
    paths = [f"review/{application.pk}/" for application in applications]
    for path in (*paths, "review/", "filings/", f"filings/{sponsor_number(record)}/"):
        page.goto(f"/bureaus/440000/{path}")
        expect(page.locator("h1")).to_be_visible()
        for folded in page.locator("details:not(.menu)").all():
            folded.evaluate("each => each.open = true")
        assert fits(page), path


def test_a_change_from_reading_to_approval_by_key(page: Page, change: Application) -> None:
    page.goto(f"/bureaus/440000/review/{change.pk}/")
    expect(page.locator(".diff-base")).to_contain_text("另有变更")
    folded = page.locator("details.filed")
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(folded.get_by_role("heading", name="主体", exact=True)).to_be_visible()

    press(page, "v", "Enter")
    expect(page.locator(".diff-base")).to_contain_text("before@example1.cn")

    press(page, "c")
    expect(page.locator("#decision")).to_contain_text("由您领取至")
    press(page, "a")
    expect(page.locator("#approve")).to_contain_text("1 项另有变更")
    page.keyboard.press("Enter")
    expect(page.locator(".toasts")).to_contain_text(change.sponsor_name)
    change.refresh_from_db()
    assert change.state == State.APPROVED


def test_a_filing_is_found_and_its_history_read(page: Page, record: FilingRecord, change: Application) -> None:
    page.goto("/bureaus/440000/filings/")
    page.fill("[name=text]", "example101.cn")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name=record.sponsor.name).click()
    expect(page.locator("#pending")).to_contain_text(f"变更备案 {change.pk}")
    press(page, "v", "Enter")
    expect(page.locator("#sheet")).to_contain_text(str(record.sponsor.person.mobile))
