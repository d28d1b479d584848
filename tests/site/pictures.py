"""The README's pictures of the report and the explorer: `make docs` takes them of the sample news, where Debian's chromium is at hand."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = shutil.which("chromium")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
_HEIGHTS = {"index": 900, "explorer": 1180}


def take(browser: Browser, site: Path, folder: Path) -> list[Path]:
    """A PNG of each page, 1440 pixels wide."""
    taken = []
    for name, height in _HEIGHTS.items():
        page = browser.new_page(viewport={"width": 1440, "height": height}, color_scheme="light")
        page.goto((site / f"{name}.html").resolve().as_uri())
        page.wait_for_selector("main")
        page.wait_for_timeout(1000)
        taken.append(folder / f"{'report' if name == 'index' else name}.png")
        page.screenshot(path=taken[-1])
        page.close()
    return taken


if __name__ == "__main__":
    if not CHROMIUM:
        sys.exit("the README's pictures were not taken anew: they need Debian's chromium")
    with sync_playwright() as playwright:
        take(playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES), ROOT / "data" / "site" / "warehouse", IMAGES)
