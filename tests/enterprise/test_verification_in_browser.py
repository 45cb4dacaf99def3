"""A morning at the counter in Chromium, with its fake camera: originals, photo, form, closed."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from beian.models import Node, User
from enterprise.models import Case, PieceKind, PieceSource, Verification, VerificationState
from enterprise.services.verification_sheet import sheet_of
from enterprise.services.verification_standing import FORM_PLACE
from enterprise.workflow import State
from tests.browsing import at_work, complaints_of, fits, unprovoked
from tests.conftest import PASSWORD
from tests.enterprise.conftest import case_in
from tests.enterprise.verifying import kept, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("code_tables")]

TABLET = {"width": 1024, "height": 768}
PROVOKED = "status of 422"


@pytest.fixture
def waiting(isp: Node) -> Case:
    """A new filing that waits for somebody to come."""
    return case_in(isp, State.CHECKED)


@pytest.fixture
def page(
    browser: Any, live_server: Any, isp: Node, verifier: User, waiting: Case, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """The tablet of Chen, signed in; at the end no script has failed and the policy has refused nothing."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    page = browser.new_page(viewport=TABLET, base_url=live_server.url)
    problems = complaints_of(page)
    page.goto(f"/login?next=/isp/{isp.isp_id}/verification")
    page.fill("[name=username]", "chen")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="当面核验", level=1)).to_be_visible()
    yield page
    page.close()
    assert unprovoked(problems, PROVOKED) == []


def test_a_whole_verification_at_the_counter(page: Page, waiting: Case, tmp_path: Path) -> None:
    page.get_by_role("link", name=waiting.sponsor_name).first.click()
    page.get_by_role("button", name="开始核验").click()
    expect(page.get_by_role("heading", name="主体信息")).to_be_visible()
    answer_everything(page)
    read_every_original(page, waiting)
    take_photos(page)
    keep_the_signed_form(page, tmp_path)
    confirm_what_is_on_paper(page)
    page.get_by_role("button", name="核验通过").click()
    expect(page.get_by_text("核验通过，记录已归档。")).to_be_visible()
    verification = Verification.objects.get()
    assert verification.state == VerificationState.PASSED
    assert Case.objects.get(pk=waiting.pk).state == State.VERIFIED
    assert {each.source for each in verification.pieces.filter(kind=PieceKind.PHOTO)} == {PieceSource.CAMERA}


def answer_everything(page: Page) -> None:
    """Answers are saved as they are given, and counted."""
    choices = at_work(page).locator(".choice-yes")
    for index in range(choices.count()):
        with page.expect_response(lambda response: response.url.endswith("/answer")):
            choices.nth(index).click()
    page.reload()
    expect(page.locator(".choice-yes input:checked")).to_have_count(choices.count())


def read_every_original(page: Page, case: Case) -> None:
    """A reader types the number and Enter; a wrong one is told where it differs."""
    sheet = sheet_of(case)
    for question in sheet.questions:
        if not question.key.endswith(":number"):
            continue
        subject = sheet.subject(question.subject)
        assert subject is not None
        line = page.locator(f"#q-{question.key.replace(':', '-').replace('.', '-')}")
        line.locator("input[name=line]").fill(subject.number[:-2])
        line.locator("input[name=line]").press("Enter")
        expect(line.locator(".ask-verdict")).to_have_class("ask-verdict tone-bad")
        line.locator("input[name=line]").fill(subject.number)
        line.locator("input[name=line]").press("Enter")
        expect(line.locator(".ask-verdict")).to_contain_text("与填写的号码一致")
        expect(line).not_to_contain_text(subject.number)


def take_photos(page: Page) -> None:
    """The camera's picture is cut to 800×600 and seen before it is kept; the first is taken again."""
    for index in range(at_work(page).get_by_role("link", name="拍照").count()):
        page.get_by_role("link", name="拍照").first.click()
        shoot(page)
        if index == 0:
            page.get_by_role("button", name="重拍").click()
            shoot(page)
        expect(page.get_by_text("800×600")).to_be_visible()
        page.get_by_role("button", name="保存这张").click()
        expect(page.get_by_text("现场照片已保存。")).to_be_visible()


def shoot(page: Page) -> None:
    """Nothing is taken before somebody has said that it is in front of the curtain."""
    page.get_by_role("button", name="拍照").click()
    assert page.evaluate("document.querySelector('[name=curtain]').validationMessage")
    page.get_by_label("本人正面免冠").check()
    page.get_by_role("button", name="拍照").click()
    expect(page.get_by_role("button", name="保存这张")).to_be_visible()


def keep_the_signed_form(page: Page, folder: Path) -> None:
    """Without it everything else does not suffice; two pages from files become one picture."""
    page.get_by_role("button", name="核验通过").click()
    expect(page.locator(".error-summary")).to_contain_text("缺少双方签字后的核验单扫描件")
    page.locator(".error-summary a", has_text="核验单").click()
    page.get_by_role("link", name="拍摄或扫描签好的核验单").click()
    pages = [folder / "1.jpg", folder / "2.jpg"]
    for each in pages:
        each.write_bytes(photo(1240, 1754, "white"))
    page.locator("input[type=file]").set_input_files(pages)
    page.get_by_role("button", name="查看效果").click()
    page.get_by_role("button", name="保存这张").click()


