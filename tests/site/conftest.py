"""Debian's chromium, driven by Playwright."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.site.pictures import CHROMIUM, SWITCHES


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its module: as long as it is open an event loop runs, beside which other tests could start none."""
    if not CHROMIUM:
        pytest.skip("needs Debian's chromium: tests/site/install-chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Opens a page from disk, without JavaScript errors, refused styles, dialogs, or requests for anything but files of its folder."""
    faults: list[str] = []
    contexts = []

    def open_page(path: Path, address: str = "", wait_for: str = "main", **options) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        folder = path.parent.resolve().as_uri()
        page.on("console", lambda message: faults.append(f"console: {message.text}") if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: None if request.url.startswith((folder, "blob:")) else faults.append(f"request: {request.url}"))
        page.goto(path.resolve().as_uri() + address)
        page.wait_for_selector(wait_for)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
