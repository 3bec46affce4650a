"""A Chromium for the browser tests: one that is there, else that of the system's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "the browser tests need a Chromium and found none: run 'apt-get install chromium' as root, "
    "or 'playwright install chromium', or set CHROMIUM to the path of one"
)


def find_chromium(bundled: str) -> str:
    """The path of a Chromium; installs one if this is Debian and we are root. ``bundled`` is where playwright would keep its own."""
    given = os.environ.get("CHROMIUM", "")
    for path in (given, bundled, *(shutil.which(name) or "" for name in NAMES)):
        if path and Path(path).is_file():
            return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(words, check=False, env=environment, capture_output=True, timeout=600)
        if found := shutil.which("chromium"):
            return found
    raise RuntimeError(MISSING)
