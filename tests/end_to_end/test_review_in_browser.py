"""A reviewer's morning in Chromium: filter, take, refuse and approve without touching the mouse."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from beian import store
from beian.models import Event, Node, User
from beian.records import FilingRecord
from bureau.models import Application
from bureau.workflow import State
from interface.models import ProviderAccount
from tests.applications import application_row
from tests.browsing import at_work, complaints_of, fits, press, unprovoked
from tests.builders import attachment, filing
from tests.bureau.desks import reasons
from tests.conftest import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("code_tables", "account"),
]
TITLES = (
    "证件照片不清晰", "号码与扫描件不符", "核验单缺少盖章", "域名未实名认证",
    "网站名称不规范", "电话无法接通", "照片不合要求", "缺前置审批",
)  # fmt: skip
SAID = "证件照片不清晰，请更正后重新报备。\n核验单缺少盖章，请更正后重新报备。"

# The browser reports these answers, which tests provoke, as if the page were at fault.
PROVOKED = ("status of 409", "status of 422")


@pytest.fixture
def page(
    browser: Any, live_server: Any, reviewer: User, waiting: list[Application], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """Zhao's window, signed in; at the end no script has failed and the policy has refused nothing."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=live_server.url)
    problems = complaints_of(page)
    page.goto("/login")
    page.fill("[name=username]", "zhao")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="备案审核")).to_be_visible()
    yield page
    page.close()
    assert unprovoked(problems, *PROVOKED) == []


def with_pictures(record: FilingRecord) -> FilingRecord:
    """Attach a tall verification form and a wide licence."""
    attached = []
    for purpose, size in ((1, (600, 850)), (2, (850, 600))):
        buffer = io.BytesIO()
        Image.new("RGB", size, (240, 236, 225)).save(buffer, "JPEG")
        store.put(buffer.getvalue())
        attached.append(attachment(str(record.sponsor.provider_id), purpose=purpose, data=buffer.getvalue()))
    return replace(record, attachments=attached)


@pytest.fixture
def waiting(guangdong: Node, account: ProviderAccount) -> list[Application]:
    """Three applications, due one day after another, and a fourth of another kind."""
    reasons(guangdong, *TITLES)
    today = timezone.localdate()
    rows = [
        application_row(
            guangdong,
            with_pictures(filing(n)),
            isp_id=account.isp_id,
            deadline=today + datetime.timedelta(days=n),
        )
        for n in range(1, 4)
    ]
    application_row(guangdong, kind=2, deadline=today + datetime.timedelta(days=9))
    return rows


def now(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def test_a_morning_without_the_mouse(page: Page, waiting: list[Application]) -> None:
    page.select_option("[name=kind]", "1")
    page.get_by_role("button", name="筛选").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("h1")).to_be_visible()

    press(page, "n")
    expect(page.get_by_role("heading", level=1)).to_have_text(waiting[0].sponsor_name)
    press(page, "r")
    expect(page.locator("[data-digit='1']")).to_be_focused()
    page.keyboard.press("1")
    page.keyboard.press("3")
    expect(page.locator("#opinion-counter")).to_contain_text(f"合计 {len(SAID)} /")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("已拒绝")
    refused = now(waiting[0])
    assert refused.state == State.REFUSED
    assert refused.opinion == SAID

    expect(page.get_by_role("heading", level=1)).to_have_text(waiting[1].sponsor_name)
    press(page, "a")
    expect(page.get_by_role("button", name="确认通过")).to_be_focused()
    assert now(waiting[1]).state == State.CLAIMED
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("已通过")
    approved = now(waiting[1])
    assert approved.state == State.APPROVED
    expect(page.locator("#toasts")).to_contain_text(approved.filing_number)
    expect(page.get_by_role("heading", level=1)).to_have_text(waiting[2].sponsor_name)
    assert "kind=1" in page.url


def test_summary_hints_and_decision_stand_without_scrolling(page: Page, waiting: list[Application]) -> None:
    press(page, "n")
    expect(page.locator("#decision")).to_be_visible()
    at_work(page)
    for part in ("#summary", "#hints", "#decision", "#opinion", "[data-viewer-stage]"):
        box = page.locator(part).bounding_box()
        assert box, part
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 900, part
        assert box["x"] + box["width"] <= 1440, part


def test_attachments_by_key(page: Page, waiting: list[Application]) -> None:
    page.get_by_role("button", name=f"审核 {waiting[0].sponsor_name}", exact=True).click()
    expect(page.locator("[data-viewer-place]")).to_have_text("1 / 2")
    picture = page.locator("[data-viewer-picture]")
    expect(picture).to_be_visible()
    press(page, "j")
    expect(page.locator("[data-viewer-place]")).to_have_text("2 / 2")
    expect(picture).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator("[data-viewer-zoom]")).to_have_text("125%")
    wide = picture.bounding_box()
    page.keyboard.press("o")
    tall = picture.bounding_box()
    assert wide
    assert tall
    assert (wide["width"] > wide["height"], tall["width"] > tall["height"]) == (True, False)
    page.keyboard.press("k")
    expect(page.locator("[data-viewer-place]")).to_have_text("1 / 2")


def test_keys_are_letters_in_the_opinion(page: Page, waiting: list[Application]) -> None:
    press(page, "n")
    opinion = page.locator("#opinion")
    opinion.press_sequentially("a r n 1 ?")
    expect(opinion).to_have_value("a r n 1 ?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("[data-reason]:checked")).to_have_count(0)
    opinion.fill("多" * 1025)
    expect(page.locator("#opinion-counter")).to_have_attribute("data-state", "over")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".field-error")).to_contain_text("现有1025个")
    expect(opinion).to_have_value("多" * 1025)
    assert now(waiting[0]).state in (State.PENDING, State.CLAIMED)


def test_personal_data_is_revealed_by_a_key_and_a_reason(page: Page, waiting: list[Application]) -> None:
    press(page, "n")
    page.locator("#opinion").fill("写到一半")
    press(page, "Escape", "v", "Enter")
    expect(page.locator("#sheet")).to_contain_text(filing(1).sponsor.certificate.number)
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#opinion")).to_have_value("写到一半")
    assert Event.objects.get(verb="reveal").reason == "与证件扫描件核对"


def test_a_claim_that_is_lost_is_said_on_the_page(page: Page, waiting: list[Application], colleague: User) -> None:
    page.clock.install()
    press(page, "n")
    expect(page.locator("[data-claim]")).to_be_visible()
    Application.objects.filter(claimed_by__username="zhao").update(claimed_by=colleague)
    page.clock.fast_forward(61_000)
    with page.expect_response("**/renew") as answer:
        page.keyboard.press("j")
    assert answer.value.status == 409
    expect(page.locator("[data-claim-lost]")).to_contain_text("领取已过期或被接管")


def test_several_at_once_by_the_boxes(page: Page, waiting: list[Application]) -> None:
    page.goto(f"{page.url.partition('?')[0]}?kind=1")
    page.locator("[data-rows-all]").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("3")
    page.get_by_role("button", name="批量拒绝").click()
    page.get_by_role("checkbox", name="号码与扫描件不符").check()
    page.get_by_role("button", name="批量拒绝").click()
    expect(page.get_by_text("共 3 件，办理 3 件")).to_be_visible()
    assert Application.objects.filter(state=State.REFUSED).count() == 3


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window(page: Page, waiting: list[Application], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.reload()
    assert fits(page)
    press(page, "n")
    expect(page.locator("#decision")).to_be_visible()
    assert fits(page)