def confirm_what_is_on_paper(page: Page) -> None:
    """What was answered to be kept without a scan has to be confirmed; without that it is told beside the box."""
    expect(page.locator("#on-paper li")).to_have_count(4)
    page.get_by_role("button", name="核验通过").click()
    expect(page.locator("#on-paper .field-error")).to_be_visible()
    page.get_by_label("确认纸质件由本单位保管").check()


def test_a_note_is_saved_while_it_is_typed(page: Page, waiting: Case) -> None:
    page.goto(f"{page.url}/cases/{waiting.pk}")
    page.get_by_role("button", name="开始核验").click()
    note = at_work(page).locator("#q-person-0-mobile-note")
    with page.expect_response(lambda response: response.url.endswith("/answer")):
        note.press_sequentially("回拨确认")
    expect(note).to_be_focused()
    with page.expect_response(lambda response: response.url.endswith("/answer")):
        note.press_sequentially("，本人接听")
    expect(note).to_have_value("回拨确认，本人接听")
    page.reload()
    expect(note).to_have_value("回拨确认，本人接听")


def test_a_note_that_was_being_typed_goes_with_the_page_that_is_left(page: Page, waiting: Case) -> None:
    page.goto(f"{page.url}/cases/{waiting.pk}")
    page.get_by_role("button", name="开始核验").click()
    url = at_work(page).url
    page.locator("#q-person-0-mobile-note").press_sequentially("回拨")
    page.reload()
    deadline = time.monotonic() + 20
    while "person.0:mobile" not in Verification.objects.get().answers and time.monotonic() < deadline:
        time.sleep(0.1)
    page.goto(url)
    expect(page.locator("#q-person-0-mobile-note")).to_have_value("回拨")


def test_an_answer_that_changes_the_form_is_told_at_once(page: Page, waiting: Case, verifier: User) -> None:
    page.goto(f"{page.url}/cases/{waiting.pk}")
    page.get_by_role("button", name="开始核验").click()
    expect(page.get_by_role("heading", name="主体信息")).to_be_visible()
    kept(Verification.objects.get(), verifier, PieceKind.FORM, FORM_PLACE)
    page.reload()
    expect(page.locator(".counter-steps a[href='#signed-form'] .number")).to_have_text("1/1")
    at_work(page).locator("#q-sponsor-copy .choice-yes").click()
    expect(page.locator("#form-state")).to_contain_text("请重新打印、签字并扫描")
    expect(page.locator(".counter-steps a[href='#signed-form'] .number")).to_have_text("0/1")
    expect(page.locator("#q-sponsor-copy-state")).to_contain_text("本系统内没有留存文件，纸质件由本单位保管")
    expect(page.locator("#on-paper li")).to_have_count(1)


def test_pages_are_collected_with_the_camera(page: Page, waiting: Case, verifier: User) -> None:
    page.goto(f"{page.url}/cases/{waiting.pk}")
    page.get_by_role("button", name="开始核验").click()
    page.get_by_role("link", name="拍摄或扫描签好的核验单").click()
    for count in (1, 2):
        page.get_by_role("button", name="拍摄这一页").click()
        expect(page.locator("[data-camera-pages] li")).to_have_count(count)
    page.get_by_role("button", name="查看效果").click()
    page.get_by_role("button", name="保存这张").click()
    expect(page.get_by_role("button", name="核验通过")).to_be_visible()
    piece = Verification.objects.get().pieces.select_related("content").get()
    assert (piece.kind, piece.source) == (PieceKind.FORM, PieceSource.CAMERA)
    assert piece.content.size <= 150 * 1024


def test_a_photo_shows_the_curtain_and_the_time(page: Page, waiting: Case, isp: Node, verifier: User) -> None:
    page.goto(f"{page.url}/cases/{waiting.pk}")
    page.get_by_role("button", name="开始核验").click()
    page.get_by_role("link", name="拍照").first.click()
    shoot(page)
    response = page.request.get(page.locator(".look-picture").get_attribute("src") or "")
    picture = Image.open(io.BytesIO(response.body()))
    assert picture.size == (800, 600)
    assert "no-store" in response.headers["cache-control"]
    lowest = picture.crop((600, 575, 800, 600)).convert("L")
    assert lowest.getextrema()[0] < 40
    assert lowest.getextrema()[1] > 200


@pytest.mark.parametrize("size", [(1280, 800), (1024, 768), (768, 1024), (390, 844)])
def test_no_page_is_wider_than_its_window(page: Page, waiting: Case, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert fits(page)
    page.goto(f"{page.url}/cases/{waiting.pk}")
    assert fits(page)
    page.get_by_role("button", name="开始核验").click()
    expect(page.get_by_role("heading", name="主体信息")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="拍照").first.click()
    expect(page.get_by_role("button", name="拍照")).to_be_visible()
    assert fits(page)
