"""Windows of a browser for tests: listened to, and waited for.

A page that shows is not always a page at work: its first words stand there while the rest is still being
read, and its scripts begin after that. Whoever counts what a page holds, or presses a key, waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.services import chromium

# Long enough for a machine that does other things too; what is there is not waited for.
expect.set_options(timeout=20_000)

ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


@contextmanager
def chromium_opened() -> Iterator[Browser]:
    """Debian's Chromium without a window, with a camera that films a test card."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield browser
        browser.close()


def complaints_of(page: Page) -> list[str]:
    """Give the list that fills with what the console calls errors: failed scripts, what the policy refused."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def unprovoked(complaints: Sequence[str], *provoked: str) -> list[str]:
    """Leave out what a test brought about itself: answers such as 422, which the browser reports as errors."""
    return [each for each in complaints if not any(part in each for part in provoked)]


def at_work(page: Page) -> Page:
    """Wait until the page is whole and its scripts run."""
    expect(page.locator("main")).to_be_attached()
    page.wait_for_load_state()
    return page


def press(page: Page, *keys: str) -> None:
    """Press keys, one after the other, on a page whose scripts listen."""
    at_work(page)
    for key in keys:
        page.keyboard.press(key)


def fits(page: Page) -> bool:
    """Whether nothing on the page is wider than its window."""
    return bool(at_work(page).locator("html").evaluate("page => page.scrollWidth <= innerWidth"))
