"""The picture of the map in the README: ``python docs/picture.py`` opens the map in Chromium and writes what it shows."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import partnergraph

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "map.png"
sys.path.insert(0, str(ROOT / "tests" / "browser"))

if __name__ == "__main__":
    from chromium import launch

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = partnergraph.load().map().write(Path(folder) / "map.html")
        browser = launch(playwright)
        opened = browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme="light")
        opened.goto(page.as_uri())
        opened.wait_for_load_state("networkidle")
        opened.wait_for_timeout(2000)
        opened.screenshot(path=PICTURE)
        browser.close()
