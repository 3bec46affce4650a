"""The Chromium of the browser tests."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium(bundled: str) -> str:
    """The path of a Chromium: that in the variable CHROMIUM, else ``bundled``, which playwright may have, else one on the PATH."""
    for path in (os.environ.get("CHROMIUM", ""), bundled, *(shutil.which(name) or "" for name in NAMES)):
        if path and Path(path).is_file():
            return path
    raise FileNotFoundError("none on the PATH, and no path of one in the variable CHROMIUM")


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium that was just started; on a busy machine that takes its time."""
    path = find_chromium(playwright.chromium.executable_path)
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"], timeout=300_000)
